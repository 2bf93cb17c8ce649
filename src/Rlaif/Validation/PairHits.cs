using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>What scores make of pairs, pair by pair.</summary>
/// <param name="Margins">Score of the chosen side minus that of the rejected one.</param>
/// <param name="Hits">1 for a positive margin, 0 for a negative one, half for a tie.</param>
/// <param name="Dates">The date of each pair: that of its later decision, when it could first be formed.</param>
internal sealed record PairHits(double[] Margins, double[] Hits, DateOnly[] Dates)
{
    /// <summary>Compares scores on the pairs of a data set.</summary>
    /// <param name="data">Candidates and pairs.</param>
    /// <param name="scores">One per candidate of the data set, in that order.</param>
    /// <exception cref="NotEnoughDataException">There are no pairs.</exception>
    /// <exception cref="ArgumentException">The number of scores differs from the number of candidates, or one is not finite.</exception>
    public static PairHits Of(PreferenceDataset data, IReadOnlyList<double> scores)
    {
        Require(data, scores);
        double[] margins = [.. data.Pairs.Select(p => scores[data.IndexOf(p.ChosenId)] - scores[data.IndexOf(p.RejectedId)])];
        return new PairHits(
            margins,
            Array.ConvertAll(margins, PairwiseAccuracy.Hit),
            [.. data.Pairs.Select(p => data.DateOf(p))]
        );
    }

    /// <summary>The accuracy on some of the pairs.</summary>
    /// <param name="group">The name of these pairs; it seeds their interval.</param>
    /// <param name="members">Their positions; at least one.</param>
    /// <param name="random">Seeds the interval.</param>
    /// <param name="options">Null for the defaults.</param>
    public GroupAccuracy Of(string group, IEnumerable<int> members, DeterministicRandom random, BootstrapOptions? options)
    {
        int[] own = [.. members];
        double[] hits = [.. own.Select(i => Hits[i])];
        BootstrapInterval? interval = ClusterBootstrap.OfShare(hits, [.. own.Select(i => Dates[i])], random.Fork(group), options);
        return new GroupAccuracy(group, own.Length, hits.Average(), interval);
    }

    private static void Require(PreferenceDataset data, IReadOnlyList<double> scores)
    {
        if (data.Pairs.Count == 0)
        {
            throw new NotEnoughDataException("There are 0 pairs to measure on; at least 1 is needed.");
        }

        if (scores.Count != data.Candidates.Count)
        {
            throw new ArgumentException(
                $"There are {scores.Count} rewards for {data.Candidates.Count} candidates.",
                nameof(scores)
            );
        }

        if (scores.Any(r => !double.IsFinite(r)))
        {
            throw new ArgumentException("Every reward must be finite.", nameof(scores));
        }
    }
}
