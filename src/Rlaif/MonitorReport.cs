using Rlaif.Validation;

namespace Rlaif;

/// <summary>How a deployed model does on decisions that settled after everything it was fitted to and judged on.</summary>
public sealed record MonitorReport
{
    /// <summary>Nothing that became known later was used, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Name of the metric that says which side of a pair did better.</summary>
    public required string Metric { get; init; }

    /// <summary>Contexts looked at.</summary>
    public required int Contexts { get; init; }

    /// <summary>Settled candidates of those contexts.</summary>
    public required int Candidates { get; init; }

    /// <summary>First decision date.</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>Last decision date.</summary>
    public required DateOnly LastDate { get; init; }

    /// <summary>Rewards and outcome scores of the candidates.</summary>
    public required RankCorrelation Correlation { get; init; }

    /// <summary>How well the rewards order the pairs among the candidates, formed as for validation, without a margin.</summary>
    public required PairwiseAccuracy Accuracy { get; init; }

    /// <summary>
    /// Interval of <see cref="Accuracy"/> minus the accuracy at training, as two independent figures; null when that is not known.
    /// </summary>
    public required (double Lower, double Upper)? SinceTraining { get; init; }

    /// <summary>Whether features moved; null when the model was stored without their distribution in training.</summary>
    public required DriftReport? Drift { get; init; }

    /// <summary>The champion before (first) and this model (second) on the pairs; null without one, or when no pair came after both or it reads other features.</summary>
    public required ModelComparison? Comparison { get; init; }

    /// <summary>Pairs that could be learnt from, of decisions later than everything the model was fitted to and judged on.</summary>
    public required int NewPairs { get; init; }

    /// <summary>Days since the training.</summary>
    public required double AgeDays { get; init; }

    /// <summary>Whether something is wrong, rather than a new training merely due.</summary>
    public required bool Alarm { get; init; }

    /// <summary>What to do.</summary>
    public required MonitorAdvice Advice { get; init; }

    /// <summary>Why, a sentence each, the gravest first; what was looked at without finding anything is not named.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}
