namespace Rlaif.Validation;

/// <summary>
/// The performance measures of a series of returns. A measure that is not defined is null, and <see cref="Undefined"/> says why.
/// </summary>
public sealed record PerformanceMeasures
{
    private const string TooFew = "needs at least two returns";
    private const string NoVariation = "the returns do not vary";

    /// <summary>Number of returns.</summary>
    public required int N { get; init; }

    /// <summary>Annualized Sharpe ratio over the risk-free return, sample deviation (divisor n - 1).</summary>
    public required double? Sharpe { get; init; }

    /// <summary>Annualized Sortino ratio with the risk-free return as target, all returns in the downside mean.</summary>
    public required double? Sortino { get; init; }

    /// <summary>Largest fall from a running peak, the start included; a fraction in [-1, 0].</summary>
    public required double? MaxDrawdown { get; init; }

    /// <summary>Annualized return over the absolute value of the largest drawdown.</summary>
    public required double? Calmar { get; init; }

    /// <summary>Compounded return a year, a fraction.</summary>
    public required double? AnnualizedReturn { get; init; }

    /// <summary>Annualized sample standard deviation, a fraction.</summary>
    public required double? Volatility { get; init; }

    /// <summary>Population skewness.</summary>
    public required double? Skewness { get; init; }

    /// <summary>Population kurtosis, 3 for a normal distribution.</summary>
    public required double? Kurtosis { get; init; }

    /// <summary>Probability that the true Sharpe ratio is above zero.</summary>
    public required double? ProbabilisticSharpe { get; init; }

    /// <summary>Probability that the true Sharpe ratio is above what the best of the skill-less trials would show.</summary>
    public required double? DeflatedSharpe { get; init; }

    /// <summary>Number of returns needed for a 95% probability that the true Sharpe ratio is above zero.</summary>
    public required double? MinTrackRecordLength { get; init; }

    /// <summary>Why a measure is null, by its snake_case name.</summary>
    public required IReadOnlyDictionary<string, string> Undefined { get; init; }

    /// <summary>Computes the measures.</summary>
    /// <param name="returns">Simple returns per period, fractions, oldest first.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range, or a return is not finite.</exception>
    public static PerformanceMeasures Of(IReadOnlyList<double> returns, PerformanceOptions? options = null)
    {
        options = (options ?? new PerformanceOptions()).Validated();
        double[] series = [.. returns];
        int bad = Array.FindIndex(series, r => !double.IsFinite(r));
        if (bad >= 0)
        {
            throw new RlaifInputException($"Return {bad + 1} of {series.Length} is {series[bad]}; every return must be finite.");
        }

        return Compute(series, options);
    }

    private static PerformanceMeasures Compute(double[] series, PerformanceOptions options)
    {
        double periods = options.PeriodsPerYear;
        var undefined = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string flat = series.Length < 2 ? TooFew : NoVariation;
        double? sharpe = ReturnStatistics.Sharpe(series, 1, options.RiskFree);
        double? skewness = ReturnStatistics.Skewness(series);
        double? kurtosis = ReturnStatistics.Kurtosis(series);
        double? drawdown = series.Length == 0 ? null : ReturnStatistics.MaxDrawdown(series);
        double? annualized = ReturnStatistics.AnnualizedReturn(series, periods);
        string lost = series.Length == 0 ? "there are no returns" : "everything was lost";
        return new PerformanceMeasures
        {
            N = series.Length,
            Sharpe = Explain("sharpe", sharpe * Math.Sqrt(periods), flat),
            Sortino = Explain(
                "sortino",
                ReturnStatistics.Sortino(series, periods, options.RiskFree),
                series.Length < 2 ? TooFew : "no return is below the target"
            ),
            MaxDrawdown = Explain("max_drawdown", drawdown, lost),
            Calmar = Explain("calmar", ReturnStatistics.Calmar(series, periods), drawdown < 0 ? lost : "there was no drawdown"),
            AnnualizedReturn = Explain("annualized_return", annualized, lost),
            Volatility = Explain("volatility", ReturnStatistics.StandardDeviation(series) * Math.Sqrt(periods), TooFew),
            Skewness = Explain("skewness", skewness, flat),
            Kurtosis = Explain("kurtosis", kurtosis, flat),
            ProbabilisticSharpe = Explain("probabilistic_sharpe", Probability(series, sharpe, 0), flat),
            DeflatedSharpe = Explain(
                "deflated_sharpe",
                Deflated(series, sharpe, options),
                options.Trials is null ? "needs the number of trials" : flat
            ),
            MinTrackRecordLength = Explain(
                "min_track_record_length",
                sharpe is { } s
                    ? Validation.ProbabilisticSharpe.MinTrackRecordLength(s, 0, skewness!.Value, kurtosis!.Value)
                    : null,
                sharpe is null ? flat : "the Sharpe ratio is not above zero"
            ),
            Undefined = undefined,
        };

        double? Explain(string name, double? value, string reason)
        {
            if (value is null)
            {
                undefined[name] = reason;
            }

            return value;
        }
    }

    private static double? Probability(double[] series, double? sharpe, double benchmark) =>
        sharpe is { } s
            ? Validation.ProbabilisticSharpe.Probability(
                s,
                benchmark,
                series.Length,
                ReturnStatistics.Skewness(series)!.Value,
                ReturnStatistics.Kurtosis(series)!.Value
            )
            : null;

    private static double? Deflated(double[] series, double? sharpe, PerformanceOptions options)
    {
        if (options.Trials is not { } trials || sharpe is null)
        {
            return null;
        }

        double variance = options.TrialSharpeVariance ?? (1.0 / (series.Length - 1));
        return Probability(series, sharpe, Validation.ProbabilisticSharpe.DeflatedBenchmark(trials, variance));
    }
}
