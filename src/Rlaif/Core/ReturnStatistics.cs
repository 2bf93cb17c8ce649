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

    /// <summary>Compounded return of the whole series; 0 when empty.</summary>
    public static double TotalReturn(ReadOnlySpan<double> returns)
    {
        double wealth = 1;
        foreach (double value in returns)
        {
            wealth *= 1 + value;
        }

        return wealth - 1;
    }

    /// <summary>Compounded return a year: wealth^(periods / n) - 1. Null when empty or when everything was lost.</summary>
    /// <param name="returns">Returns per period.</param>
    /// <param name="periodsPerYear">Periods in a year; 252 for trading days.</param>
    public static double? AnnualizedReturn(ReadOnlySpan<double> returns, double periodsPerYear = 252)
    {
        double wealth = 1 + TotalReturn(returns);
        return returns.IsEmpty || wealth <= 0 ? null : Math.Pow(wealth, periodsPerYear / returns.Length) - 1;
    }

    /// <summary>Annualized return over the absolute value of the largest drawdown. Null when there was none.</summary>
    /// <inheritdoc cref="AnnualizedReturn"/>
    public static double? Calmar(ReadOnlySpan<double> returns, double periodsPerYear = 252)
    {
        double drawdown = MaxDrawdown(returns);
        return drawdown < 0 ? AnnualizedReturn(returns, periodsPerYear) / -drawdown : null;
    }

    /// <summary>Population skewness: m3 / m2^1.5. Null when the values do not vary.</summary>
    public static double? Skewness(ReadOnlySpan<double> values) => StandardizedMoment(values, 3);

    /// <summary>Population kurtosis, not in excess of the normal distribution's 3: m4 / m2^2. Null when the values do not vary.</summary>
    public static double? Kurtosis(ReadOnlySpan<double> values) => StandardizedMoment(values, 4);

    private static double? StandardizedMoment(ReadOnlySpan<double> values, int power)
    {
        if (StandardDeviation(values) is not { } deviation || IsNegligible(deviation, values))
        {
            return null;
        }

        double mean = Mean(values)!.Value;
        double variance = 0;
        double moment = 0;
        foreach (double value in values)
        {
            variance += (value - mean) * (value - mean);
            moment += Math.Pow(value - mean, power);
        }

        return moment / values.Length / Math.Pow(variance / values.Length, power / 2.0);
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
