using System.Numerics.Tensors;

namespace Rlaif.Data.Indicators;

/// <summary>The range that prices covered.</summary>
internal static class PriceRange
{
    /// <summary>The lowest low and the highest high of a window.</summary>
    internal static (double Low, double High) Over(ReadOnlySpan<double> lows, ReadOnlySpan<double> highs) =>
        (TensorPrimitives.Min(lows), TensorPrimitives.Max(highs));
}
