namespace Rlaif.Validation;

/// <summary>Accuracy on the pairs of one group: a pool, a symbol, a bucket of margins.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="Accuracy">Share of pairs whose chosen side scored higher, ties counted half; in [0, 1].</param>
/// <param name="Interval">Interval by decision date; null with fewer than two independent blocks of dates.</param>
public sealed record GroupAccuracy(string Group, int Pairs, double Accuracy, BootstrapInterval? Interval);
