using Rlaif.Validation;

namespace Rlaif;

/// <summary>The mean of one quantity where another lies in a range.</summary>
/// <param name="At">Mean of the quantity that is binned by.</param>
/// <param name="Value">Mean of the other.</param>
/// <param name="Ci">Interval of the value by decision date; null with fewer than two independent blocks of dates.</param>
/// <param name="Count">Items in the bin.</param>
public sealed record BinNumbers(double At, double Value, double[]? Ci, int Count)
{
    internal static BinNumbers Of(BinnedMean bin) => new(bin.MeanX, bin.MeanY, bin.Interval?.ToArray(), bin.Count);
}
