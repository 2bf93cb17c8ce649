using MathNet.Numerics.Distributions;

namespace Rlaif.Validation;

/// <summary>The difference of two Sharpe ratios of the same periods, per period, with its standard error.</summary>
/// <param name="First">Sharpe ratio of the first series.</param>
/// <param name="Second">Sharpe ratio of the second series.</param>
/// <param name="StandardError">Standard error of the difference.</param>
public sealed record SharpeDifference(double First, double Second, double StandardError)
{
    private const double ParzenBandwidth = 2.6614;
    private const int Moments = 4;

    /// <summary>First minus second.</summary>
    public double Difference => First - Second;

    /// <summary>The difference in standard errors.</summary>
    public double Statistic => Difference / StandardError;

    /// <summary>Two-sided p-value of equal Sharpe ratios, by the normal distribution.</summary>
    public double PValue => 2 * Normal.CDF(0, 1, -Math.Abs(Statistic));

    /// <summary>
    /// Jobson and Korkie (1981) as corrected by Memmel (2003). Holds for independent, bivariate normal returns only: fat tails and serial
    /// dependence make it too confident. Null when a series does not vary or has fewer than three returns.
    /// </summary>
    public static SharpeDifference? Memmel(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (Sharpes(first, second) is not ({ } a, { } b))
        {
            return null;
        }

        double rho = Correlation(first, second);
        double variance = (2 - (2 * rho) + (((a * a) + (b * b) - (2 * a * b * rho * rho)) / 2)) / first.Count;
        return Create(a, b, variance);
    }

    /// <summary>
    /// Ledoit and Wolf (2008) for independent periods: the delta method on the first two moments, valid for fat tails. Null when a series
    /// does not vary or has fewer than three returns.
    /// </summary>
    public static SharpeDifference? LedoitWolf(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (Sharpes(first, second) is not ({ } a, { } b))
        {
            return null;
        }

        double[][] moments = CenteredMoments(first, second);
        double variance = Quadratic(Gradient(first, second), (i, j) => Product(moments[i], moments[j], 0) / (first.Count - 1));
        return Create(a, b, variance / first.Count);
    }

    /// <summary>
    /// Ledoit and Wolf (2008) for serially dependent periods: the same with the Parzen-kernel covariance of Andrews (1991), bandwidth
    /// chosen from first-order autoregressions. Null when a series does not vary or has fewer than six returns.
    /// </summary>
    public static SharpeDifference? LedoitWolfHac(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        int n = first.Count;
        if (n < Moments + 2 || Sharpes(first, second) is not ({ } a, { } b))
        {
            return null;
        }

        double[][] moments = CenteredMoments(first, second);
        double bandwidth = Bandwidth(moments, n);
        double variance = Quadratic(Gradient(first, second), LongRunCovariance);
        return Create(a, b, variance / n);

        double LongRunCovariance(int i, int j)
        {
            double sum = Product(moments[i], moments[j], 0);
            for (int lag = 1; lag < bandwidth && lag < n; lag++)
            {
                sum += Parzen(lag / bandwidth) * (Product(moments[i], moments[j], lag) + Product(moments[j], moments[i], lag));
            }

            return sum / n * n / (n - Moments);
        }
    }

    /// <summary>The plug-in constant of the bandwidth: sum 4 rho^2 s^4 / (1 - rho)^8 over sum s^4 / (1 - rho)^4, and the bandwidth itself.</summary>
    internal static (double Alpha, double Bandwidth) BandwidthOf(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[][] moments = CenteredMoments(first, second);
        return (Alpha(moments), Bandwidth(moments, first.Count));
    }

    private static SharpeDifference? Create(double first, double second, double variance) =>
        variance > 0 ? new SharpeDifference(first, second, Math.Sqrt(variance)) : null;

    private static (double? First, double? Second) Sharpes(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException("Both series must cover the same periods.", nameof(second));
        }

        return first.Count < 3 ? (null, null) : (ReturnStatistics.Sharpe([.. first], 1), ReturnStatistics.Sharpe([.. second], 1));
    }

    private static double Correlation(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        double[][] moments = CenteredMoments(first, second);
        return Product(moments[0], moments[1], 0)
            / Math.Sqrt(Product(moments[0], moments[0], 0) * Product(moments[1], moments[1], 0));
    }

    // r1 - mean, r2 - mean, r1^2 - mean, r2^2 - mean: the moments that the Sharpe ratios are functions of.
    private static double[][] CenteredMoments(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        [Centered(first), Centered(second), Centered([.. first.Select(r => r * r)]), Centered([.. second.Select(r => r * r)])];

    private static double[] Centered(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return [.. values.Select(v => v - mean)];
    }

    private static double[] Gradient(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        (double mean1, double square1) = (first.Average(), first.Average(r => r * r));
        (double mean2, double square2) = (second.Average(), second.Average(r => r * r));
        double cube1 = Math.Pow(square1 - (mean1 * mean1), 1.5);
        double cube2 = Math.Pow(square2 - (mean2 * mean2), 1.5);
        return [square1 / cube1, -square2 / cube2, -0.5 * mean1 / cube1, 0.5 * mean2 / cube2];
    }

    private static double Quadratic(double[] gradient, Func<int, int, double> covariance)
    {
        double sum = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            for (int j = 0; j < gradient.Length; j++)
            {
                sum += gradient[i] * gradient[j] * covariance(i, j);
            }
        }

        return sum;
    }

    private static double Product(double[] left, double[] right, int lag)
    {
        double sum = 0;
        for (int i = lag; i < left.Length; i++)
        {
            sum += left[i] * right[i - lag];
        }

        return sum;
    }

    private static double Bandwidth(double[][] moments, int n) => ParzenBandwidth * Math.Pow(Alpha(moments) * n, 0.2);

    private static double Alpha(double[][] moments)
    {
        double numerator = 0;
        double denominator = 0;
        foreach (double[] series in moments)
        {
            (double rho, double residual) = Autoregression(series);
            double quartic = residual * residual;
            numerator += 4 * rho * rho * quartic / Math.Pow(1 - rho, 8);
            denominator += quartic / Math.Pow(1 - rho, 4);
        }

        return numerator / denominator;
    }

    // Least squares of each value on the one before, with an intercept; the residual variance.
    private static (double Rho, double Variance) Autoregression(double[] series)
    {
        double[] before = Centered(series[..^1]);
        double[] after = Centered(series[1..]);
        double rho = Product(after, before, 0) / Product(before, before, 0);
        double variance = 0;
        for (int i = 0; i < after.Length; i++)
        {
            double residual = after[i] - (rho * before[i]);
            variance += residual * residual;
        }

        return (rho, variance / after.Length);
    }

    private static double Parzen(double x) => x <= 0.5 ? 1 - (6 * x * x) + (6 * x * x * x) : 2 * Math.Pow(1 - x, 3);
}
