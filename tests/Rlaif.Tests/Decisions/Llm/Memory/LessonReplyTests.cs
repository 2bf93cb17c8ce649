using System.Text.Json;
using CsCheck;
using Rlaif.Decisions.Llm.Memory;

namespace Rlaif.Tests.Decisions.Llm.Memory;

public sealed class LessonReplyTests
{
    private const string Good = """{"pattern": "A crowded rally", "advice": "Buy less."}""";

    public static TheoryData<string> Broken =>
        [
            "",
            "hold",
            "null",
            "[]",
            "\"text\"",
            "{}",
            """{"pattern": "A"}""",
            """{"advice": "B"}""",
            """{"pattern": "A", "advice": "B", "action": "buy"}""",
            """{"pattern": "A", "advice": "B", "advice": "C"}""",
            """{"pattern": "A", "advice": null}""",
            """{"pattern": "A", "advice": 5}""",
            """{"pattern": "A", "advice": ["B"]}""",
            """{"pattern": "A", "advice": "B"} and more""",
            """{"pattern": "A", "advice": "B""",
            """{"pattern": "A", "advice": "\ud800"}""",
            """{"pattern": " \n\t ", "advice": "B"}""",
            "{\"pattern\": \"A\", \"advice\": \"\u200b\"}",
            "```\n{}\n```",
            "```",
            "``````",
            new string('[', 500),
            $$"""{"pattern": "{{new string('a', 201)}}", "advice": "B"}""",
            $$"""{"pattern": "A", "advice": "{{new string('a', 401)}}"}""",
            $$"""{"pattern": "A", "advice": "{{new string('a', 30_000)}}"}""",
        ];

    [Theory]
    [InlineData(Good)]
    [InlineData("  " + Good + "\n")]
    [InlineData("```json\n" + Good + "\n```")]
    public void Parse_TheShape_IsRead(string text)
    {
        LessonReply? reply = LessonReply.Parse(text, out string problem);
        Assert.Equal(("A crowded rally", "Buy less.", ""), (reply?.Pattern, reply?.Advice, problem));
    }

    [Fact]
    public void Parse_LongestTexts_AreAllowed()
    {
        string text = $$"""{"pattern": "{{new string('p', 200)}}", "advice": "{{new string('a', 400)}}"}""";
        Assert.NotNull(LessonReply.Parse(text, out _));
    }

    [Fact]
    public void Parse_LineBreaksAndInvisibleCharacters_BecomeOneLine()
    {
        LessonReply? reply = LessonReply.Parse("""{"pattern": "A\nB", "advice": "C\u202eD\u2028E"}""", out _);
        Assert.Equal(("A B", "CD E"), (reply?.Pattern, reply?.Advice));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Parse_OutOfShape_SaysWhatIsWrong(string text)
    {
        Assert.Null(LessonReply.Parse(text, out string problem));
        Assert.NotEmpty(problem);
        Assert.DoesNotContain("Rlaif", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AnyText_NeverThrows() =>
        Gen.OneOf(Gen.String, Gen.String.Select(s => $"{{\"pattern\": \"{s}\", \"advice\": \"x\"}}"))
            .Sample(text => LessonReply.Parse(text, out string problem) is null == problem.Length > 0);

    [Fact]
    public void Schema_Shape_IsWhatAllProvidersTake()
    {
        JsonElement schema = LessonReply.Schema.Schema;
        Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
        Assert.Equal(
            schema.GetProperty("properties").EnumerateObject().Select(p => p.Name),
            schema.GetProperty("required").EnumerateArray().Select(r => r.GetString())
        );
        Assert.DoesNotContain("maxLength", schema.GetRawText(), StringComparison.Ordinal);
    }
}
