namespace Rlaif.Validation;

/// <summary>
/// Mean block length that minimizes the error of a bootstrap variance (Politis and White 2004, with the correction of Patton,
/// Politis and White 2009).
/// </summary>
/// <param name="Stationary">For the stationary bootstrap, in observations.</param>
/// <param name="Circular">For the circular block bootstrap, in observations.</param>
public sealed record BlockLength(double Stationary, double Circular)
{
    private const int FewestLags = 5;
    private const double StationaryFactor = 2;
    private const double CircularFactor = 4.0 / 3.0;
    private const int FewestObservations = 9;

    /// <summary>Estimates the length from a series; null when it is too short (below 9) or does not vary.</summary>
    public static BlockLength? PolitisWhite(ReadOnlySpan<double> series)
    {
        if (series.Length < FewestObservations || ReturnStatistics.StandardDeviation(series) is not > 0)
        {
            return null;
        }

        int n = series.Length;
        int run = Math.Max(FewestLags, (int)Math.Log10(n));
        int maxLag = (int)Math.Ceiling(Math.Sqrt(n)) + run;
        double[] covariances = Autocovariances(series, maxLag);
        int lags = Bandwidth(covariances, n, run, maxLag);
        double slope = 0;
        double variance = covariances[0];
        for (int lag = 1; lag <= lags && lag < covariances.Length; lag++)
        {
            double share = (double)lag / lags;
            double weight = share <= 0.5 ? 1 : 2 * (1 - share);
            slope += 2 * weight * lag * covariances[lag];
            variance += 2 * weight * covariances[lag];
        }

        double cap = Math.Ceiling(Math.Min(3 * Math.Sqrt(n), n / 3.0));
        return new BlockLength(Length(StationaryFactor), Length(CircularFactor));

        double Length(double factor) =>
            Math.Min(Math.Cbrt(2 * slope * slope / (factor * variance * variance)) * Math.Cbrt(n), cap);
    }

    // Twice the first lag from which `run` autocorrelations in a row are insignificant.
    private static int Bandwidth(double[] covariances, int n, int run, int maxLag)
    {
        double band = 2 * Math.Sqrt(Math.Log10(n) / n);
        int quiet = 0;
        for (int lag = 0; lag < covariances.Length; lag++)
        {
            quiet = Math.Abs(covariances[lag] / covariances[0]) < band ? quiet + 1 : 0;
            if (quiet == run)
            {
                return Math.Min(2 * Math.Max(lag - run + 1, 1), maxLag);
            }
        }

        return maxLag;
    }

    private static double[] Autocovariances(ReadOnlySpan<double> series, int maxLag)
    {
        double mean = ReturnStatistics.Mean(series)!.Value;
        double[] covariances = new double[Math.Min(maxLag, series.Length - 1) + 1];
        for (int lag = 0; lag < covariances.Length; lag++)
        {
            double sum = 0;
            for (int i = lag; i < series.Length; i++)
            {
                sum += (series[i] - mean) * (series[i - lag] - mean);
            }

            covariances[lag] = sum / series.Length;
        }

        return covariances;
    }
}
