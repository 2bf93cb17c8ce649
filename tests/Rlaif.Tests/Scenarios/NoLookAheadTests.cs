using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Scenarios;

/// <summary>Change the future, and nothing before it changes: from snapshot to score, and from settlement to trained model.</summary>
public sealed class NoLookAheadTests
{
    private const int EverySessions = 5;
    private const string Bars = "bars_us_daily/bars_us_daily_2021_2025.csv.gz";

    [Fact]
    public async Task Decide_RealBarsChangedAfterARandomDate_NoSnapshotFeatureCandidateOrScoreBeforeChanges()
    {
        var market = new SelectedSymbols(await CsvMarketData.LoadAsync(SharedData.Require(Bars)), ["AAPL", "NVDA", "TSLA"]);
        DateOnly[] sessions = [.. market.GetCalendar("AAPL").Sessions];
        RewardModel model = (await LearnAsync(market, new DateRange(sessions[100], sessions[700]))).Model;
        Gen.Select(Gen.Int[750, sessions.Length - 30], Gen.Int[0, 1_000_000])
            .Sample(
                (cut, seed) =>
                {
                    // One decision on the day of the change itself, one before it.
                    DateTimeOffset change = NyseCalendar.Hours(sessions[cut]).Close;
                    IMarketData changed = ChangedAfter(market, change, seed);
                    foreach (DateTimeOffset asOf in (DateTimeOffset[])[change, NyseCalendar.Hours(sessions[cut - 7]).Close])
                    {
                        foreach (string symbol in market.Symbols)
                        {
                            Assert.Equal(Decide(market, model, symbol, asOf), Decide(changed, model, symbol, asOf));
                        }
                    }
                },
                iter: 40
            );
    }

    [Fact]
    public async Task RunGeneration_MarketChangedAfterItsEnd_LearnsTheSameModel()
    {
        SimulatedMarket simulated = SimulatedMarket.Create(new SimulationOptions { Sessions = 700, Symbols = ["AAPL", "MSFT"] });
        InMemoryMarketData market = ChangedAfter(simulated, DateTimeOffset.MaxValue, seed: 1);
        DateOnly[] sessions = [.. market.GetCalendar("AAPL").Sessions];
        var dates = new DateRange(sessions[260], sessions[650]);
        IMarketData changed = ChangedAfter(market, dates.EndOfLastDay, seed: 7);
        Assert.NotEqual(
            await MarketFingerprint.ComputeAsync(market, market.Symbols, DateTimeOffset.MaxValue),
            await MarketFingerprint.ComputeAsync(changed, market.Symbols, DateTimeOffset.MaxValue)
        );
        LearnedModel expected = await LearnAsync(market, dates);
        LearnedModel actual = await LearnAsync(changed, dates);
        Assert.Equal(expected.Model.Metadata.DataHash, actual.Model.Metadata.DataHash);
        Assert.Equal(expected.Training.History, actual.Training.History);
        Assert.Equal(expected.Validation.Accuracy, actual.Validation.Accuracy);
    }

    [Fact]
    public async Task RunGeneration_MarketChangedInTheMiddle_ProposesTheSameBefore()
    {
        SimulatedMarket simulated = SimulatedMarket.Create(new SimulationOptions { Sessions = 700, Symbols = ["AAPL", "MSFT"] });
        DateOnly[] sessions = [.. simulated.GetCalendar("AAPL").Sessions];
        var dates = new DateRange(sessions[260], sessions[650]);
        DateTimeOffset middle = NyseCalendar.Hours(sessions[450]).Close;
        string before = await ProposedAsync(ChangedAfter(simulated, DateTimeOffset.MaxValue, seed: 1), dates, middle);
        string after = await ProposedAsync(ChangedAfter(simulated, middle, seed: 1), dates, middle);
        Assert.True(before.Length > 10_000);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task RunGeneration_RangeThatTheModelHasSeen_IsRefused()
    {
        SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Sessions = 900, Symbols = ["AAPL"] });
        DateOnly[] sessions = [.. market.GetCalendar("AAPL").Sessions];
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var options = new LearningOptions
        {
            EverySessions = EverySessions,
            Training = new TrainingOptions { Epochs = 1 },
        };
        var loop = new LearningLoop(market, ManagerAgent.RuleBased(), ledger, options);
        await loop.RunGenerationAsync(new DateRange(sessions[260], sessions[760]));
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            loop.RunGenerationAsync(new DateRange(sessions[700], sessions[880]))
        );
        Assert.Contains("seen", error.Message, StringComparison.Ordinal);
    }

    // What was proposed at or before a moment, without ids: those are of the run, and the run is of the data.
    private static async Task<string> ProposedAsync(IMarketData market, DateRange dates, DateTimeOffset until)
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var options = new LearningOptions
        {
            EverySessions = EverySessions,
            Training = new TrainingOptions { Epochs = 1 },
        };
        GenerationReport report = await new LearningLoop(market, ManagerAgent.RuleBased(), ledger, options).RunGenerationAsync(
            dates
        );
        var proposed = report
            .Decided.Where(d => d.Decision.AsOf <= until)
            .Select(d => new
            {
                d.Proposal.Context.SnapshotHash,
                d.Proposal.Context.Features,
                d.Proposal.Context.Prompt,
                Candidates = d.Proposal.Candidates.Select(c => new
                {
                    c.Action,
                    c.PositionSize,
                    c.Score,
                    c.Analysis,
                    c.Reasoning,
                }),
            });
        return System.Text.Json.JsonSerializer.Serialize(proposed, RlaifJson.Compact);
    }

    private static async Task<LearnedModel> LearnAsync(IMarketData market, DateRange dates)
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var options = new LearningOptions
        {
            EverySessions = EverySessions,
            Training = new TrainingOptions { Epochs = 2 },
        };
        return (await new LearningLoop(market, ManagerAgent.RuleBased(), ledger, options).RunGenerationAsync(dates)).Learned;
    }

    private static string Decide(IMarketData market, RewardModel model, string symbol, DateTimeOffset asOf)
    {
        MarketSnapshot snapshot = market.GetSnapshotAsync(symbol, asOf).AsTask().GetAwaiter().GetResult();
        Proposal proposal = ManagerAgent.RuleBased().AnalyzeAsync(snapshot, "run", 0).AsTask().GetAwaiter().GetResult();
        double[] rewards = model.ScoreAll(proposal.Context, proposal.Candidates);
        return System.Text.Json.JsonSerializer.Serialize(
            new
            {
                proposal,
                rewards,
                snapshot.Hash,
            },
            RlaifJson.Compact
        );
    }

    // Every later bar gets other prices and another volume; the bars themselves stay well formed.
    private static InMemoryMarketData ChangedAfter(IMarketData market, DateTimeOffset time, int seed)
    {
        var random = new DeterministicRandom(seed);
        IEnumerable<string> all = market.Benchmark is null ? market.Symbols : market.Symbols.Append(market.Benchmark);
        var series = all.Select(symbol =>
                Changed(market.GetBarsAsync(symbol, DateTimeOffset.MaxValue).AsTask().GetAwaiter().GetResult(), time, random)
            )
            .ToArray();
        return new InMemoryMarketData(market.Source, series, market.Benchmark);
    }

    private static BarSeries Changed(BarSeries series, DateTimeOffset time, DeterministicRandom random)
    {
        var bars = new List<Bar>();
        for (int i = 0; i < series.Count; i++)
        {
            Bar bar = series[i];
            decimal factor = bar.CloseTime > time ? (decimal)(0.2 + (3 * random.NextDouble())) : 1;
            bars.Add(
                bar with
                {
                    Open = bar.Open * factor,
                    High = bar.High * factor,
                    Low = bar.Low * factor,
                    Close = bar.Close * factor,
                    Volume = Math.Round(bar.Volume * factor),
                }
            );
        }

        return new BarSeries(series.Symbol, bars, series.Actions);
    }
}
