using Rlaif.Validation;

namespace Rlaif;

/// <summary>Accuracy on some of the pairs.</summary>
/// <param name="Pairs">How many.</param>
/// <param name="Accuracy">Share whose chosen side has the higher reward, ties counted half.</param>
/// <param name="AccuracyCi">Interval by decision date; null with fewer than two independent blocks of dates.</param>
public sealed record GroupNumbers(int Pairs, double Accuracy, double[]? AccuracyCi)
{
    internal static GroupNumbers Of(GroupAccuracy group) => new(group.Pairs, group.Accuracy, group.Interval?.ToArray());
}
