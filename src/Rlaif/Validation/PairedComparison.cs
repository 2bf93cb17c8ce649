using MathNet.Numerics.Distributions;
using Rlaif.Outcomes;

namespace Rlaif.Validation;

/// <summary>
/// Two ways of choosing, compared on the same symbols and moments. What counts is the contribution to equity of the candidate that
/// each arm chose: position size times net return, a fraction (0.0001 is 0.01% of equity).
/// </summary>
public sealed record PairedComparison
{
    private const double Power = 0.8;
    private const int DigitsOfNeeded = 2;

    /// <summary>Number of symbols and moments on which both arms decided.</summary>
    public required int Decisions { get; init; }

    /// <summary>Decisions of one arm without a counterpart in the other; not used.</summary>
    public required int Unpaired { get; init; }

    /// <summary>Decisions on which the arms contributed differently.</summary>
    public required int Different { get; init; }

    /// <summary>Mean contribution of the baseline, a fraction of equity per decision.</summary>
    public required double BaselineMean { get; init; }

    /// <summary>Mean contribution of the other arm, a fraction of equity per decision.</summary>
    public required double ImprovedMean { get; init; }

    /// <summary><see cref="ImprovedMean"/> minus <see cref="BaselineMean"/>.</summary>
    public required double Difference { get; init; }

    /// <summary>Interval of the mean difference by decision date; null with fewer than two independent blocks of dates.</summary>
    public required BootstrapInterval? Interval { get; init; }

    /// <summary>Two-sided p-value of no difference, paired and clustered by date; null without an interval.</summary>
    public double? PValue => Interval?.PValue;

    /// <summary>
    /// Paired decisions in all that would show the observed difference with 80% power at the interval's level, if it is the true one;
    /// null when there is no difference or no interval.
    /// </summary>
    public required int? NeededDecisions { get; init; }

    /// <summary>What the evidence allows to say.</summary>
    public Verdict Verdict => VerdictText.Of(Interval);

    /// <summary>The verdict in a sentence, with the difference, its interval and, without evidence, how much more is needed.</summary>
    public string Sentence
    {
        get
        {
            using InvariantCulture culture = InvariantCulture.Enter();
            string head = $"{Verdict.ToText()}: {Percent(Difference)} of equity per decision";
            if (Interval is null)
            {
                return $"{head}, too few decision dates for an interval";
            }

            head += $" [{Percent(Interval.Lower)}, {Percent(Interval.Upper)}]";
            if (Verdict != Verdict.NotEnoughEvidence)
            {
                return head;
            }

            return NeededDecisions switch
            {
                null => $"{head}, the arms did not differ",
                { } needed when needed > Decisions => $"{head}, about {RoundUp(needed - Decisions):N0} more decisions needed",
                _ => $"{head}, more decision dates needed",
            };
        }
    }

    /// <summary>Compares two arms; decisions are matched by symbol and moment.</summary>
    /// <param name="baseline">What the baseline chose, one per symbol and moment.</param>
    /// <param name="improved">What the other arm chose, one per symbol and moment.</param>
    /// <param name="random">Seeds the interval.</param>
    /// <param name="options">Null for <see cref="BootstrapOptions.ForDecisions"/>.</param>
    /// <exception cref="ArgumentException">An arm has two decisions for one symbol and moment.</exception>
    /// <exception cref="NotEnoughDataException">The arms have no symbol and moment in common.</exception>
    public static PairedComparison Compare(
        IReadOnlyList<SettledCandidate> baseline,
        IReadOnlyList<SettledCandidate> improved,
        DeterministicRandom random,
        BootstrapOptions? options = null
    )
    {
        Dictionary<(string, DateTimeOffset), SettledCandidate> others = ByMoment(improved, nameof(improved));
        (SettledCandidate Baseline, SettledCandidate Improved)[] pairs =
        [
            .. ByMoment(baseline, nameof(baseline))
                .Where(b => others.ContainsKey(b.Key))
                .OrderBy(b => b.Key.Moment)
                .ThenBy(b => b.Key.Symbol, StringComparer.Ordinal)
                .Select(b => (b.Value, others[b.Key])),
        ];
        if (pairs.Length == 0)
        {
            throw new NotEnoughDataException(
                $"The arms ({baseline.Count} and {improved.Count} decisions) have no symbol and moment in common."
            );
        }

        options ??= BootstrapOptions.ForDecisions(pairs.Select(p => p.Baseline).Concat(pairs.Select(p => p.Improved)));
        double[] differences = [.. pairs.Select(p => Contribution(p.Improved) - Contribution(p.Baseline))];
        DateOnly[] dates = [.. pairs.Select(p => p.Baseline.Context.Date)];
        BootstrapInterval? interval = ClusterBootstrap.OfMean(differences, dates, random.Fork("comparison"), options);
        double baselineMean = pairs.Average(p => Contribution(p.Baseline));
        double improvedMean = pairs.Average(p => Contribution(p.Improved));
        return new PairedComparison
        {
            Decisions = pairs.Length,
            Unpaired = baseline.Count + improved.Count - (2 * pairs.Length),
            Different = differences.Count(d => d != 0),
            BaselineMean = baselineMean,
            ImprovedMean = improvedMean,
            Difference = differences.Average(),
            Interval = interval,
            NeededDecisions = Needed(interval),
        };
    }

    /// <summary>What a settled candidate adds to equity, a fraction: position size times net return.</summary>
    public static double Contribution(SettledCandidate settled) => settled.Outcome.PositionSize * settled.Outcome.NetReturn;

    private static Dictionary<(string Symbol, DateTimeOffset Moment), SettledCandidate> ByMoment(
        IReadOnlyList<SettledCandidate> arm,
        string name
    )
    {
        var byMoment = new Dictionary<(string, DateTimeOffset), SettledCandidate>(arm.Count);
        foreach (SettledCandidate settled in arm)
        {
            if (!byMoment.TryAdd((settled.Context.Symbol, settled.Context.AsOf), settled))
            {
                throw new ArgumentException(
                    $"There are two decisions for {settled.Context.Symbol} at {settled.Context.AsOf:u}; an arm has one.",
                    name
                );
            }
        }

        return byMoment;
    }

    // n grows with the square of (quantile + power quantile) over the observed difference in standard errors.
    private static int? Needed(BootstrapInterval? interval)
    {
        if (interval is null || interval.Estimate == 0 || interval.StandardError == 0)
        {
            return null;
        }

        double quantiles = Normal.InvCDF(0, 1, 0.5 + (interval.Level / 2)) + Normal.InvCDF(0, 1, Power);
        double ratio = quantiles * interval.StandardError / interval.Estimate;
        return (int)Math.Min(int.MaxValue, Math.Ceiling(interval.Items * ratio * ratio));
    }

    private static string Percent(double fraction)
    {
        string text = (100 * fraction).ToString("+0.000;-0.000;0.000");
        return $"{text}%";
    }

    // "About 900": two digits are all that such an estimate carries.
    private static int RoundUp(int count)
    {
        double unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(count, 1))) - DigitsOfNeeded + 1));
        return (int)Math.Min(int.MaxValue, Math.Ceiling(count / unit) * unit);
    }
}
