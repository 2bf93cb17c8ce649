namespace Rlaif.Core;

/// <summary>
/// Measures of a series of periodic simple returns, as fractions (0.01 is 1%). A measure that is not defined for the series
/// (too few points, no variation, no loss) is null, never zero or infinite.
/// </summary>
public static class ReturnStatistics
{
    /// <summary>Arithmetic mean; null when empty.</summary>
    public static double? Mean(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return null;
        }

        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Sample standard deviation (divisor n - 1); null with fewer than two values.</summary>
    public static double? StandardDeviation(ReadOnlySpan<double> values)
    {
        if (values.Length < 2)
        {
            return null;
        }

        double mean = Mean(values)!.Value;
        double sum = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return Math.Sqrt(sum / (values.Length - 1));
    }

    /// <summary>Annualized Sharpe ratio: mean(r - rf) / std(r, n - 1) * sqrt(periods). Null when the deviation is zero or undefined.</summary>
    /// <param name="returns">Returns per period.</param>
    /// <param name="periodsPerYear">Periods in a year; 252 for trading days.</param>
    /// <param name="riskFree">Risk-free return per period.</param>
    public static double? Sharpe(ReadOnlySpan<double> returns, double periodsPerYear = 252, double riskFree = 0)
    {
        if (StandardDeviation(returns) is not { } deviation || IsNegligible(deviation, returns))
        {
            return null;
        }

        return (Mean(returns)!.Value - riskFree) / deviation * Math.Sqrt(periodsPerYear);
    }

    /// <summary>
    /// Annualized Sortino ratio: mean(r - target) * periods / (downside deviation * sqrt(periods)), the downside deviation being
    /// the root of mean(min(r - target, 0)^2) over all returns. Null when nothing fell below the target.
    /// </summary>
    public static double? Sortino(ReadOnlySpan<double> returns, double periodsPerYear = 252, double target = 0)
    {
        if (returns.Length < 2)
        {
            return null;
        }

        double sum = 0;
        foreach (double value in returns)
        {
            double below = Math.Min(value - target, 0);
            sum += below * below;
        }

        double downside = Math.Sqrt(sum / returns.Length);
        return downside > 0 ? (Mean(returns)!.Value - target) * periodsPerYear / (downside * Math.Sqrt(periodsPerYear)) : null;
    }

    /// <summary>Largest fall from a running peak of the compounded wealth, the start counted as a peak; a fraction in [-1, 0].</summary>
    public static double MaxDrawdown(ReadOnlySpan<double> returns)
    {
        double wealth = 1;
        double peak = 1;
        double worst = 0;
        foreach (double value in returns)
        {
            wealth *= 1 + value;
            peak = Math.Max(peak, wealth);
            worst = Math.Min(worst, (wealth / peak) - 1);
        }

        return worst;
    }

    // Equal returns have a deviation of a few rounding errors, not exactly zero.
    private static bool IsNegligible(double deviation, ReadOnlySpan<double> returns)
    {
        double scale = 0;
        foreach (double value in returns)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        return deviation <= scale * 1e-12;
    }
}
