using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Judging;

namespace Rlaif.Tests.Decisions.Llm.Judging;

public sealed class JudgeReplyTests
{
    private const int LongestError = 700;

    [Fact]
    public void Parse_GoodReply_IsRead()
    {
        JudgeReply reply = Parse(JudgeScript.Answer(JudgeChoice.Second, ("risk_stated", JudgeChoice.First)));
        Assert.Equal(JudgeChoice.Second, reply.Preferred);
        Assert.Equal(JudgeChoice.First, reply.Principles["risk_stated"]);
        Assert.Equal(JudgeChoice.Tie, reply.Principles["evidence_exists"]);
        Assert.Equal(reply.Preferred, Parse($"\n```json\n{JudgeScript.Answer(JudgeChoice.Second)}\n``` \n").Preferred);
    }

    public static TheoryData<string> Broken() =>
        [
            "",
            " ",
            "```",
            "``````",
            "```json\n```",
            "null",
            "[]",
            "\"first\"",
            "{}",
            "I prefer the first.",
            JudgeScript.Answer(JudgeChoice.First) + "!",
            JudgeScript.Answer(JudgeChoice.First) + JudgeScript.Answer(JudgeChoice.First),
            JudgeScript.Answer(JudgeChoice.First)[..^5],
            "Sure! " + JudgeScript.Answer(JudgeChoice.First),
            With(o => o.Remove("reason")),
            With(o => o["confidence"] = 1),
            With(o => o["preferred"] = "First"),
            With(o => o["preferred"] = "both"),
            With(o => o["preferred"] = 1),
            With(o => o["preferred"] = null),
            With(o => o["preferred"] = new JsonArray("first")),
            With(o => o["preferred"] = new string('x', 100_000)),
            With(o => o["reason"] = ""),
            With(o => o["reason"] = "  \n"),
            With(o => o["reason"] = 5),
            With(o => o["reason"] = new string('x', JudgeReply.MaxReason + 1)),
            With(o => o["principles"] = "first"),
            With(o => o["principles"] = new JsonArray()),
            With(o => o["principles"]!.AsObject().Remove("risk_stated")),
            With(o => o["principles"]!["be_nice"] = "first"),
            With(o => o["principles"]!["risk_stated"] = "maybe"),
            With(o => o["principles"]!["risk_stated"] = new JsonObject()),
            With(o => o[new string('k', 50_000)] = 1),
            JudgeScript
                .Answer(JudgeChoice.First)
                .Replace("{\"reason\"", "{\"preferred\":\"second\",\"reason\"", StringComparison.Ordinal),
            JudgeScript.Answer(JudgeChoice.First).Replace("One argues", "\\ud800", StringComparison.Ordinal),
            JudgeScript.Answer(JudgeChoice.First).Replace("\"reason\"", "\"\\ud800\"", StringComparison.Ordinal),
            new string('[', 5000),
        ];

    [Theory]
    [MemberData(nameof(Broken))]
    public void Parse_BrokenReply_SaysWhatIsWrongInBoundedWords(string text)
    {
        FormatException error = Assert.Throws<FormatException>(() => Parse(text));
        Assert.InRange(error.Message.Length, 10, LongestError);
    }

    [Fact]
    public void Parse_AnyText_IsReadOrRefusedAsAFormatError() =>
        Gen.OneOf(Gen.String, Gen.Select(Gen.Const(JudgeScript.Answer(JudgeChoice.First)), Gen.Int[0, 500], Gen.Char, Splice))
            .Sample(text =>
            {
                try
                {
                    Assert.Equal(Constitution.Standard.Principles.Count, Parse(text).Principles.Count);
                }
                catch (FormatException e)
                {
                    Assert.InRange(e.Message.Length, 10, LongestError);
                }
            });

    [Theory]
    [InlineData(ReplyEnd.Length, "cut")]
    [InlineData(ReplyEnd.Refusal, "declines")]
    public void Parse_CutOrRefused_IsNotReadEvenWhenItLooksWhole(ReplyEnd end, string word)
    {
        FormatException error = Assert.Throws<FormatException>(() =>
            JudgeReply.Parse(Reply(JudgeScript.Answer(JudgeChoice.First), end), Constitution.Standard)
        );
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_Objects_RequireEverythingAndAllowNothingElse()
    {
        JsonNode schema = JsonNode.Parse(JudgeReply.Schema(Constitution.Standard).Schema.GetRawText())!;
        foreach (JsonNode shape in new[] { schema, schema["properties"]!["principles"]! })
        {
            Assert.False(shape["additionalProperties"]!.GetValue<bool>());
            Assert.Equal(
                shape["properties"]!.AsObject().Select(p => p.Key),
                shape["required"]!.AsArray().Select(n => n!.GetValue<string>())
            );
        }

        Assert.Equal(
            Constitution.Standard.Principles,
            schema["properties"]!["principles"]!["properties"]!.AsObject().Select(p => p.Key)
        );
    }

    private static JudgeReply Parse(string text) => JudgeReply.Parse(Reply(text, ReplyEnd.Stop), Constitution.Standard);

    private static ModelReply Reply(string text, ReplyEnd end) =>
        new()
        {
            Fingerprint = "f",
            Message = new ChatMessage(ChatRole.Assistant, text),
            End = end,
            Usage = default,
            Replayed = false,
        };

    private static string With(Action<JsonObject> change)
    {
        JsonObject reply = JsonNode.Parse(JudgeScript.Answer(JudgeChoice.First))!.AsObject();
        change(reply);
        return reply.ToJsonString();
    }

    private static string Splice(string text, int position, char with) =>
        text[..Math.Min(position, text.Length - 1)] + with + text[(Math.Min(position, text.Length - 1) + 1)..];
}
