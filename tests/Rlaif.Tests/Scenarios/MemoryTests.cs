using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Outcomes;
using Rlaif.Tests.Decisions.Llm;

namespace Rlaif.Tests.Scenarios;

/// <summary>A desk that looks back: each of its prompts holds the lessons known at its moment, and nothing that came later.</summary>
public sealed class MemoryTests
{
    private static readonly SimulatedMarket Market = SimulatedMarket.Create(
        new SimulationOptions { Sessions = 400, Symbols = ["AAPL", "MSFT", "TSLA"] }
    );

    private static readonly DateOnly[] Sessions = [.. Market.GetCalendar("AAPL").Sessions];
    private static readonly DateRange Dates = new(Sessions[300], Sessions[345]);

    private static readonly BacktestOptions Options = new()
    {
        EverySessions = 3,
        Threads = 4,
        Settlement = new SettlementOptions
        {
            HoldDays = 5,
            TargetReturn = 0.03,
            StopReturn = 0.02,
        },
    };

    [Fact]
    public async Task Backtest_WithMemory_EveryPromptHoldsExactlyWhatTheWholeLedgerRecallsAtItsMoment()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        BacktestReport report = await RunAsync(ledger, Market);
        IReadOnlyList<Lesson> lessons = await ledger.ReadAsync<Lesson>();
        Dictionary<string, Lesson> byId = lessons.ToDictionary(l => l.LessonId);
        LessonBook whole = await LessonBook.LoadAsync(ledger, report.RunId, new HashedTextEncoder());
        foreach (DecisionContext context in report.Decided.Select(d => d.Proposal.Context))
        {
            IReadOnlyList<string> shown = context.Conditions!.Lessons;
            IReadOnlyList<Lesson> recalled = whole.Recall(
                context.Symbol,
                context.AsOf,
                Situation.Of(context.Features),
                RememberingTeam.Shown
            );
            Assert.Equal(recalled.Select(l => l.LessonId), shown);
            Assert.All(shown, id => Assert.True(byId[id].KnownAt <= context.AsOf && byId[id].AsOf < context.AsOf));
            Assert.All(shown, id => Assert.Contains(byId[id].Advice, context.Prompt, StringComparison.Ordinal));
        }

        Assert.True(report.Decided.Count(d => d.Proposal.Context.Conditions!.Lessons.Count > 0) > 30);
        // One lesson a context: the data reach far beyond the last decision.
        Assert.Equal(report.Decided.Select(d => d.Decision.ContextId).Order(), lessons.Select(l => l.ContextId).Order());
        Assert.Equal(lessons.Count, report.Lessons);
        Assert.True(await ledger.CountAsync<FailedReply>() > 0);
    }

    [Fact]
    public async Task Backtest_MarketChangedAfterADate_NoEarlierPromptAndNoEarlierLessonChanges()
    {
        DateTimeOffset change = NyseCalendar.Hours(Sessions[324]).Close;
        await using Ledger first = await Ledger.OpenAsync(":memory:");
        await using Ledger second = await Ledger.OpenAsync(":memory:");
        await RunAsync(first, await ChangedAfterAsync(change, seed: 1));
        await RunAsync(second, await ChangedAfterAsync(change, seed: 2));
        Assert.Equal(await SaidUntilAsync(first, change), await SaidUntilAsync(second, change));
        Assert.NotEqual(
            await SaidUntilAsync(first, DateTimeOffset.MaxValue),
            await SaidUntilAsync(second, DateTimeOffset.MaxValue)
        );
        Assert.Contains("lesson|", (await SaidUntilAsync(first, change))[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backtest_StoppedAnywhereAndContinued_LeavesTheSameLedger()
    {
        await using Ledger whole = await Ledger.OpenAsync(":memory:");
        ScriptedChatClient client = Client();
        await RunAsync(whole, Market, client);
        string expected = await DumpAsync(whole);
        DeterministicRandom random = new(7);
        for (int i = 0; i < 6; i++)
        {
            await using Ledger ledger = await Ledger.OpenAsync(":memory:");
            int stops = 0;
            while (!await FinishesAsync(ledger, stopAfter: 1 + random.NextInt(client.Asked.Count)))
            {
                Assert.True(++stops < 200);
            }

            Assert.Equal(expected, await DumpAsync(ledger));
        }
    }

    [Fact]
    public async Task Backtest_RunAgainAfterItsEnd_AsksAndAddsNothing()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await RunAsync(ledger, Market);
        string before = await DumpAsync(ledger);
        ScriptedChatClient client = Client();
        await RunAsync(ledger, Market, client);
        Assert.Empty(client.Asked);
        Assert.Equal(before, await DumpAsync(ledger));
    }

    [Fact]
    public async Task Backtest_OneThreadOrMany_LeavesTheSameLedger()
    {
        await using Ledger one = await Ledger.OpenAsync(":memory:");
        await using Ledger many = await Ledger.OpenAsync(":memory:");
        await RunAsync(one, Market, threads: 1);
        await RunAsync(many, Market, threads: 8);
        Assert.Equal(await DumpAsync(one), await DumpAsync(many));
    }

    [Fact]
    public async Task Backtest_SettledInTheMiddleOrAtTheEnd_HasTheSameOutcomes()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var reflections = new Reflections(new LessonBook(new HashedTextEncoder()));
        BacktestReport with = await RunRulesAsync(ledger, reflections);
        BacktestReport without = await RunRulesAsync(ledger, null);
        Assert.Equal(without.Settled.Select(Comparable), with.Settled.Select(Comparable));
        Assert.Equal((without.Pending, without.Failed.Count), (with.Pending, with.Failed.Count));
        Assert.Equal(without.Account.Points, with.Account.Points);
        Assert.Contains(with.Settled, s => s.Outcome.ExitReason == ExitReason.Stop);
        // Told apart in the ledger, so that they can be compared.
        Assert.NotEqual(without.RunId, with.RunId);
        Assert.Null(without.Lessons);
        Assert.Equal(with.Decided.Count, with.Lessons);
        Assert.All(await ledger.ReadAsync<Lesson>(), l => Assert.Equal(with.RunId, l.RunId));
    }

    [Fact]
    public async Task Decide_DayAfterDay_RemembersWhatHasComeDueOfItsOwnDecisions()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        IReadOnlyList<Lesson> none = await DecideAsync(ledger, 300, expectedLessons: 0);
        Assert.Empty(none);
        Assert.Empty(await DecideAsync(ledger, 304, expectedLessons: 0));
        // The first decisions were held until the close of the 305th session.
        IReadOnlyList<Lesson> first = await DecideAsync(ledger, 305, expectedLessons: 2);
        Assert.All(first, l => Assert.Equal(NyseCalendar.Hours(Sessions[305]).Close, l.KnownAt));
        string before = await DumpAsync(ledger);
        await DecideAsync(ledger, 304, expectedLessons: 0);
        await DecideAsync(ledger, 305, expectedLessons: 2);
        Assert.Equal(before, await DumpAsync(ledger));
    }

    private static async Task<IReadOnlyList<Lesson>> DecideAsync(Ledger ledger, int session, int expectedLessons)
    {
        (ManagerAgent manager, Reflections reflections) = Agents(Client());
        var desk = new DecisionDesk(Market, manager, ledger, reflections: reflections);
        IReadOnlyList<DecidedContext> decided = await desk.DecideAsync(["AAPL", "MSFT"], Sessions[session], threads: 2);
        Assert.All(decided, d => Assert.Equal(expectedLessons, d.Proposal.Context.Conditions!.Lessons.Count));
        return await ledger.ReadAsync<Lesson>();
    }

    private static Task<BacktestReport> RunAsync(
        Ledger ledger,
        IMarketData market,
        ScriptedChatClient? client = null,
        int threads = 4,
        CancellationToken cancellationToken = default
    )
    {
        (ManagerAgent manager, Reflections reflections) = Agents(client ?? Client());
        var backtest = new Backtest(market, manager, ledger, Options with { Threads = threads }, reflections: reflections);
        return backtest.RunAsync(market.Symbols, Dates, cancellationToken: cancellationToken);
    }

    private static Task<BacktestReport> RunRulesAsync(Ledger ledger, Reflections? reflections) =>
        new Backtest(Market, ManagerAgent.RuleBased(), ledger, Options, reflections: reflections).RunAsync(Market.Symbols, Dates);

    private static (ManagerAgent Manager, Reflections Reflections) Agents(ScriptedChatClient client)
    {
        var gateway = new ModelGateway(client.Roster());
        var lessons = new LessonBook(new HashedTextEncoder());
        return (
            new ManagerAgent(new RememberingTeam(lessons, gateway), new ManagerOptions { Candidates = 3 }),
            new Reflections(lessons, gateway, "Look back.", "reflection@1")
        );
    }

    // What it says is a function of what it is asked; of the lessons it writes, some are broken at first and some for good.
    private static ScriptedChatClient Client(Action? onCall = null) =>
        new(
            (messages, options) =>
            {
                onCall?.Invoke();
                string mark = ContentId.Sha256(string.Join('\n', messages.Select(m => m.Text)))[..8];
                bool isLesson = options.ResponseFormat is ChatResponseFormatJson;
                bool isBroken = isLesson && mark[0] is '0' or '1' or '2' or '3';
                return isBroken ? $"I would rather not ({mark})."
                    : isLesson ? $$"""{"pattern": "mark {{mark}}", "advice": "hold"}"""
                    : $"I say {mark}.";
            }
        );

    private static async Task<bool> FinishesAsync(Ledger ledger, int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        int calls = 0;
        ScriptedChatClient client = Client(() =>
        {
            if (Interlocked.Increment(ref calls) >= stopAfter)
            {
                stop.Cancel();
                // Once in the middle of the call, once after its reply.
                if (stopAfter % 2 == 0)
                {
                    stop.Token.ThrowIfCancellationRequested();
                }
            }
        });
        try
        {
            await RunAsync(ledger, Market, client, cancellationToken: stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // The same bars up to a moment, others after it.
    private static async Task<IMarketData> ChangedAfterAsync(DateTimeOffset change, int seed)
    {
        var series = new List<BarSeries>();
        foreach (string symbol in Market.Symbols.Append(Market.Benchmark!))
        {
            BarSeries bars = await Market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            DeterministicRandom random = new DeterministicRandom(seed).Fork(symbol);
            series.Add(
                new BarSeries(
                    symbol,
                    Enumerable
                        .Range(0, bars.Count)
                        .Select(i => bars[i].CloseTime <= change ? bars[i] : Scaled(bars[i], 1 + (0.2 * random.NextDouble())))
                )
            );
        }

        return new InMemoryMarketData("changed", series, Market.Benchmark);
    }

    private static Bar Scaled(Bar bar, double factor)
    {
        decimal by = (decimal)factor;
        return bar with { Open = bar.Open * by, High = bar.High * by, Low = bar.Low * by, Close = bar.Close * by };
    }

    // Prompts and lessons without ids, which name the run and so its data.
    private static async Task<IReadOnlyList<string>> SaidUntilAsync(Ledger ledger, DateTimeOffset until)
    {
        var query = new LedgerQuery { KnownAtOrBefore = until };
        IEnumerable<string> prompts = (await ledger.ReadAsync<DecisionContext>(query))
            .OrderBy(c => c.AsOf)
            .ThenBy(c => c.Symbol, StringComparer.Ordinal)
            .Select(c => $"{c.Symbol} {c.AsOf:u} {c.Prompt}");
        IEnumerable<string> lessons = (await ledger.ReadAsync<Lesson>(query))
            .OrderBy(l => l.KnownAt)
            .ThenBy(l => l.Symbol, StringComparer.Ordinal)
            .ThenBy(l => l.AsOf)
            .Select(l =>
                $"lesson|{l.Symbol} {l.AsOf:u} {l.KnownAt:u} {l.Situation} {l.Expected} {l.Happened} {l.Better} {l.Advice}"
            );
        return [.. prompts, .. lessons];
    }

    private static string Comparable(SettledCandidate settled) =>
        JsonSerializer.Serialize(
            settled.Outcome with
            {
                OutcomeId = "",
                CandidateId = "",
                ContextId = "",
                DecisionId = settled.Outcome.DecisionId is null ? null : "",
            },
            RlaifJson.Compact
        );

    private static Task<string> DumpAsync(Ledger ledger, bool inOrder = false) =>
        ledger.InTransactionAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText =
                    $"SELECT kind || '|' || id || '|' || IFNULL(parent_id, '') || '|' || known_at || '|' || body FROM records ORDER BY {(inOrder ? "seq" : "kind, id")}";
                using var reader = command.ExecuteReader();
                var lines = new List<string>();
                while (reader.Read())
                {
                    lines.Add(reader.GetString(0));
                }

                return string.Join('\n', lines);
            },
            CancellationToken.None
        );
}
