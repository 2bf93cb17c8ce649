using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Preferences;

public sealed class PreferenceLedgerTests
{
    private static readonly FakeTimeProvider Clock = new(SettledSamples.FirstDecision);
    private static readonly FakeTimeProvider LaterClock = new(SettledSamples.FirstDecision.AddDays(60));

    [Fact]
    public async Task LoadAsync_AppendedRecords_ComeBackJoinedAndInOrder()
    {
        List<SettledCandidate> world = SettledSamples.World(3);
        await using Ledger ledger = await LedgerOf(world);
        IReadOnlyList<SettledCandidate> found = await SettledCandidates.LoadAsync(ledger);
        Assert.Equal(
            world.Select(s => (s.Context.AsOf, s.Context.Symbol, s.Candidate.Index, s.Outcome.NetReturn)).Order(),
            found.Select(s => (s.Context.AsOf, s.Context.Symbol, s.Candidate.Index, s.Outcome.NetReturn))
        );
        Assert.All(found, s => Assert.Equal(s.Candidate.CandidateId, s.Outcome.CandidateId));
        Assert.All(found, s => Assert.Equal(s.Context.ContextId, s.Candidate.ContextId));
    }

    [Fact]
    public async Task LoadAsync_RunAndMoment_LeaveOutTheRest()
    {
        List<SettledCandidate> world = SettledSamples.World(3);
        DecisionContext other = SettledSamples.Context(runId: "other");
        SettledCandidate ofOther = SettledSamples.Settle(other, SettledSamples.Candidate(other, 0, TradeAction.Buy, 0.05), 0.1);
        await using Ledger ledger = await LedgerOf([.. world, ofOther]);
        DateTimeOffset moment = SettledSamples.FirstDecision.AddDays(14);

        IReadOnlyList<SettledCandidate> early = await SettledCandidates.LoadAsync(ledger, "run", moment);
        Assert.Equal(world.Count(s => s.Outcome.KnownAt <= moment), early.Count);
        Assert.All(early, s => Assert.True(s.Outcome.KnownAt <= moment));
        Assert.Single(await SettledCandidates.LoadAsync(ledger, "other"));
    }

    [Fact]
    public async Task LoadAsync_TradedAndCounterfactual_TakesTheTraded()
    {
        DecisionContext context = SettledSamples.Context();
        Candidate candidate = SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.05);
        SettledCandidate traded = SettledSamples.Settle(context, candidate, 0.1, provenance: OutcomeProvenance.Traded);
        SettledCandidate imagined = SettledSamples.Settle(context, candidate, 0.2);
        await using Ledger ledger = await LedgerOf([imagined, traded]);
        Assert.Equal(traded.Outcome, Assert.Single(await SettledCandidates.LoadAsync(ledger)).Outcome);
    }

    [Fact]
    public async Task LoadAsync_OutcomeWithoutCandidate_SaysSo()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await ledger.AppendAsync([SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.1).Outcome]);
        await Assert.ThrowsAsync<InvalidDataException>(() => SettledCandidates.LoadAsync(ledger));
    }

    [Fact]
    public async Task GeneratePreferencesAsync_SecondRun_AddsNothing()
    {
        await using Ledger ledger = await LedgerOf(SettledSamples.World(5));
        var generator = new PreferenceGenerator(ledger, clock: Clock);
        PreferenceReport first = await generator.GeneratePreferencesAsync();
        PreferenceReport second = await generator.GeneratePreferencesAsync();

        Assert.Equal(first.Total, first.New);
        Assert.Equal(first.Total, await ledger.CountAsync<PreferencePair>());
        Assert.Equal(first.Total, first.ByPool.Values.Sum());
        Assert.True(first.ByPool[PreferencePool.SameContext] > 0 && first.ByPool[PreferencePool.SameDate] > 0);
        Assert.Equal(0, second.New);
        Assert.Equal(first.ByPool, second.ByPool);
        Assert.Equal(first.Dropped, second.Dropped);
    }

    [Fact]
    public async Task GeneratePreferencesAsync_WeekByWeek_EndsWithThePairsOfOneGo()
    {
        List<SettledCandidate> world = SettledSamples.World(6);
        await using Ledger atOnce = await LedgerOf(world);
        await new PreferenceGenerator(atOnce).GeneratePreferencesAsync();

        await using Ledger weekly = await LedgerOf([]);
        foreach (var week in world.GroupBy(s => s.Context.AsOf))
        {
            await Append(weekly, [.. week]);
            await new PreferenceGenerator(weekly).GeneratePreferencesAsync();
        }

        Assert.Equal(await atOnce.ReadAsync<PreferencePair>(), await weekly.ReadAsync<PreferencePair>());
    }

    [Fact]
    public async Task GeneratePreferencesAsync_OutcomeReplacedByTheTradedOne_LeavesEarlierPairsAlone()
    {
        List<SettledCandidate> world = SettledSamples.World(6);
        await using Ledger ledger = await LedgerOf(world);
        var generator = new PreferenceGenerator(ledger);
        PreferenceReport before = await generator.GeneratePreferencesAsync();
        IReadOnlyList<PreferencePair> pairs = await ledger.ReadAsync<PreferencePair>();

        SettledCandidate first = world[0];
        SettledCandidate traded = SettledSamples.Settle(
            first.Context,
            first.Candidate,
            -0.2,
            provenance: OutcomeProvenance.Traded
        );
        await ledger.AppendAsync([traded.Outcome]);
        PreferenceReport after = await generator.GeneratePreferencesAsync();
        Assert.Equal(before.Total + after.New, after.Total);
        Assert.Empty(pairs.Except(await ledger.ReadAsync<PreferencePair>()));
    }

    [Fact]
    public async Task GeneratePreferencesAsync_TooFewSamples_ThrowsAndWritesNothing()
    {
        await using Ledger ledger = await LedgerOf(SettledSamples.World(5, moments: 1, symbols: 1));
        var generator = new PreferenceGenerator(ledger);
        await Assert.ThrowsAsync<NotEnoughDataException>(() => generator.GeneratePreferencesAsync());
        Assert.Equal(0, await ledger.CountAsync<PreferencePair>());
        Assert.Equal(5, (await generator.GetStatsAsync()).Settled);
    }

    [Fact]
    public async Task GetTrainingDataAsync_MaxSamples_TakesTheSurestFirst()
    {
        await using Ledger ledger = await LedgerOf(SettledSamples.World(5));
        var generator = new PreferenceGenerator(ledger);
        await generator.GeneratePreferencesAsync();
        IReadOnlyList<PreferencePair> all = (await generator.GetTrainingDataAsync()).Pairs;
        PreferenceDataset some = await generator.GetTrainingDataAsync(minConfidence: 0.8, maxSamples: 7);

        Assert.Equal(all.OrderByDescending(p => p.Confidence).ThenBy(p => p.PairId, StringComparer.Ordinal), all);
        Assert.Equal(all.Where(p => p.Confidence >= 0.8).Take(7), some.Pairs);
        Assert.All(some.Pairs, p => Assert.Equal(p.ChosenId, some.Candidates[some.IndexOf(p.ChosenId)].Candidate.CandidateId));
    }

    [Fact]
    public async Task GetTrainingDataAsync_Moment_LeavesOutPairsKnownLater()
    {
        await using Ledger ledger = await LedgerOf(SettledSamples.World(5));
        var generator = new PreferenceGenerator(ledger);
        await generator.GeneratePreferencesAsync();
        DateTimeOffset moment = SettledSamples.FirstDecision.AddDays(21);
        PreferenceDataset early = await generator.GetTrainingDataAsync(knownAtOrBefore: moment);
        Assert.NotEmpty(early.Pairs);
        Assert.All(early.Pairs, p => Assert.True(p.KnownAt <= moment));
        Assert.All(early.Candidates, c => Assert.True(c.Outcome.KnownAt <= moment));
    }

    [Fact]
    public async Task GetTrainingDataAsync_OtherMetric_DoesNotMixThem()
    {
        await using Ledger ledger = await LedgerOf(SettledSamples.World(5));
        var generator = new PreferenceGenerator(ledger);
        await generator.GeneratePreferencesAsync();
        PreferenceReport guide = await generator.GeneratePreferencesAsync(ComparisonMetric.RiskAdjusted);
        Assert.Equal(guide.Total, (await generator.GetTrainingDataAsync(metric: ComparisonMetric.RiskAdjusted)).Pairs.Count);
        Assert.All((await generator.GetTrainingDataAsync()).Pairs, p => Assert.Equal("vol_scaled", p.Metric));
        PreferenceStats stats = await generator.GetStatsAsync();
        Assert.Equal(guide.Total, stats.ByMetric["risk_adjusted"]);
        Assert.Equal(stats.Pairs, stats.ByMetric.Values.Sum());
    }

    [Fact]
    public async Task RecordDecisionAsync_ReportedDecision_IsKeptAsContextCandidateAndDecision()
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: Clock);
        TradingDecision decision = await generator.RecordDecisionAsync(Report());
        Assert.Equal(decision, await generator.RecordDecisionAsync(Report()));

        DecisionContext context = Assert.Single(await ledger.ReadAsync<DecisionContext>());
        Candidate candidate = Assert.Single(await ledger.ReadAsync<Candidate>());
        Assert.Equal(decision, Assert.Single(await ledger.ReadAsync<TradingDecision>()));
        Assert.Equal((context.ContextId, candidate.CandidateId), (decision.ContextId, decision.CandidateId));
        Assert.Equal(SettledSamples.FirstDecision, decision.AsOf);
        Assert.Equal(0.6, candidate.Score);
        Assert.Equal(41.2, context.Features["rsi_14"]);
        Assert.Equal(
            "Decide on AAPL as of 2024-01-05 21:00 UTC: buy, sell or hold, and how much. Last price: 175.0. "
                + "Features: macd unknown, rsi_14 41.2.",
            context.Prompt
        );
        Assert.Equal(1, (await generator.GetStatsAsync()).Pending);
    }

    [Fact]
    public async Task RecordDecisionAsync_SharesInsteadOfFraction_ExplainsTheUnit()
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: Clock);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            generator.RecordDecisionAsync(Report() with { PositionSize = 100, Price = 0 })
        );
        Assert.Contains("fraction of equity", error.Message, StringComparison.Ordinal);
        Assert.Contains("Price must be positive", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, await ledger.CountAsync<DecisionContext>());
    }

    [Theory]
    [InlineData(TradeAction.Hold, 0.05)]
    [InlineData(TradeAction.Buy, 0)]
    public async Task RecordDecisionAsync_SizeContradictsAction_IsRefused(TradeAction action, double size)
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: Clock);
        await Assert.ThrowsAsync<RlaifInputException>(() =>
            generator.RecordDecisionAsync(Report() with { Action = action, PositionSize = size })
        );
    }

    [Fact]
    public async Task UpdateOutcomeAsync_ReportedExit_SettlesTheDecision()
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: LaterClock);
        TradingDecision decision = await generator.RecordDecisionAsync(DatedReport());
        Outcome outcome = await generator.UpdateOutcomeAsync(decision.DecisionId, 185m, [175m, 170m, 180m]);
        Assert.Equal(outcome, await generator.UpdateOutcomeAsync(decision.DecisionId, 185m, [175m, 170m, 180m]));

        Assert.Equal(10.0 / 175, outcome.GrossReturn, 1e-12);
        Assert.Equal(0.0005 * (1 + (185.0 / 175)), outcome.Costs, 1e-12);
        Assert.Equal(170.0 / 175 - 1, outcome.MaxDrawdown, 1e-12);
        Assert.Equal((5, OutcomeProvenance.Traded), (outcome.HoldDays, outcome.Provenance));
        Assert.Equal(new DateTimeOffset(2024, 1, 11, 21, 0, 0, TimeSpan.Zero), outcome.KnownAt);
        Assert.Equal(decision.CandidateId, Assert.Single(await SettledCandidates.LoadAsync(ledger)).Candidate.CandidateId);
        Assert.Equal(0, (await generator.GetStatsAsync()).Pending);
    }

    [Fact]
    public async Task UpdateOutcomeAsync_ExitTimeEntryPriceAndCosts_AreThoseThatWereGiven()
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: LaterClock);
        TradingDecision decision = await generator.RecordDecisionAsync(DatedReport());
        Outcome outcome = await generator.UpdateOutcomeAsync(
            decision.DecisionId,
            185m,
            exitAt: new DateTimeOffset(2024, 1, 9, 23, 0, 0, TimeSpan.FromHours(2)),
            entryPrice: 180m,
            settlement: new SettlementOptions { CommissionBps = 16 }
        );
        Assert.Equal(new DateTimeOffset(2024, 1, 9, 21, 0, 0, TimeSpan.Zero), outcome.ExitAt);
        Assert.Equal(5.0 / 180, outcome.GrossReturn, 1e-12);
        Assert.Equal(0.002 * (1 + (185.0 / 180)), outcome.Costs, 1e-12);
    }

    [Fact]
    public async Task UpdateOutcomeAsync_OtherResultForTheSameDecision_IsRefused()
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: LaterClock);
        TradingDecision decision = await generator.RecordDecisionAsync(DatedReport());
        Outcome outcome = await generator.UpdateOutcomeAsync(decision.DecisionId, 185m);
        await Assert.ThrowsAsync<InvalidOperationException>(() => generator.UpdateOutcomeAsync(decision.DecisionId, 190m));
        Assert.Equal(outcome, Assert.Single(await ledger.ReadAsync<Outcome>()));
    }

    [Fact]
    public async Task UpdateOutcomeAsync_UnknownDecisionOrExitInTheFuture_IsRefused()
    {
        await using Ledger ledger = await LedgerOf([]);
        var generator = new PreferenceGenerator(ledger, clock: Clock);
        TradingDecision decision = await generator.RecordDecisionAsync(Report());
        await Assert.ThrowsAsync<RlaifInputException>(() => generator.UpdateOutcomeAsync("dec_unknown", 185m));
        await Assert.ThrowsAsync<RlaifInputException>(() => generator.UpdateOutcomeAsync(decision.DecisionId, 185m));
        Assert.Equal(0, await ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task GuideWalk_TenDecisionsOfTwoSymbols_PreferTheBetterOnes()
    {
        await using Ledger ledger = await LedgerOf([]);
        var options = new PreferenceOptions { Metric = ComparisonMetric.RiskAdjusted };
        var generator = new PreferenceGenerator(ledger, options, LaterClock);
        for (int week = 0; week < 5; week++)
        {
            foreach ((string symbol, decimal exit) in new[] { ("AAPL", 189m), ("TSLA", 169.75m) })
            {
                TradingDecision decision = await generator.RecordDecisionAsync(
                    DatedReport() with
                    {
                        Symbol = symbol,
                        DecidedAt = SettledSamples.FirstDecision.AddDays(-7 * week),
                    }
                );
                await generator.UpdateOutcomeAsync(decision.DecisionId, exit);
            }
        }

        PreferenceReport report = await generator.GeneratePreferencesAsync();
        Assert.Equal(5, report.ByPool[PreferencePool.SameDate]);
        PreferenceDataset data = await generator.GetTrainingDataAsync();
        Assert.All(data.Pairs, p => Assert.Equal("AAPL", data.Candidates[data.IndexOf(p.ChosenId)].Context.Symbol));
    }

    [Fact]
    public void PreferenceReport_AsJson_NamesPoolsInSnakeCase()
    {
        var report = new PreferenceReport
        {
            Total = 1,
            New = 1,
            ByPool = new Dictionary<PreferencePool, int> { [PreferencePool.SameContext] = 1 },
            Dropped = new Dictionary<string, long> { ["tie"] = 2 },
        };
        Assert.Equal(
            """{"total":1,"new":1,"by_pool":{"same_context":1},"dropped":{"tie":2}}""",
            JsonSerializer.Serialize(report, RlaifJson.Compact)
        );
    }

    private static ReportedDecision DatedReport() =>
        Report() with
        {
            DecidedAt = SettledSamples.FirstDecision,
            DailyVolatility = 0.02,
        };

    private static ReportedDecision Report() =>
        new()
        {
            Symbol = "AAPL",
            Response = new AgentResponse
            {
                Score = 0.6,
                Confidence = 0.7,
                Analysis = "Cheap.",
                Reasoning = ["Low multiple."],
            },
            Action = TradeAction.Buy,
            PositionSize = 0.05,
            Price = 175.0m,
            Features = new Dictionary<string, double?> { ["rsi_14"] = 41.2, ["macd"] = null },
        };

    private static async Task<Ledger> LedgerOf(IReadOnlyList<SettledCandidate> settled)
    {
        Ledger ledger = await Ledger.OpenAsync(":memory:");
        await Append(ledger, settled);
        return ledger;
    }

    private static Task<int> Append(Ledger ledger, IReadOnlyList<SettledCandidate> settled) =>
        ledger.AppendAsync(
            new LedgerBatch()
                .AddRange(settled.Select(s => s.Context).DistinctBy(c => c.ContextId))
                .AddRange(settled.Select(s => s.Candidate).DistinctBy(c => c.CandidateId))
                .AddRange(settled.Select(s => s.Outcome))
        );
}
