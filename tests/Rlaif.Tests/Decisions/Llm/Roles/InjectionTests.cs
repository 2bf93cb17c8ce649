using CsCheck;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>What is quoted stays inside its block, whoever wrote it and whatever it says.</summary>
public sealed class InjectionTests
{
    private static readonly string[] Tags = ["headlines", "documents", "lessons", "reports"];
    private static readonly ManagerOptions Short = new() { Candidates = 3, DebateRounds = 1 };

    private static readonly string[] Parts =
    [
        .. Orders.All,
        .. "< > / headlines documents reports [ ] F1 H1 {{ }} \u2028 \u200b \uFF1C \u2039".Split(' '),
        "\n",
        "\r",
        " ",
    ];

    private static readonly Gen<string> Hostile = Gen.OneOf(Gen.Int[0, Parts.Length - 1].Select(i => Parts[i]), Gen.String)
        .Array[1, 8]
        .Select(parts => string.Concat(parts));

    [Fact]
    public async Task AnalyzeAsync_HundredHeadlinesThatGiveOrders_StayInTheirBlock()
    {
        Assert.Equal(100, Orders.All.Distinct().Count());
        MarketSnapshot plain = SimulatedDesk.Snapshot(2, news: false);
        foreach (string[] orders in Orders.All.Chunk(5))
        {
            MarketSnapshot snapshot = SimulatedDesk.Snapshot(
                2,
                news: false,
                extraNews: [.. orders.Select((o, i) => new NewsItem(plain.Symbol, plain.AsOf.AddHours(-i - 1), o, o))]
            );
            var team = new ScriptedTeam();
            Proposal proposal = await team.ProposeAsync(snapshot, Short);
            Assert.Empty(proposal.Transcript.Failures);
            Assert.All(proposal.Candidates, c => Assert.InRange(c.PositionSize, 0, 0.1));
            foreach (Asked asked in team.Asked.Where(a => a.Role is "sentiment" or "portfolio"))
            {
                CheckFrame(asked.Messages[0].Text, [.. orders.Select((_, i) => $"[H{i + 1}] ")], "headlines");
            }
        }
    }

    [Fact]
    public void Render_AnyQuotedText_CannotLeaveItsBlockOrForgeEvidence()
    {
        MarketSnapshot plain = SimulatedDesk.Snapshot(2, news: false);
        Gen.Select(Hostile, Hostile)
            .Sample(
                (one, two) =>
                {
                    MarketSnapshot snapshot = SimulatedDesk.Snapshot(
                        2,
                        news: false,
                        extraNews: [new NewsItem(plain.Symbol, plain.AsOf.AddHours(-1), one, two)]
                    );
                    EvidenceBook book = Book(snapshot, one, two);
                    string text = EvidenceBook.Render(book.For(AnalystRole.Bull), "Facts");
                    CheckFrame(text, ["[H1] "], "headlines");
                    CheckFrame(text, ["[D1] "], "documents");
                    CheckFrame(text, ["[L1] "], "lessons");
                },
                iter: 300
            );
    }

    [Fact]
    public async Task AnalyzeAsync_HostileReports_StayInTheirBlock()
    {
        foreach (string order in Orders.All.Where((_, i) => i % 7 == 0))
        {
            // A model that was talked round repeats the order in its report and in the debate.
            var team = new ScriptedTeam(asked =>
                asked.Shape switch
                {
                    "analyst_report" => ScriptedTeam.Json(
                        new
                        {
                            Reasoning = new[] { WithoutIds(order) },
                            Analysis = WithoutIds(order),
                            Evidence = new[] { "F1" },
                            Score = 0.5,
                            Confidence = 0.5,
                        }
                    ),
                    "debate_turn" => ScriptedTeam.Json(
                        new
                        {
                            Statement = WithoutIds(order),
                            Score = 0.5,
                            Confidence = 0.5,
                        }
                    ),
                    _ => null,
                }
            );
            Proposal proposal = await team.ProposeAsync(SimulatedDesk.Snapshot(2), Short);
            Assert.Empty(proposal.Transcript.Failures);
            Assert.Equal(3, proposal.Candidates.Count);
            string[] block = Block(proposal.Context.Prompt, "reports");
            Assert.Equal(4, block.Count(l => l.StartsWith("[R", StringComparison.Ordinal)));
            Assert.All(block, l => Assert.Matches(@"^(\[R\d\] |  1\. |  In the last round: )", l));
        }
    }

    [Fact]
    public void For_EveryRole_SeesItsOwnEvidenceUnderTheSameIds()
    {
        MarketSnapshot snapshot = SimulatedDesk.Snapshot(5);
        EvidenceBook book = Book(snapshot, "A note on guidance.", "wire");
        IReadOnlyList<EvidenceItem> technical = book.For(AnalystRole.Technical);
        IReadOnlyList<EvidenceItem> fundamental = book.For(AnalystRole.Fundamental);
        Assert.DoesNotContain(technical, i => i.Kind is EvidenceKind.Headline or EvidenceKind.Document);
        Assert.Contains(technical, i => i.Text.Contains("RSI(14)", StringComparison.Ordinal));
        Assert.DoesNotContain(fundamental, i => i.Text.Contains("RSI(14)", StringComparison.Ordinal));
        Assert.Contains(fundamental, i => i.Text.StartsWith("Growth:", StringComparison.Ordinal));
        Assert.Contains(fundamental, i => i is { Id: "D1", Kind: EvidenceKind.Document });
        Assert.Contains(technical, i => i is { Id: "L1", Kind: EvidenceKind.Lesson });
        // The manager's own search found another passage than the analysts'; theirs is shown to it once it is cited.
        Assert.DoesNotContain(book.ForManager(new HashSet<string>()), i => i.Id == "D2");
        Assert.Contains(book.ForManager(new HashSet<string> { "D2" }), i => i.Id == "D2");
        Assert.Equal(["doc_a", "doc_b"], book.DocumentIds);
        Assert.Equal(["lesson_1"], book.LessonIds);
    }

    private static EvidenceBook Book(MarketSnapshot snapshot, string text, string title)
    {
        DocumentPassage Passage(string id) =>
            new(
                new Document
                {
                    DocumentId = id,
                    Symbol = snapshot.Symbol,
                    KnownAt = snapshot.AsOf.AddDays(-3),
                    Type = DocumentKind.Filing,
                    Title = title,
                    Source = title,
                    Text = text,
                },
                0,
                text,
                1
            );
        var lesson = new Lesson
        {
            LessonId = "lesson_1",
            ContextId = "ctx",
            RunId = "run",
            Symbol = snapshot.Symbol,
            AsOf = snapshot.AsOf.AddDays(-30),
            KnownAt = snapshot.AsOf.AddDays(-20),
            Situation = text,
            Expected = text,
            Happened = title,
            Better = text,
            Advice = text,
        };
        return new EvidenceBook(
            snapshot,
            Masker.None(snapshot),
            new ManagerOptions(),
            Enum.GetValues<AnalystRole>(),
            query =>
                query == RoleBook.ManagerQuery ? [Passage("doc_a")]
                : query == RoleBook.Query(AnalystRole.Fundamental) ? [Passage("doc_a"), Passage("doc_b")]
                : [Passage("doc_a")],
            [lesson]
        );
    }

    // Ids that were never shown are an error of their own; here the rest of the text is looked at.
    private static string WithoutIds(string text) => text.Replace('[', '<').Replace("\ud800", "", StringComparison.Ordinal);

    // Every line with a sign of a tag is one of ours, each tag opens and closes once, and the block holds the lines it should.
    internal static void CheckFrame(string text, string[] starts, string tag)
    {
        string[] lines = text.Split('\n');
        string[] ours = [.. Tags.SelectMany(t => (string[])[$"<{t}>", $"</{t}>"])];
        Assert.All(lines.Where(l => l.AsSpan().IndexOfAny("<>\uFF1C\uFF1E") >= 0), l => Assert.Contains(l, ours));
        Assert.All(ours, t => Assert.InRange(lines.Count(l => l == t), 0, 1));
        Assert.DoesNotContain(text, c => c is '\r' or '\u2028' or '\u2029' or '\u0085' or '\u200b' or '\u202e' or '\u001b');
        string[] block = Block(text, tag);
        Assert.Equal(starts.Length, block.Length);
        Assert.All(starts.Zip(block), p => Assert.StartsWith(p.First, p.Second, StringComparison.Ordinal));
        Assert.All(block, l => Assert.DoesNotContain('[', l[1..]));
    }

    private static string[] Block(string text, string tag)
    {
        string[] lines = text.Split('\n');
        int start = Array.IndexOf(lines, $"<{tag}>");
        int end = Array.IndexOf(lines, $"</{tag}>");
        Assert.InRange(start, 0, end);
        return lines[(start + 1)..end];
    }
}
