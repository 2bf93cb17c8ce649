using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>
/// What someone who knew the true expected score of every candidate would reach on the very same pairs and contexts. Only a simulated
/// market knows it; it is a yardstick beside what was learnt, never an input of it.
/// </summary>
public static class Attainable
{
    /// <summary>Accuracy on the pairs of <paramref name="data"/> when they are ranked by the true expectation, ties counted half; null without pairs.</summary>
    /// <param name="data">The pairs that the model is measured on.</param>
    /// <param name="trueExpectation">The expected outcome score of a candidate.</param>
    public static double? Accuracy(PreferenceDataset data, Func<SettledCandidate, double> trueExpectation)
    {
        double[] expected = [.. data.Candidates.Select(trueExpectation)];
        return data.Pairs.Count == 0
            ? null
            : data.Pairs.Average(p =>
                PairwiseAccuracy.Hit(expected[data.IndexOf(p.ChosenId)] - expected[data.IndexOf(p.RejectedId)])
            );
    }

    /// <summary>
    /// The realized improvement of choosing the candidate with the best true expectation of each context (ties to the lowest index)
    /// over the static baseline, the candidate of the lowest index.
    /// </summary>
    /// <param name="candidates">All settled candidates of the contexts that the arms were compared on.</param>
    /// <param name="trueExpectation">The expected contribution of a candidate.</param>
    /// <param name="random">Seeds the interval.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForDecisions"/>.</param>
    /// <exception cref="NotEnoughDataException">There are no candidates.</exception>
    public static PairedComparison Improvement(
        IEnumerable<SettledCandidate> candidates,
        Func<SettledCandidate, double> trueExpectation,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        SettledCandidate[][] contexts =
        [
            .. candidates
                .GroupBy(c => c.Context.ContextId, StringComparer.Ordinal)
                .Select(g => g.OrderBy(c => c.Candidate.Index).ToArray()),
        ];
        return PairedComparison.Compare(
            [.. contexts.Select(c => c[0])],
            [.. contexts.Select(c => c.MaxBy(trueExpectation)!)],
            random,
            options
        );
    }
}
