using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Features;

/// <summary>
/// Centers text vectors and scales them by one factor, so that a dimension has variance 1 on average. One factor for all, not one each:
/// in a hashed vector the rare n-grams have the smallest variance, and blowing each up to the size of the common ones lets a network learn
/// single texts by heart (measured on planted preferences: 76% of the attainable accuracy instead of 96%).
/// </summary>
public sealed class TextScaler
{
    private const float Clip = (float)FeatureBuilder.ClipDeviations;

    /// <summary>Unit vectors of some hundred dimensions have variances around 1e-3; below this there is only rounding.</summary>
    private const double SmallestVariance = 1e-12;

    /// <summary>Restores a scaler from what was fitted.</summary>
    /// <param name="means">Mean of each dimension.</param>
    /// <param name="factor">1 / root mean variance of the dimensions; 0 when nothing varied.</param>
    public TextScaler(float[] means, float factor)
    {
        ArgumentNullException.ThrowIfNull(means);
        Means = means;
        Factor = factor;
    }

    /// <summary>Mean of each dimension.</summary>
    public float[] Means { get; }

    /// <summary>What the centered values are multiplied with.</summary>
    public float Factor { get; }

    /// <summary>Fits on the vectors of training texts, one after another in <paramref name="vectors"/>.</summary>
    public static TextScaler Fit(ReadOnlySpan<float> vectors, int dimensions)
    {
        double[] sums = new double[dimensions];
        double squares = 0;
        int count = vectors.Length / dimensions;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(i * dimensions, dimensions);
            for (int j = 0; j < vector.Length; j++)
            {
                sums[j] += vector[j];
                squares += (double)vector[j] * vector[j];
            }
        }

        double variance = ((squares / count) - sums.Sum(s => s / count * (s / count))) / dimensions;
        return new TextScaler(
            [.. sums.Select(s => (float)(s / count))],
            variance > SmallestVariance ? (float)(1 / Math.Sqrt(variance)) : 0
        );
    }

    /// <summary>Centers and scales one vector in place, clipped to +-5.</summary>
    [MethodImpl(HotLoop.Options)]
    public void Apply(Span<float> vector)
    {
        ArgumentShape.RequireLength(vector.Length, Means.Length, nameof(vector));
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(vector);
        ReadOnlySpan<Vector<float>> means = MemoryMarshal.Cast<float, Vector<float>>(Means);
        var highest = new Vector<float>(Clip);
        for (int i = 0; i < vectors.Length; i++)
        {
            // By comparing: what is not a number stays so and is found in the reward.
            Vector<float> scaled = (vectors[i] - means[i]) * Factor;
            scaled = Vector.ConditionalSelect(Vector.GreaterThan(scaled, highest), highest, scaled);
            vectors[i] = Vector.ConditionalSelect(Vector.LessThan(scaled, -highest), -highest, scaled);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < vector.Length; i++)
        {
            float scaled = (vector[i] - Means[i]) * Factor;
            vector[i] =
                scaled > Clip ? Clip
                : scaled < -Clip ? -Clip
                : scaled;
        }
    }
}
