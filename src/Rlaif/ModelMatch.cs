using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>Lets two reward models order the pairs that came after both of them.</summary>
public static class ModelMatch
{
    /// <summary>
    /// Compares two models on decisions later than everything that either was fitted to. Pairs are formed without a margin, as for validation:
    /// a filter would keep the clear cases only.
    /// </summary>
    /// <param name="first">The one to beat, say the champion.</param>
    /// <param name="second">The other one.</param>
    /// <param name="settled">Settled candidates of any time; the early ones are left out.</param>
    /// <param name="options">Metric and pools of the pairs, and the seed.</param>
    /// <returns>Null when there is no such pair.</returns>
    /// <exception cref="RlaifInputException">A model was trained on other features than the candidates have; the message names the difference.</exception>
    public static ModelComparison? Compare(
        RewardModel first,
        RewardModel second,
        IEnumerable<SettledCandidate> settled,
        LearningOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(settled);
        ArgumentNullException.ThrowIfNull(options);
        SettledCandidate[] later =
        [
            .. settled.Where(s => s.Context.AsOf > first.Metadata.KnownUntil && s.Context.AsOf > second.Metadata.KnownUntil),
        ];
        if (later.Length <= 1)
        {
            return null;
        }

        PreferenceDataset data = RewardLearning.Unfiltered(later, options.Preferences);
        return data.Pairs.Count == 0
            ? null
            : ModelComparison.Measure(
                data,
                LogOdds(first, data),
                LogOdds(second, data),
                new DeterministicRandom(options.Seed).Fork("match")
            );
    }

    private static double[] LogOdds(RewardModel model, PreferenceDataset data)
    {
        double[] rewards = model.ScoreAll([.. data.Candidates.Select(c => (c.Context, c.Candidate))]);
        return Array.ConvertAll(rewards, r => r / model.Metadata.Temperature);
    }
}
