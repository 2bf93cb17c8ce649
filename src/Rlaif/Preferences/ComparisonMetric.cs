using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences.Expressions;

namespace Rlaif.Preferences;

/// <summary>
/// What "did better" means: a named function from a settled candidate to one number, higher being better. Null means that the number
/// cannot be computed for this candidate, never that it is zero. A hold scores 0 under every built-in metric. All but
/// <see cref="VolScaled"/> are per unit of position, so size does not count in them.
/// </summary>
public sealed class ComparisonMetric
{
    /// <summary>What an expression that <see cref="Parse"/> accepts is made of: fields, functions and operators, in one line for people.</summary>
    public const string ExpressionLanguage =
        "Fields: side, position_size, gross_return, net_return, costs, pnl, benchmark_return, max_drawdown, favorable_excursion, "
        + "adverse_excursion, sharpe, sortino, daily_volatility, beta, hold_days. Functions: if, abs, min, max, sqrt, log, exp, pow, sign. "
        + "Operators: + - * / < <= > >= == !=";

    private const double VolScaledMinMargin = 0.1;
    private const double GuideMinMargin = 0.05;
    private const string ExpressionPrefix = "expr:";
    private const double TradingDaysPerYear = 252;

    private readonly Func<SettledCandidate, double?> _score;
    private readonly Func<Outcome, Outcome, double?>? _noise;

    private ComparisonMetric(
        string name,
        double defaultMinMargin,
        Func<SettledCandidate, double?> score,
        Func<Outcome, Outcome, double?>? noise
    )
    {
        Name = name;
        DefaultMinMargin = defaultMinMargin;
        _score = score;
        _noise = noise;
    }

    /// <summary>
    /// The default: <c>size * (side * (r - beta * r_benchmark) - costs) / (daily volatility * sqrt(days held))</c>. Size counts; the unit
    /// is standard deviations expected before the fact, times the fraction of equity. Null without a positive volatility.
    /// </summary>
    public static ComparisonMetric VolScaled { get; } = new("vol_scaled", VolScaledMinMargin, ScoreVolScaled, LargerPosition);

    /// <summary>Net return, signed by side; a fraction (0.05 is 5%).</summary>
    public static ComparisonMetric Return { get; } = new("return", GuideMinMargin, s => s.Outcome.NetReturn, ExpectedVolatility);

    /// <summary>Annualized Sharpe ratio of the position's daily returns; null when there were too few of them.</summary>
    public static ComparisonMetric Sharpe { get; } = new("sharpe", GuideMinMargin, s => s.Outcome.Sharpe, RatioStandardError);

    /// <summary>Annualized Sortino ratio of the position's daily returns; null when there were too few of them.</summary>
    public static ComparisonMetric Sortino { get; } = new("sortino", GuideMinMargin, s => s.Outcome.Sortino, RatioStandardError);

    /// <summary>The guide's net return / (1 + |maximum drawdown|); a fraction.</summary>
    public static ComparisonMetric RiskAdjusted { get; } =
        new(
            "risk_adjusted",
            GuideMinMargin,
            s => s.Outcome.NetReturn / (1 + Math.Abs(s.Outcome.MaxDrawdown)),
            ExpectedVolatility
        );

    /// <summary>
    /// <c>side * (r - beta * r_benchmark) - costs</c>; a fraction. Beta is 1 when it is unknown; without a benchmark its term is 0.
    /// </summary>
    public static ComparisonMetric ExcessReturn { get; } =
        new("excess_return", GuideMinMargin, s => ExcessOf(s.Outcome), ExpectedVolatility);

    /// <summary>The metrics that have a name on the command line, the default first.</summary>
    public static IReadOnlyList<ComparisonMetric> BuiltIn { get; } =
    [VolScaled, Return, Sharpe, Sortino, RiskAdjusted, ExcessReturn];

    /// <summary>The stored name: snake_case, or <c>expr:</c> and an expression.</summary>
    public string Name { get; }

    /// <summary>
    /// Smallest margin of a pair when the options name none: 0.1 standard deviations for <see cref="VolScaled"/>, the guide's 0.05
    /// (in the metric's own unit) for every other metric.
    /// </summary>
    public double DefaultMinMargin { get; }

    /// <summary>Whether the margins of its pairs are in standard deviations rather than in the unit of the score.</summary>
    public bool MarginIsInSigmas => ReferenceEquals(this, VolScaled);

    /// <summary>
    /// The metric of a name: a built-in one, or an expression over the fields of the outcome such as
    /// <c>net_return - 2 * abs(max_drawdown)</c>. The <see cref="Name"/> of the latter is <c>expr:</c> and the expression in its
    /// canonical form, which is accepted here too, so that every stored name gives its metric back. Where a field is unknown, a
    /// division is by zero or a value is no finite number, the score is null. A hold scores what the expression gives for it.
    /// </summary>
    /// <exception cref="RlaifInputException">The name is unknown or the expression cannot be read; the message says what is allowed.</exception>
    public static ComparisonMetric Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (BuiltIn.FirstOrDefault(m => m.Name == name) is { } builtIn)
        {
            return builtIn;
        }

        bool isPrefixed = name.StartsWith(ExpressionPrefix, StringComparison.Ordinal);
        if (!isPrefixed && MetricExpression.IsName(name) && OutcomeFields.Find(name) is null)
        {
            throw new RlaifInputException(
                $"Unknown comparison metric '{name}'. Known metrics: {string.Join(", ", BuiltIn.Select(m => m.Name))}; or an expression over "
                    + $"{string.Join(", ", OutcomeFields.Names)}."
            );
        }

        ExpressionTerm term = MetricExpression.Parse(isPrefixed ? name[ExpressionPrefix.Length..] : name);
        return new ComparisonMetric(ExpressionPrefix + term.Text, GuideMinMargin, s => term.Value(s.Outcome), noise: null);
    }

    /// <summary>
    /// A metric of your own. The noise of its scores is unknown, so the confidence of a pair uses the spread of all scores known by then.
    /// </summary>
    /// <param name="name">The name under which its pairs are stored; none of the built-in names, and not beginning with <c>expr:</c>.</param>
    /// <param name="score">Higher is better; null (or a value that is not finite) when it cannot be computed. Must be pure.</param>
    /// <exception cref="RlaifInputException">The name is empty or belongs to a built-in metric.</exception>
    public static ComparisonMetric Custom(string name, Func<SettledCandidate, double?> score)
    {
        ArgumentNullException.ThrowIfNull(score);
        if (
            string.IsNullOrWhiteSpace(name)
            || name == ProcessPreferences.Metric
            || name.StartsWith(ExpressionPrefix, StringComparison.Ordinal)
            || BuiltIn.Any(m => m.Name == name)
        )
        {
            throw new RlaifInputException($"A custom metric needs a name of its own; '{name}' is empty or built in.");
        }

        return new ComparisonMetric(name, GuideMinMargin, score, noise: null);
    }

    /// <summary>The score of a settled candidate, or null when it cannot be computed.</summary>
    public double? Score(SettledCandidate settled)
    {
        ArgumentNullException.ThrowIfNull(settled);
        bool knownToBeZero = _noise is not null && settled.Outcome.Action == TradeAction.Hold;
        double? score = knownToBeZero ? 0 : _score(settled);
        return score is { } value && double.IsFinite(value) ? value : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Whether the noise of a score has to be estimated from the other scores.</summary>
    internal bool NoiseIsUnknown => _noise is null;

    /// <summary>
    /// One standard deviation of the score of one side of a pair, in the unit of the score; null when it is unknown.
    /// <paramref name="spread"/> stands in for metrics whose noise has no formula.
    /// </summary>
    internal double? Noise(Outcome a, Outcome b, double? spread) =>
        (_noise is null ? spread : _noise(a, b)) is > 0 and var s ? s : null;

    /// <summary>A score gap between two candidates as an outcome margin: standard deviations for vol_scaled, else the gap itself.</summary>
    internal double Margin(double gap, Outcome a, Outcome b) =>
        MarginIsInSigmas && LargerPosition(a, b) is { } size ? gap / size : gap;

    private static double? ScoreVolScaled(SettledCandidate settled)
    {
        Outcome outcome = settled.Outcome;
        return HorizonVolatility(outcome) is { } sigma ? outcome.PositionSize * ExcessOf(outcome) / sigma : null;
    }

    // Gross return is signed already: side * r.
    private static double ExcessOf(Outcome outcome)
    {
        double side = OutcomeFields.Side(outcome.Action);
        double benchmark = outcome.BenchmarkReturn is { } r ? (outcome.Beta ?? 1) * r : 0;
        return outcome.GrossReturn - (side * benchmark) - outcome.Costs;
    }

    // The unit of vol_scaled is sigma times fraction of equity; the larger position turns a gap back into sigmas.
    private static double? LargerPosition(Outcome a, Outcome b) =>
        Math.Max(a.PositionSize, b.PositionSize) is > 0 and var size ? size : null;

    private static double? ExpectedVolatility(Outcome a, Outcome b) => (HorizonVolatility(a) + HorizonVolatility(b)) / 2;

    private static double? HorizonVolatility(Outcome outcome) =>
        outcome.DailyVolatility is > 0 and var daily && outcome.HoldDays > 0 ? daily * Math.Sqrt(outcome.HoldDays) : null;

    // Standard error of an annualized ratio of n daily returns, sqrt(252 / n); its dependence on the ratio itself is left out.
    private static double? RatioStandardError(Outcome a, Outcome b) =>
        a.HoldDays > 0 && b.HoldDays > 0
            ? (Math.Sqrt(TradingDaysPerYear / a.HoldDays) + Math.Sqrt(TradingDaysPerYear / b.HoldDays)) / 2
            : null;
}
