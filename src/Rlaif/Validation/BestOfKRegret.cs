using Rlaif.Outcomes;

namespace Rlaif.Validation;

/// <summary>
/// What choosing by reward leaves on the table: the outcome score of the best candidate of a context minus that of the candidate with
/// the highest reward, in units of the outcome score.
/// </summary>
public sealed record BestOfKRegret
{
    /// <summary>Contexts with at least two candidates, all with an outcome score.</summary>
    public required int Contexts { get; init; }

    /// <summary>Contexts left out: one candidate only, or a candidate without an outcome score.</summary>
    public required int Skipped { get; init; }

    /// <summary>Mean regret of the choice by reward; at least 0.</summary>
    public required double Regret { get; init; }

    /// <summary>Mean regret of the static baseline (the candidate of the lowest index).</summary>
    public required double BaselineRegret { get; init; }

    /// <summary>Interval of <see cref="Regret"/> by decision date; null with fewer than two independent blocks of dates.</summary>
    public required BootstrapInterval? Interval { get; init; }

    /// <summary>Interval of <see cref="BaselineRegret"/>, likewise.</summary>
    public required BootstrapInterval? BaselineInterval { get; init; }

    /// <summary>Measures the regret over contexts; ties in reward go to the lowest index.</summary>
    /// <param name="candidates">All settled candidates of the contexts.</param>
    /// <param name="reward">The score that chooses.</param>
    /// <param name="outcomeScore">The score that is lost or won; null where it is not defined.</param>
    /// <param name="random">Seeds the interval.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForDecisions"/>.</param>
    /// <returns>Null when no context has two candidates with outcome scores.</returns>
    public static BestOfKRegret? Measure(
        IEnumerable<SettledCandidate> candidates,
        Func<SettledCandidate, double> reward,
        Func<SettledCandidate, double?> outcomeScore,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        SettledCandidate[] all = [.. candidates];
        options ??= BootstrapOptions.ForDecisions(all);
        var regrets = new List<double>();
        var baselines = new List<double>();
        var dates = new List<DateOnly>();
        int skipped = 0;
        foreach (IGrouping<string, SettledCandidate> context in all.GroupBy(c => c.Context.ContextId, StringComparer.Ordinal))
        {
            SettledCandidate[] group = [.. context.OrderBy(c => c.Candidate.Index)];
            double?[] scores = [.. group.Select(outcomeScore)];
            if (group.Length < 2 || scores.Contains(null))
            {
                skipped++;
                continue;
            }

            double best = scores.Max()!.Value;
            int chosen = Array.IndexOf(group, group.MaxBy(reward));
            regrets.Add(best - scores[chosen]!.Value);
            baselines.Add(best - scores[0]!.Value);
            dates.Add(group[0].Context.Date);
        }

        return regrets.Count == 0
            ? null
            : new BestOfKRegret
            {
                Contexts = regrets.Count,
                Skipped = skipped,
                Regret = regrets.Average(),
                BaselineRegret = baselines.Average(),
                Interval = ClusterBootstrap.OfMean(regrets, dates, random.Fork("regret"), options),
                BaselineInterval = ClusterBootstrap.OfMean(baselines, dates, random.Fork("baseline_regret"), options),
            };
    }
}
