using System.Numerics.Tensors;

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
        for (int i = 0; i < count * dimensions; i++)
        {
            sums[i % dimensions] += vectors[i];
            squares += (double)vectors[i] * vectors[i];
        }

        double variance = ((squares / count) - sums.Sum(s => s / count * (s / count))) / dimensions;
        return new TextScaler(
            [.. sums.Select(s => (float)(s / count))],
            variance > SmallestVariance ? (float)(1 / Math.Sqrt(variance)) : 0
        );
    }

    /// <summary>Centers and scales one vector in place, clipped to +-5.</summary>
    public void Apply(Span<float> vector)
    {
        TensorPrimitives.Subtract(vector, Means, vector);
        TensorPrimitives.Multiply(vector, Factor, vector);
        TensorPrimitives.Clamp(vector, -Clip, Clip, vector);
    }
}
