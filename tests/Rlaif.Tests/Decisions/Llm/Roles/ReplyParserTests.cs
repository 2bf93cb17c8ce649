using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class ReplyParserTests
{
    private const double MaxSize = 0.1;

    public static TheoryData<string, string> Broken => [.. BrokenReplies.All.Select(b => (b.Reply, b.Error))];

    [Fact]
    public void Read_SoundReply_GivesEveryValue()
    {
        (CandidateReply? value, string? error) = Read(BrokenReplies.Sound);
        Assert.Null(error);
        Assert.Equal(["The trend is up [F1].", "News agrees [H1]."], value!.Reasoning);
        Assert.Equal("A small buy.", value.Analysis);
        Assert.Equal(["F1", "H1"], value.Evidence);
        Assert.Equal("It reverses.", value.MainRisk);
        Assert.Equal((0.3, 0.6, TradeAction.Buy, 0.03), (value.Score, value.Confidence, value.Action, value.PositionSize));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void Read_BrokenReply_SaysWhatIsWrong(string reply, string part)
    {
        (CandidateReply? value, string? error) = Read(reply);
        Assert.Null(value);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.EndsWith(".", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
        Assert.InRange(error!.Length, 10, 2000);
    }

    [Fact]
    public void Broken_Table_IsNotTrivial()
    {
        Assert.InRange(BrokenReplies.All.Count(), 60, 1000);
        Assert.Equal(BrokenReplies.All.Count(), BrokenReplies.All.Select(b => b.Reply).Distinct().Count());
    }

    [Theory]
    [InlineData("\n  {0}\r\n")]
    [InlineData("```json\n{0}\n```")]
    [InlineData("```\r\n{0}\r\n```\r\n")]
    [InlineData("<think>\nBuy 100%? {\"no\": 1}\n</think>\n\n{0}")]
    [InlineData("<think></think>```json\n{0}\n```")]
    public void Read_FenceOrThoughts_AreForgiven(string frame)
    {
        (CandidateReply? value, string? error) = Read(frame.Replace("{0}", BrokenReplies.Sound, StringComparison.Ordinal));
        Assert.Null(error);
        Assert.Equal(0.03, value!.PositionSize);
    }

    [Fact]
    public void Read_InnocentOddities_AreTidied()
    {
        (CandidateReply? value, string? error) = Read(
            BrokenReplies
                .With("A small buy.", "  A\\n small\\t\\u202ebuy\\u200b, \\u0007see [1] and [Q3 2024].\\r\\n")
                .Replace("[\"F1\",\"H1\"]", "[\"[F1]\",\"F1\",\"H1\"]", StringComparison.Ordinal)
        );
        Assert.Null(error);
        Assert.Equal("A small buy, see [1] and [Q3 2024].", value!.Analysis);
        Assert.Equal(["F1", "H1"], value.Evidence);
    }

    [Fact]
    public void Read_SeveralErrors_ToldTogether()
    {
        (_, string? error) = Read(
            BrokenReplies
                .With("0.3", "3")
                .Replace("0.6", "\"x\"", StringComparison.Ordinal)
                .Replace("\"F1\",", "\"F8\",", StringComparison.Ordinal)
        );
        Assert.Equal(
            "\"evidence\" cites [F8], which is not in the evidence that was shown; \"score\" must be from -1 to 1, not 3; \"confidence\" must be a number, not \"x\".",
            error
        );
        (_, string? many) = Read($"{{{string.Join(',', Enumerable.Range(0, 30).Select(i => $"\"p{i}\":1"))}}}");
        Assert.EndsWith("; and 26 more.", many, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SideThatWasAskedFor_MustBeTaken()
    {
        (_, string? error) = Read(BrokenReplies.Sound, TradeAction.Sell);
        Assert.Equal("\"action\" must be \"sell\": this proposal argues that side.", error);
        Assert.Null(Read(BrokenReplies.Sound, TradeAction.Buy).Error);
        string hold = BrokenReplies.With("\"buy\"", "\"hold\"").Replace("0.03", "0", StringComparison.Ordinal);
        Assert.Null(Read(hold).Error);
        Assert.NotNull(Read(hold, TradeAction.Buy).Error);
    }

    [Fact]
    public void Read_AnyDamage_IsReadWithinAllLimitsOrRefused()
    {
        int usable = 0;
        for (int seed = 0; seed < 20_000; seed++)
        {
            (CandidateReply? value, string? error) = Read(BrokenReplies.Damaged(seed));
            Assert.True(value is null != error is null);
            if (value is null)
            {
                continue;
            }

            usable++;
            Assert.InRange(value.Score, -1, 1);
            Assert.InRange(value.Confidence, 0, 1);
            Assert.InRange(value.PositionSize, 0, MaxSize);
            Assert.Equal(value.Action == TradeAction.Hold, value.PositionSize == 0);
            Assert.False(value is { Action: TradeAction.Buy, Score: < 0 } or { Action: TradeAction.Sell, Score: > 0 });
            Assert.All(value.Evidence, e => Assert.Contains(e, (string[])["F1", "F2", "H1", "R1"]));
            Assert.InRange(value.Analysis.Length, 1, 1200);
            Assert.All(value.Reasoning, r => Assert.Equal(Headlines.Clean(r, 500), r));
        }

        // Some damage is harmless; otherwise this test would prove nothing about values.
        Assert.InRange(usable, 500, 15_000);
    }

    [Fact]
    public void Schemas_Shapes_KeepToWhatAllProvidersTake()
    {
        foreach (var schema in new[] { ReportReply.Schema, TurnReply.Schema, CandidateReply.Schema })
        {
            var root = schema.Schema;
            Assert.Equal("object", root.GetProperty("type").GetString());
            Assert.False(root.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(
                root.GetProperty("properties").EnumerateObject().Select(p => p.Name),
                root.GetProperty("required").EnumerateArray().Select(p => p.GetString())
            );
            string[] keywords =
            [
                .. root.GetProperty("properties")
                    .EnumerateObject()
                    .SelectMany(p => p.Value.EnumerateObject())
                    .Select(k => k.Name),
            ];
            Assert.All(keywords, k => Assert.Contains(k, (string[])["type", "description", "enum", "items"]));
        }
    }

    private static (CandidateReply? Value, string? Error) Read(string reply, TradeAction? side = null) =>
        ReplyParser.Read(
            reply,
            new Citations(["F1", "F2", "H1", "H2", "R1"], ["H2"]),
            reader => CandidateReply.Read(reader, MaxSize, side)
        );
}
