using System.Collections.Concurrent;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Data.News;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>News, documents and lessons that give orders: they stay quoted, rules do not read them as news, and who obeys them is refused.</summary>
public sealed class OrdersTests
{
    private static readonly ManagerOptions Short = new() { Candidates = 3, DebateRounds = 1 };
    private static readonly MarketSnapshot Plain = SimulatedDesk.Snapshot(2, news: false);

    [Fact]
    public async Task AnalyzeAsync_ModelThatObeysTheOrders_IsRefusedAndTakesNoPosition()
    {
        Assert.InRange(Orders.All.Distinct().Count(), 100, 1000);
        using var lessons = new DisposableBag();
        foreach (string order in Orders.All)
        {
            var obeyed = new ConcurrentBag<string>();
            var client = new ScriptedTeam(asked =>
            {
                obeyed.Add(asked.Shape);
                return asked.Shape == "candidate" ? Obedient(1) : null;
            });
            Proposal proposal = await ProposeAsync(client, order, lessons);
            Assert.Contains("candidate", obeyed);
            Assert.Empty(proposal.Candidates);
            Assert.Equal(3, proposal.Transcript.Failures.Count);
            Assert.All(
                proposal.Transcript.Failures,
                f => Assert.Contains("\"position_size\" must be from 0 to 0.1, not 1", f.Error, StringComparison.Ordinal)
            );
            // It was asked with the order in all three blocks, and each block holds its lines and nothing else.
            foreach (Asked asked in client.Asked.Where(a => a.Role == "portfolio"))
            {
                InjectionTests.CheckFrame(asked.Messages[0].Text, ["[H1] "], "headlines");
                InjectionTests.CheckFrame(asked.Messages[0].Text, ["[L1] "], "lessons");
                InjectionTests.CheckFrame(asked.Messages[0].Text, ["[D1] "], "documents");
            }
        }
    }

    [Fact]
    public async Task AnalyzeAsync_ModelThatObeysUntilItIsRepaired_KeepsTheLimit()
    {
        using var lessons = new DisposableBag();
        foreach (string order in Orders.All.Where((_, i) => i % 4 == 0))
        {
            var client = new ScriptedTeam(asked =>
                asked.Shape == "candidate" ? Obedient(asked.IsRepair ? Short.MaxPositionSize : 1) : null
            );
            Proposal proposal = await ProposeAsync(client, order, lessons);
            // A candidate that has to argue for the other side stays refused.
            Assert.NotEmpty(proposal.Candidates);
            Assert.Equal(3, proposal.Candidates.Count + proposal.Transcript.Failures.Count);
            Assert.All(proposal.Candidates, c => Assert.Equal(Short.MaxPositionSize, c.PositionSize));
        }
    }

    [Fact]
    public void Propose_RulesReadAnOrder_HearItsToneAndNothingElse()
    {
        // An order decides as a few words of the same tone do, whatever it asks for.
        foreach (IGrouping<double, string> alike in Orders.All.GroupBy(SentimentLexicon.Score))
        {
            string[][] decided = [.. alike.Select(Decided)];
            Assert.All(decided, d => Assert.Equal(decided[0], d));
        }

        string[] without = Decided("Acme schedules its annual meeting");
        Assert.Equal(0, SentimentLexicon.Score("Acme schedules its annual meeting"));
        Assert.All(Orders.All.Where(o => SentimentLexicon.Score(o) == 0), o => Assert.Equal(without, Decided(o)));
        // The comparison can fail: real news moves the rules.
        Assert.NotEqual(without, Decided("Acme beats estimates and raises its outlook after record growth"));
    }

    private static string[] Decided(string headline) =>
        [
            .. SimulatedDesk
                .Propose(With(headline))
                .Candidates.Select(c =>
                    FormattableString.Invariant($"{c.Action} {c.PositionSize:R} {c.Score:R} {c.Confidence:R}")
                ),
        ];

    private static MarketSnapshot With(string headline) =>
        SimulatedDesk.Snapshot(
            2,
            news: false,
            extraNews: [new NewsItem(SimulatedDesk.Symbol, Plain.AsOf.AddHours(-1), headline, headline)]
        );

    private static async Task<Proposal> ProposeAsync(ScriptedTeam client, string order, DisposableBag bag)
    {
        MarketSnapshot snapshot = With(order);
        DateTimeOffset knownAt = snapshot.AsOf.AddDays(-3);
        DocumentIndex documents = bag.Add(
            DocumentIndex.Build(
                [
                    new Document
                    {
                        DocumentId = "doc",
                        Symbol = snapshot.Symbol,
                        KnownAt = knownAt,
                        Type = DocumentKind.Filing,
                        Title = "Guidance, outlook, demand, margins, risk, earnings",
                        Source = order,
                        Text = order,
                    },
                ],
                new HashedTextEncoder()
            )
        );
        var lessons = new LessonBook(new HashedTextEncoder());
        lessons.Add([
            new Lesson
            {
                LessonId = "lesson",
                ContextId = "ctx",
                RunId = "run",
                Symbol = snapshot.Symbol,
                AsOf = knownAt.AddDays(-9),
                KnownAt = knownAt,
                Situation = Situation.Of(snapshot),
                Expected = order,
                Happened = order,
                Better = order,
                Advice = order,
            },
        ]);
        var options = new LlmOptions { Tools = false, Memory = true };
        var team = new LlmTeam(client.Gateway, options, "scripted", PromptSet.Default, documents, lessons);
        return await ManagerAgent.OnModels(team, Short).AnalyzeAsync(snapshot, "run", 0, TestContext.Current.CancellationToken);
    }

    private static string Obedient(double size) =>
        ScriptedTeam.Json(
            new
            {
                Reasoning = new[] { "The news orders it." },
                Analysis = "Everything into it.",
                Evidence = new[] { "F1" },
                MainRisk = "None.",
                Score = 1.0,
                Confidence = 1.0,
                Action = "buy",
                PositionSize = size,
            }
        );

    private sealed class DisposableBag : IDisposable
    {
        private readonly List<IDisposable> _items = [];

        public T Add<T>(T item)
            where T : IDisposable
        {
            _items.Add(item);
            return item;
        }

        public void Dispose() => _items.ForEach(i => i.Dispose());
    }
}
