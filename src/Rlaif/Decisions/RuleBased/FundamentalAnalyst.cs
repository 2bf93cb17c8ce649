using Rlaif.Data;
using Rlaif.Data.Indicators;

namespace Rlaif.Decisions.RuleBased;

/// <summary>
/// Reads filings: growth, profitability, valuation and debt, each against a level regarded as ordinary. Old filings count for less;
/// without any it says so and has no view.
/// </summary>
public sealed class FundamentalAnalyst : IAnalyst
{
    private const double FreshDays = 60;
    private const double StaleDays = 150;
    private const double StaleFactor = 0.5;

    private static readonly Yardstick[] Yardsticks =
    [
        new("earnings_yield", 0.3, 0.045, 0.03, v => $"The earnings yield is {Wording.Level(v)}, {Against(v, 0.045)}."),
        new("revenue_growth_yoy", 0.3, 0.05, 0.1, v => $"Revenue {Wording.Moved(v)} on the year before, {Against(v, 0.05)}."),
        new("net_margin", 0.15, 0.1, 0.1, v => $"The net margin is {Wording.Level(v)}, {Against(v, 0.1)}."),
        new("return_on_equity", 0.15, 0.12, 0.12, v => $"Return on equity is {Wording.Level(v)}, {Against(v, 0.12)}."),
        new(
            "debt_to_equity",
            0.1,
            1.2,
            -1,
            v => $"Liabilities are {Wording.Plain(v)} times equity, {(v > 1.2 ? "more" : "no more")} than the usual 1.20."
        ),
    ];

    /// <inheritdoc/>
    public AnalystRole Role => AnalystRole.Fundamental;

    /// <inheritdoc/>
    public ValueTask<AnalystReport?> AnalyzeAsync(MarketSnapshot snapshot, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyDictionary<string, double?> features = snapshot.Features;
        var evidence = new Evidence();
        foreach (Yardstick yardstick in Yardsticks)
        {
            yardstick.Measure(evidence, features.GetValueOrDefault(yardstick.Feature));
        }

        double age = AgeFactor(evidence, features.GetValueOrDefault("days_since_filing"));
        return ValueTask.FromResult<AnalystReport?>(
            new AnalystReport
            {
                Role = Role,
                Score = evidence.Score,
                Confidence = evidence.Confidence * age,
                Analysis = evidence.IsEmpty
                    ? $"No filings of {snapshot.Symbol} are at hand: no view on fundamentals."
                    : $"On its filings {snapshot.Symbol} looks {Wording.View(evidence.Score)}.",
                Reasoning = evidence.IsEmpty ? ["No filings are known at this moment."] : evidence.Sentences(),
            }
        );
    }

    /// <inheritdoc/>
    public ValueTask<DebateTurn?> AnswerAsync(
        MarketSnapshot snapshot,
        AnalystReport own,
        IReadOnlyList<AnalystReport> others,
        int round,
        CancellationToken cancellationToken = default
    ) => ValueTask.FromResult<DebateTurn?>(Rebuttal.Answer(own, others, round));

    private static double AgeFactor(Evidence evidence, double? days)
    {
        if (evidence.IsEmpty || days is not { } age)
        {
            return 1;
        }

        string reading = age > StaleDays ? ", too old to lean on" : string.Empty;
        evidence.Remark($"The latest filing is {Wording.Count((int)Math.Floor(age), "day")} old{reading}.");
        double staleness = Math.Clamp((age - FreshDays) / (StaleDays - FreshDays), 0, 1);
        return 1 - (staleness * (1 - StaleFactor));
    }

    private static string Against(double value, double ordinary) =>
        $"{(value < ordinary ? "below" : "above")} the {Wording.Percent(ordinary)} taken as ordinary";

    /// <summary>A figure with its ordinary level and the distance from it that counts as much.</summary>
    private sealed record Yardstick(string Feature, double Weight, double Ordinary, double Scale, Func<double, string> Say)
    {
        internal void Measure(Evidence evidence, double? value)
        {
            if (value is { } v)
            {
                evidence.Add(Weight, Math.Tanh((v - Ordinary) / Scale), Say(v));
            }
            else
            {
                evidence.Miss(Weight);
            }
        }
    }
}
