using System.Runtime.Intrinsics;
using Rlaif.Data.Text;

namespace Rlaif.Data.Documents;

/// <summary>
/// Compares passages with a query by the cosine of their vectors. A passage is encoded when it is first compared: what no search can
/// see costs nothing. Thread-safe; the same similarity on every machine.
/// </summary>
/// <param name="encoder">Makes the vectors, of unit length.</param>
/// <param name="count">Number of passages.</param>
/// <param name="textOf">The text of a passage, as it is encoded.</param>
internal sealed class PassageVectors(ITextEncoder encoder, int count, Func<int, string> textOf)
{
    private readonly float[]?[] _vectors = new float[]?[count];

    /// <summary>The cosine of each passage by position; zero where it is not visible.</summary>
    internal double[] Score(string query, bool[] visible)
    {
        var scores = new double[visible.Length];
        float[] wanted = Encode(query);
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = visible[i] ? Dot(wanted, Vector(i)) : 0;
        }

        return scores;
    }

    // Two threads may encode the same passage, with the same result.
    private float[] Vector(int position)
    {
        float[]? vector = Volatile.Read(ref _vectors[position]);
        if (vector is null)
        {
            vector = Encode(textOf(position));
            Volatile.Write(ref _vectors[position], vector);
        }

        return vector;
    }

    private float[] Encode(string text)
    {
        var vector = new float[encoder.Dimensions];
        encoder.Encode(text, vector);
        return vector;
    }

    // Always eight sums side by side, whatever registers the machine has: another order of summation would rank near ties differently.
    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector256<float> sums = Vector256<float>.Zero;
        int i = 0;
        for (; i <= a.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            sums += Vector256.Create(a[i..]) * Vector256.Create(b[i..]);
        }

        double total = 0;
        for (int lane = 0; lane < Vector256<float>.Count; lane++)
        {
            total += sums[lane];
        }

        for (; i < a.Length; i++)
        {
            total += (double)a[i] * b[i];
        }

        return total;
    }
}
