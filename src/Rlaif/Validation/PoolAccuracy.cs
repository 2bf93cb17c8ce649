namespace Rlaif.Validation;

/// <summary>Accuracy on the pairs of one pool.</summary>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Accuracy">Share of pairs whose chosen side scored higher, ties counted half; in [0, 1].</param>
/// <param name="Interval">Interval by decision date; null with fewer than two independent blocks of dates.</param>
public sealed record PoolAccuracy(int Pairs, double Accuracy, BootstrapInterval? Interval);
