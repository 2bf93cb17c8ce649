using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>A simpler way of scoring, on the very pairs that the model is measured on.</summary>
/// <param name="Name">Its name, snake_case.</param>
/// <param name="Accuracy">Share of pairs whose chosen side scored higher, ties counted half; in [0, 1].</param>
/// <param name="Interval">Interval of the accuracy by decision date; null with fewer than two independent blocks of dates.</param>
/// <param name="Lead">Accuracy of the model minus that of the baseline.</param>
/// <param name="LeadInterval">Interval of <paramref name="Lead"/>, paired by pair and clustered by date; null with fewer than two independent blocks of dates.</param>
public sealed record BaselineAccuracy(
    string Name,
    double Accuracy,
    BootstrapInterval? Interval,
    double Lead,
    BootstrapInterval? LeadInterval
)
{
    /// <summary>Whether the evidence leaves open that the baseline does as well as the model, or better.</summary>
    public bool IsAsGood => LeadInterval is not { Lower: > 0 };

    /// <summary>Measures a baseline beside the model.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="data">The candidates and all their pairs.</param>
    /// <param name="scores">The baseline's score of each candidate of the data set, in that order.</param>
    /// <param name="rewards">The model's, in the same order.</param>
    /// <param name="random">Seeds the intervals.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForPairs"/>.</param>
    /// <exception cref="NotEnoughDataException">There are no pairs.</exception>
    public static BaselineAccuracy Measure(
        string name,
        PreferenceDataset data,
        IReadOnlyList<double> scores,
        IReadOnlyList<double> rewards,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        options ??= BootstrapOptions.ForPairs(data);
        var baseline = PairHits.Of(data, scores);
        var model = PairHits.Of(data, rewards);
        GroupAccuracy own = baseline.Of(name, Enumerable.Range(0, baseline.Hits.Length), random, options);
        double[] leads = [.. model.Hits.Zip(baseline.Hits, (m, b) => m - b)];
        return new BaselineAccuracy(
            name,
            own.Accuracy,
            own.Interval,
            leads.Average(),
            ClusterBootstrap.OfMean(leads, baseline.Dates, random.Fork($"{name}/lead"), options)
        );
    }
}
