using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Selection;
using Rlaif.Validation;

namespace Rlaif.Examples;

/// <summary>Two usage examples of the guide; the other one, the production loop, is examples/04-production-loop.</summary>
internal static class UsageExamples
{
    /// <summary>Example 2: learn from decisions and outcomes that someone else recorded.</summary>
    public static async Task BacktestFromRecordsAsync(SimulatedMarket market)
    {
        var records = await RecordsAsync(market);
        SessionCalendar calendar = market.GetCalendar("AAPL");

        // snippet: example-2
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var generator = new PreferenceGenerator(ledger, new PreferenceOptions { HoldPeriodDays = 5 });
        foreach ((ReportedDecision report, decimal entry, decimal exit, decimal[] history, DateTimeOffset exitAt) in records)
        {
            TradingDecision decision = await generator.RecordDecisionAsync(report);
            await generator.UpdateOutcomeAsync(decision.DecisionId, exit, history, exitAt, entry);
        }

        // One candidate a context: pairs are formed across symbols of one date.
        PreferenceReport pairs = await generator.GeneratePreferencesAsync();
        PreferenceDataset data = await generator.GetTrainingDataAsync();
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(ledger);
        LearnedModel learned = RewardLearning.Learn(settled, data.Pairs, calendar, new LearningOptions());

        // end
        Console.WriteLine(
            $"  {records.Count} recorded decisions, {pairs.Total} pairs, accuracy {learned.Validation.Accuracy:P1}: {learned.Verdict}"
        );
    }

    /// <summary>Example 3: the agents alone against the same agents with the reward model, on decisions after the training.</summary>
    public static async Task CompareAsync(SimulatedMarket market, ManagerAgent manager, RewardModel model, DateRange unseen)
    {
        // snippet: example-3
        var baseline = new FirstCandidate();
        var improved = new BestOfN(model, version: "v0001");
        var proposals = new List<Proposal>();
        foreach (DecisionMoment moment in await DecisionSchedule.EveryAsync(market, market.Symbols, unseen, everySessions: 5))
        {
            MarketSnapshot snapshot = await market.GetSnapshotAsync(moment.Symbol, moment.AsOf);
            proposals.Add(await manager.AnalyzeAsync(snapshot, runId: "ab", generation: 0));
        }

        // Both arms choose among the same candidates, which are settled once: the market's luck is the same for both.
        HashSet<string> baselineChoice = [.. proposals.Select(p => baseline.Select(p).CandidateId)];
        HashSet<string> improvedChoice = [.. proposals.Select(p => improved.Select(p).CandidateId)];
        SettledBatch all = await new OutcomeSettler(market).SettleAsync(proposals, decisions: [], unseen.EndOfLastDay);
        PairedComparison comparison = PairedComparison.Compare(
            [.. all.Settled.Where(s => baselineChoice.Contains(s.Candidate.CandidateId))],
            [.. all.Settled.Where(s => improvedChoice.Contains(s.Candidate.CandidateId))],
            new DeterministicRandom(42)
        );

        // end
        Console.WriteLine($"  {comparison.Decisions} decisions: {comparison.Sentence}");
    }

    // What another system might have logged: it buys above the 20-day mean, sells below, and kept prices on the way.
    private static async Task<List<(ReportedDecision, decimal, decimal, decimal[], DateTimeOffset)>> RecordsAsync(
        SimulatedMarket market
    )
    {
        const int Mean = 20;
        const int Hold = 5;
        var records = new List<(ReportedDecision, decimal, decimal, decimal[], DateTimeOffset)>();
        foreach (string symbol in market.Symbols)
        {
            BarSeries bars = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            for (int i = SimulatedMarket.WarmUpSessions; i + Hold < bars.Count; i += Hold)
            {
                Bar[] before = [.. Enumerable.Range(i - Mean + 1, Mean).Select(t => bars[t])];
                Bar[] held = [.. Enumerable.Range(i + 1, Hold).Select(t => bars[t])];
                double gap = (double)(bars[i].Close / before.Average(b => b.Close)) - 1;
                var response = new AgentResponse
                {
                    Score = Math.Clamp(10 * gap, -1, 1),
                    Confidence = 0.6,
                    Analysis = gap > 0 ? "The price is above its mean." : "The price is below its mean.",
                };
                var report = new ReportedDecision
                {
                    Symbol = symbol,
                    Response = response,
                    Action = gap > 0 ? TradeAction.Buy : TradeAction.Sell,
                    PositionSize = 0.05,
                    Price = bars[i].Close,
                    Features = new Dictionary<string, double?> { ["gap_to_mean_20"] = gap },
                    DecidedAt = bars[i].CloseTime,
                    DailyVolatility = 0.02,
                };
                records.Add((report, held[0].Open, held[^1].Close, [.. held.Select(b => b.Close)], held[^1].CloseTime));
            }
        }

        return records;
    }
}
