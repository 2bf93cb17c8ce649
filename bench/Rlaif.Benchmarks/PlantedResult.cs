using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Benchmarks;

/// <summary>Accuracies on the same unseen pairs.</summary>
internal sealed record PlantedAccuracy(
    int Seed,
    double Ensemble,
    double Single,
    double Attainable,
    IReadOnlyDictionary<string, double> Baselines
)
{
    /// <summary>Of the accuracy that was attainable, the share that the ensemble has.</summary>
    public double Ratio => Ensemble / Attainable;
}

/// <summary>One later context: what the pick among the first N candidates is worth, by who picks; fractions of equity, expected.</summary>
internal sealed record PlantedContext(DateOnly Date, double[] Single, double[] Mean, double[] Ensemble, double[] Truth);

/// <summary>One seed.</summary>
internal sealed record PlantedResult(PlantedAccuracy Accuracy, IReadOnlyList<PlantedContext> Contexts);

/// <summary>One N over all seeds: mean worth in basis points of equity per decision, and the paired difference with its interval.</summary>
internal sealed record PlantedCurve(
    int N,
    double Single,
    double Mean,
    double Ensemble,
    double Truth,
    double Difference,
    double[] DifferenceCi
)
{
    private const double BasisPoints = 1e4;

    public static PlantedCurve Of(int n, int index, IReadOnlyList<PlantedResult> results)
    {
        (PlantedContext Context, int Seed)[] all = [.. results.SelectMany((r, seed) => r.Contexts.Select(c => (c, seed)))];
        // Dates of different seeds are different dates: markets have nothing in common but the calendar.
        BootstrapInterval interval = ClusterBootstrap.OfMean(
            [.. all.Select(a => BasisPoints * (a.Context.Ensemble[index] - a.Context.Single[index]))],
            [.. all.Select(a => a.Context.Date.AddYears(100 * a.Seed))],
            new DeterministicRandom(1)
        )!;
        return new PlantedCurve(
            n,
            Average(c => c.Single),
            Average(c => c.Mean),
            Average(c => c.Ensemble),
            Average(c => c.Truth),
            interval.Estimate,
            [interval.Lower, interval.Upper]
        );

        double Average(Func<PlantedContext, double[]> of) => BasisPoints * all.Average(a => of(a.Context)[index]);
    }
}
