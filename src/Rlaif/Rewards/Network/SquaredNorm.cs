using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>Sums of squares whose bits do not depend on the machine's registers: always eight running sums, added up in order.</summary>
internal static class SquaredNorm
{
    /// <summary>Values per running sum's stretch, so that single precision loses nothing that matters.</summary>
    private const int Stretch = 1024;

    public static double Of(ReadOnlySpan<float> values)
    {
        double total = 0;
        for (int start = 0; start < values.Length; start += Stretch)
        {
            total += OfStretch(values.Slice(start, Math.Min(Stretch, values.Length - start)));
        }

        return total;
    }

    // Compiled in full at once: it would spend a short training in the unoptimized tier.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double OfStretch(ReadOnlySpan<float> values)
    {
        Vector256<float> sums = Vector256<float>.Zero;
        int i = 0;
        for (; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
        {
            Vector256<float> v = Vector256.Create(values.Slice(i, Vector256<float>.Count));
            sums += v * v;
        }

        double total = 0;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
        {
            total += sums[lane];
        }

        for (; i < values.Length; i++)
        {
            total += (double)values[i] * values[i];
        }

        return total;
    }
}
