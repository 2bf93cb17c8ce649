using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif.Benchmarks;

/// <summary>
/// What an ensemble is good for, on the simulated market whose truth is known: models trained on 5,000 pairs, their accuracy beside what was
/// attainable and beside the baselines, and what the best of N by reward is truly worth as N grows to 64 (Gao et al., 2023: a reward
/// that is asked too often is a reward that is gamed).
/// </summary>
internal static class PlantedStudy
{
    public const string Name = "planted";
    private const int DecisionsPerSymbol = 625;
    private const int EverySessions = 5;
    private const double BaselineShare = 0.8;
    private const int TrainingPairs = 5_000;
    private const int MostCandidates = 64;
    private static readonly int[] Ns = [1, 2, 4, 8, 16, 32, 64];

    /// <summary>Runs seeds 1 to <paramref name="seeds"/>, prints one line of JSON and writes a page.</summary>
    public static async Task<int> ExecuteAsync(int seeds)
    {
        var results = new List<PlantedResult>();
        for (int seed = 1; seed <= seeds; seed++)
        {
            results.Add(await RunAsync(seed));
            Console.Error.WriteLine($"seed {seed}: {JsonSerializer.Serialize(results[^1].Accuracy, RlaifJson.Compact)}");
        }

        PlantedCurve[] curves = [.. Ns.Select((n, i) => PlantedCurve.Of(n, i, results))];
        string page = Path.Combine("artifacts", "studies", $"{Name}.html");
        Directory.CreateDirectory(Path.GetDirectoryName(page)!);
        await File.WriteAllTextAsync(page, PlantedPage.Render(results, curves));
        var document = new
        {
            Name,
            TrainingPairs,
            Accuracy = results.Select(r => r.Accuracy),
            MeanRatio = results.Average(r => r.Accuracy.Ratio),
            BestOfN = curves,
            Page = page,
        };
        Console.WriteLine(JsonSerializer.Serialize(document, RlaifJson.Compact));
        return 0;
    }

    private static async Task<PlantedResult> RunAsync(int seed)
    {
        var market = SimulatedMarket.Create(
            new SimulationOptions
            {
                Seed = seed,
                Sessions = SimulatedMarket.WarmUpSessions + (DecisionsPerSymbol * EverySessions),
            }
        );
        var options = new LearningOptions { EverySessions = EverySessions, Seed = seed };
        SessionCalendar calendar = market.GetCalendar(market.Symbols[0]);
        int border = SimulatedMarket.WarmUpSessions + ((int)(BaselineShare * DecisionsPerSymbol) * EverySessions);
        var early = new DateRange(calendar.Sessions[SimulatedMarket.WarmUpSessions], calendar.Sessions[border - 1]);
        var late = new DateRange(calendar.Sessions[border], calendar.Sessions[^1]);

        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await DecideAsync(market, ledger, early, new ManagerOptions().Candidates);
        await new OutcomeSettler(market, options.Settlement).SettleAsync(ledger, early.EndOfLastDay);
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(ledger, null, early.EndOfLastDay, default);
        PreferencePair[] pairs = Sample(settled, calendar, options);
        var truth = new SimulatedTruth(market, options.Settlement);
        LearnedModel ensemble = RewardLearning.Learn(settled, pairs, calendar, options, truth.Score);
        LearnedModel single = RewardLearning.Learn(
            settled,
            pairs,
            calendar,
            options with
            {
                Training = options.Training with { Ensemble = 1 },
            },
            truth.Score
        );

        // The same agents, asked for far more candidates than they were judged by, on later dates.
        IReadOnlyList<DecidedContext> decided = await DecideAsync(market, ledger, late, MostCandidates);
        return new PlantedResult(
            new PlantedAccuracy(
                seed,
                ensemble.Validation.Accuracy,
                single.Validation.Accuracy,
                ensemble.AttainableAccuracy!.Value,
                ensemble.Baselines
            ),
            [.. decided.Select(d => Values(d.Proposal, ensemble.Model, single.Model, truth))]
        );
    }

    private static async Task<IReadOnlyList<DecidedContext>> DecideAsync(
        SimulatedMarket market,
        Ledger ledger,
        DateRange dates,
        int candidates
    )
    {
        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(market, market.Symbols, dates, EverySessions);
        var manager = ManagerAgent.RuleBased(new ManagerOptions { Candidates = candidates });
        return await new DecisionRun(market, manager, new FirstCandidate(), ledger).RunAsync(
            $"study/{candidates}",
            0,
            moments,
            Environment.ProcessorCount
        );
    }

    /// <summary>As many pairs of the training side as the study is about, and all of the later sides.</summary>
    private static PreferencePair[] Sample(
        IReadOnlyList<SettledCandidate> settled,
        SessionCalendar calendar,
        LearningOptions options
    )
    {
        IReadOnlyList<PreferencePair> all = PreferenceGenerator.Generate(settled, options.Preferences).Pairs;
        SplitPairs sides = PurgedSplit.Create(settled, calendar, options.Split).Apply(all);
        PreferencePair[] train = [.. sides.Train];
        new DeterministicRandom(options.Seed).Fork("pairs").Shuffle<PreferencePair>(train);
        return [.. train.Take(TrainingPairs), .. sides.Stopping];
    }

    /// <summary>The true expected contribution of the pick among the first N candidates, by who picks and N.</summary>
    private static PlantedContext Values(Proposal proposal, RewardModel ensemble, RewardModel single, SimulatedTruth truth)
    {
        double[] worth = [.. proposal.Candidates.Select(c => truth.Contribution(c))];
        RewardEstimate[] estimates = ensemble.EstimateAll([.. proposal.Candidates.Select(c => (proposal.Context, c))]);
        return new PlantedContext(
            proposal.Context.Date,
            Picks(single.ScoreAll(proposal.Context, proposal.Candidates), worth),
            Picks([.. estimates.Select(e => e.Mean)], worth),
            Picks([.. estimates.Select(e => e.Reward)], worth),
            Picks(worth, worth)
        );
    }

    private static double[] Picks(double[] rewards, double[] worth) =>
        [.. Ns.Select(n => worth[Array.IndexOf(rewards, rewards.AsSpan(0, Math.Min(n, rewards.Length)).ToArray().Max())])];
}
