using Rlaif.Validation;

namespace Rlaif;

/// <summary>The runs whose results are known beforehand; their intervals are at 99% (<see cref="TrainingControls.Level"/>).</summary>
/// <param name="ShuffledLabels">Labels turned by a coin per date: has to be at chance.</param>
/// <param name="FutureFeatures">Features of after the exit: what knowing the future is worth; null when no pair has them.</param>
public sealed record ControlNumbers(ControlNumbers.Shuffled ShuffledLabels, ControlNumbers.Future? FutureFeatures)
{
    internal static ControlNumbers Of(TrainingControls controls) =>
        new(
            new Shuffled(controls.ShuffledLabels.Accuracy, controls.ShuffledLabels.Interval?.ToArray(), controls.IsAtChance),
            controls.FutureFeatures is { } future ? new Future(future.Pairs, future.Accuracy, future.Interval?.ToArray()) : null
        );

    /// <summary>The run on shuffled labels.</summary>
    /// <param name="Accuracy">Share of pairs ranked like their shuffled labels.</param>
    /// <param name="Ci">Interval by decision date.</param>
    /// <param name="AtChance">Whether the interval holds 0.5; null without an interval.</param>
    public sealed record Shuffled(double Accuracy, double[]? Ci, bool? AtChance);

    /// <summary>The run on features of the future.</summary>
    /// <param name="Pairs">Pairs whose both sides have such features.</param>
    /// <param name="Accuracy">Share of them ranked as they turned out.</param>
    /// <param name="Ci">Interval by decision date.</param>
    public sealed record Future(int Pairs, double Accuracy, double[]? Ci);
}
