using Rlaif.Validation;

namespace Rlaif;

/// <summary>Two rank correlations.</summary>
/// <param name="Spearman">Spearman's rho.</param>
/// <param name="Kendall">Kendall's tau-b.</param>
public sealed record RankNumbers(RankNumbers.Coefficient Spearman, RankNumbers.Coefficient Kendall)
{
    internal static RankNumbers Of(RankCorrelation? correlation) =>
        new(
            new Coefficient(correlation?.Spearman, correlation?.SpearmanInterval?.ToArray()),
            new Coefficient(correlation?.Kendall, correlation?.KendallInterval?.ToArray())
        );

    /// <summary>A correlation in [-1, 1].</summary>
    /// <param name="Value">The coefficient; null where it is not defined.</param>
    /// <param name="Ci">Interval by decision date; null where it is not defined.</param>
    public sealed record Coefficient(double? Value, double[]? Ci);
}
