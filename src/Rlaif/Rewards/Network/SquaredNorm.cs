using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rlaif.Rewards.Network;

/// <summary>Sums of squares whose bits do not depend on the machine's registers: always 32 running sums, added up in order.</summary>
internal static class SquaredNorm
{
    /// <summary>Values per stretch of single precision, so that it loses nothing that matters.</summary>
    private const int Stretch = 4096;

    /// <summary>Running sums, four registers of eight: one would wait for the additions before it.</summary>
    private const int Sums = 32;

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
        int lanes = Vector256<float>.Count;
        (Vector256<float> s0, Vector256<float> s1, Vector256<float> s2, Vector256<float> s3) = (
            default,
            default,
            default,
            default
        );
        int i = 0;
        for (; i + Sums <= values.Length; i += Sums)
        {
            ReadOnlySpan<float> next = values.Slice(i, Sums);
            s0 += Square(next);
            s1 += Square(next[lanes..]);
            s2 += Square(next[(2 * lanes)..]);
            s3 += Square(next[(3 * lanes)..]);
        }

        double total = Vector256.Sum(s0) + (double)Vector256.Sum(s1) + Vector256.Sum(s2) + Vector256.Sum(s3);
        for (; i < values.Length; i++)
        {
            total += (double)values[i] * values[i];
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Square(ReadOnlySpan<float> values)
    {
        Vector256<float> v = Vector256.Create(values);
        return v * v;
    }
}
