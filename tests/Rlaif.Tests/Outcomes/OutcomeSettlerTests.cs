using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;

namespace Rlaif.Tests.Outcomes;

public sealed class OutcomeSettlerTests
{
    private const int Weeks = 12;

    private static readonly InMemoryMarketData Market = BuildMarket();

    private static InMemoryMarketData BuildMarket()
    {
        IEnumerable<Bar> Bars(ulong seed)
        {
            var random = new DeterministicRandom(seed);
            double price = 100;
            foreach (DateOnly day in Calendar.Sessions)
            {
                double open = price;
                price *= Math.Exp(0.02 * random.NextGaussian());
                (decimal o, decimal c) = (decimal.Round((decimal)open, 2), decimal.Round((decimal)price, 2));
                yield return Bar(day, o, Math.Max(o, c) + 1, Math.Min(o, c) - 1, c);
            }
        }

        return new InMemoryMarketData(
            "test",
            [new BarSeries("AAPL", Bars(1)), new BarSeries("MSFT", Bars(2)), new BarSeries("SPX", Bars(3))],
            benchmark: "SPX"
        );
    }

    private static List<Proposal> Proposals() =>
        [
            .. Enumerable
                .Range(0, Weeks)
                .SelectMany(week =>
                    new[] { "AAPL", "MSFT" }.Select(symbol => Proposal(At("2024-01-05T21:00:00Z").AddDays(7 * week), symbol))
                ),
        ];

    private static List<TradingDecision> Accept(IEnumerable<Proposal> proposals) =>
        [.. proposals.Select(p => new FirstCandidate().Select(p))];

    [Fact]
    public async Task SettleAsync_Ledger_SettlesWhatIsDueOnceAndTheRestLater()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        List<Proposal> proposals = Proposals();
        foreach (Proposal proposal in proposals)
        {
            await RecordAsync(ledger, proposal);
        }

        var settler = new OutcomeSettler(Market);
        // Six of the twelve weeks are over: decisions of 5 January to 9 February, the last out on 16 February
        SettlementSummary first = await settler.SettleAsync(ledger, At("2024-02-16T21:00:00Z"));
        Assert.Equal((6 * 2 * 3, 6 * 2 * 3), (first.Settled, first.Pending));
        Assert.Equal([SettlementReasons.WaitingForEntry], first.PendingReasons.Keys);
        Assert.Empty(first.Failed);
        SettlementSummary again = await settler.SettleAsync(ledger, At("2024-02-16T21:00:00Z"));
        Assert.Equal((0, 36), (again.Settled, again.Pending));
        SettlementSummary rest = await settler.SettleAsync(ledger, At("2024-06-01"));
        Assert.Equal((36, 0), (rest.Settled, rest.Pending));

        IReadOnlyList<Outcome> outcomes = await ledger.ReadAsync<Outcome>();
        Assert.Equal(72, outcomes.Select(o => o.CandidateId).Distinct().Count());
        Assert.Equal(24, outcomes.Count(o => o.Provenance == OutcomeProvenance.Traded));
        Assert.All(outcomes, o => Assert.Equal(o.Provenance == OutcomeProvenance.Traded, o.DecisionId is not null));
        Assert.All(outcomes, o => Assert.NotNull(o.BenchmarkReturn));
    }

    [Fact]
    public async Task SettleAsync_LedgerInStepsOrAtOnceOrInMemory_GivesTheSameOutcomes()
    {
        List<Proposal> proposals = Proposals();
        await using Ledger steps = await Ledger.OpenAsync(":memory:");
        await using Ledger once = await Ledger.OpenAsync(":memory:");
        foreach (Proposal proposal in proposals)
        {
            await RecordAsync(steps, proposal);
            await RecordAsync(once, proposal);
        }

        var settler = new OutcomeSettler(Market);
        for (DateTimeOffset now = At("2024-01-05"); now < At("2024-04-30"); now = now.AddHours(53))
        {
            await settler.SettleAsync(steps, now);
        }

        await settler.SettleAsync(once, At("2024-04-30"));
        SettledBatch memory = await settler.SettleAsync(proposals, Accept(proposals), At("2024-04-30"));
        IReadOnlyList<Outcome> expected = await once.ReadAsync<Outcome>();
        Assert.Equal(expected, await steps.ReadAsync<Outcome>());
        Assert.Equal(
            expected,
            memory.Settled.Select(s => s.Outcome).OrderBy(o => o.KnownAt).ThenBy(o => o.OutcomeId, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task SettleAsync_OneThreadOrMany_KeepsOrderAndResults()
    {
        List<Proposal> proposals = Proposals();
        var settler = new OutcomeSettler(Market);
        SettledBatch one = await settler.SettleAsync(proposals, Accept(proposals), At("2024-04-30"), maxThreads: 1);
        SettledBatch many = await settler.SettleAsync(proposals, Accept(proposals), At("2024-04-30"), maxThreads: 8);
        Assert.Equal(one.Settled.Select(s => s.Outcome), many.Settled.Select(s => s.Outcome));
        Assert.Equal(
            proposals.SelectMany(p => p.Candidates).Select(c => c.CandidateId),
            many.Settled.Select(s => s.Candidate.CandidateId)
        );
    }

    [Fact]
    public async Task SettleAsync_UnknownSymbolAndLostContext_AreCountedByName()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await RecordAsync(ledger, Proposal(At("2024-01-05T21:00:00Z"), "ZZZZ"));
        Proposal lost = Proposal(At("2024-01-05T21:00:00Z"));
        await ledger.AppendAsync(lost.Candidates);
        SettlementSummary summary = await new OutcomeSettler(Market).SettleAsync(ledger, At("2024-06-01"));
        Assert.Equal((0, 0), (summary.Settled, summary.Pending));
        Assert.Equal(
            [(SettlementReasons.MissingContext, 3), (SettlementReasons.UnknownSymbol, 3)],
            summary.Failed.Select(f => (f.Key, f.Value))
        );
    }

    [Fact]
    public async Task SettleAsync_Progress_EndsAtTheTotal()
    {
        List<ProgressUpdate> updates = [];
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await RecordAsync(ledger, Proposal(At("2024-01-05T21:00:00Z")));
        await new OutcomeSettler(Market).SettleAsync(ledger, At("2024-06-01"), new Recorder(updates));
        Assert.Equal(new ProgressUpdate("settle", 3, 3), updates[^1]);
    }

    [Fact]
    public async Task SettleAsync_Cancelled_StopsAndLeavesNothingHalfDone()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await RecordAsync(ledger, Proposal(At("2024-01-05T21:00:00Z")));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new OutcomeSettler(Market).SettleAsync(ledger, At("2024-06-01"), cancellationToken: cancelled.Token)
        );
        Assert.Equal(0, await ledger.CountAsync<Outcome>());
    }

    [Fact]
    public void Create_OptionsOutOfRange_NamesThemAll()
    {
        SettlementOptions options = new() { HoldDays = 0, Equity = 0 };
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => new OutcomeSettler(Market, options));
        Assert.Contains("HoldDays", error.Message, StringComparison.Ordinal);
        Assert.Contains("Equity", error.Message, StringComparison.Ordinal);
    }

    private sealed class Recorder(List<ProgressUpdate> updates) : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value) => updates.Add(value);
    }
}
