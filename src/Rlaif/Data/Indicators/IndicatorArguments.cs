namespace Rlaif.Data.Indicators;

/// <summary>What every indicator asks of its arguments.</summary>
internal static class IndicatorArguments
{
    /// <summary>Checks that the period is at least 1 and that every other column has the length of the first.</summary>
    internal static void Check(int length, int period, params ReadOnlySpan<int> otherLengths)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        foreach (int other in otherLengths)
        {
            if (other != length)
            {
                throw new ArgumentException(
                    $"All columns must have the same length; one has {length} values, another {other}.",
                    nameof(otherLengths)
                );
            }
        }
    }

    /// <summary>Marks the warm-up: no value before <paramref name="first"/>.</summary>
    internal static void FillWarmUp(Span<double> output, int first) =>
        output[..Math.Clamp(first, 0, output.Length)].Fill(double.NaN);
}
