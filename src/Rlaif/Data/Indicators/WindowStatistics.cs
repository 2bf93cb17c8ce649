namespace Rlaif.Data.Indicators;

/// <summary>Moments of short windows. NaN where a measure is not defined, because there is nothing to measure or nothing varies.</summary>
internal static class WindowStatistics
{
    // Equal values have a deviation of a few rounding errors of their size, not exactly zero.
    private const double Negligible = 1e-11;

    internal static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    /// <summary>Sum of squared deviations from the mean; exactly 0 where the values differ by rounding only.</summary>
    internal static double SquaredDeviations(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double sum = 0;
        double largest = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
            largest = Math.Max(largest, Math.Abs(value));
        }

        double floor = largest * Negligible;
        return sum <= floor * floor * values.Length ? 0 : sum;
    }

    /// <summary>Standard deviation with divisor n - 1.</summary>
    internal static double SampleDeviation(ReadOnlySpan<double> values) =>
        values.Length < 2 ? double.NaN : Math.Sqrt(SquaredDeviations(values) / (values.Length - 1));

    /// <summary>Third standardized moment, m3 / m2^1.5 (population moments).</summary>
    internal static double Skewness(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double second = SquaredDeviations(values) / values.Length;
        double third = 0;
        foreach (double value in values)
        {
            third += Math.Pow(value - mean, 3);
        }

        return third / values.Length / Math.Pow(second, 1.5);
    }

    /// <summary>Correlation of the values with those one step before, both about the mean of all.</summary>
    internal static double Autocorrelation(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double sum = 0;
        for (int i = 1; i < values.Length; i++)
        {
            sum += (values[i] - mean) * (values[i - 1] - mean);
        }

        return sum / SquaredDeviations(values);
    }

    /// <summary>Sum of products of deviations from the means.</summary>
    internal static double CrossDeviations(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double meanX = Mean(x);
        double meanY = Mean(y);
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (x[i] - meanX) * (y[i] - meanY);
        }

        return sum;
    }
}
