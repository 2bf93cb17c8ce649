using Rlaif.Preferences;

namespace Rlaif.Rewards.Training;

/// <summary>
/// By how much a pair should win, in units of the reward, from how clear its outcome was. Outcome margins come in units of their metric, where 0.05 may
/// be much or nothing, so they are first measured in standard deviations of the training pairs' own.
/// </summary>
internal static class RewardMargins
{
    /// <summary>
    /// The quartiles of the absolute value of a normal variable, in its standard deviations: a gap beyond k of them asks for k/3 (the steps of Llama 2,
    /// Touvron et al., 2023, table 27).
    /// </summary>
    private static readonly double[] Quartiles = [0.3186, 0.6745, 1.1503];

    /// <summary>The training pairs with their margins; those of a judge, who says which side is better but not by how much, stay at 0.</summary>
    /// <param name="data">The training side: scales are fitted on it.</param>
    /// <param name="pairs">Its pairs as the loss sees them, in the same order.</param>
    public static ScoredPair[] Set(PreferenceDataset data, IReadOnlyList<ScoredPair> pairs)
    {
        // Which side is named first says nothing, so gaps have mean 0 and their root mean square is their standard deviation.
        Dictionary<string, double> deviations = data
            .Pairs.GroupBy(p => p.Metric, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => Math.Sqrt(g.Average(p => p.OutcomeMargin * p.OutcomeMargin)), StringComparer.Ordinal);
        return
        [
            .. pairs.Select(
                (pair, i) =>
                    ProcessPreferences.IsProcess(data.Pairs[i])
                        ? pair
                        : pair with
                        {
                            Margin = Of(data.Pairs[i].OutcomeMargin / deviations[data.Pairs[i].Metric]),
                        }
            ),
        ];
    }

    private static double Of(double deviations) => (double)Quartiles.Count(q => deviations > q) / Quartiles.Length;
}
