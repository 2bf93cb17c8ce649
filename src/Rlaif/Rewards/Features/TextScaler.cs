using System.Numerics.Tensors;

namespace Rlaif.Rewards.Features;

/// <summary>Standardizes text vectors per dimension with training means and deviations; a dimension that never varied becomes 0.</summary>
public sealed class TextScaler
{
    private const float Clip = (float)FeatureBuilder.ClipDeviations;

    /// <summary>Restores a scaler from what was fitted.</summary>
    /// <param name="means">Mean of each dimension.</param>
    /// <param name="factors">1 / standard deviation of each dimension; 0 where it never varied.</param>
    public TextScaler(float[] means, float[] factors)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(factors);
        ArgumentShape.RequireLength(factors.Length, means.Length, nameof(factors));
        Means = means;
        Factors = factors;
    }

    /// <summary>Mean of each dimension.</summary>
    public float[] Means { get; }

    /// <summary>1 / standard deviation of each dimension; 0 where it never varied.</summary>
    public float[] Factors { get; }

    /// <summary>Fits on the vectors of training texts, one after another in <paramref name="vectors"/>.</summary>
    public static TextScaler Fit(ReadOnlySpan<float> vectors, int dimensions)
    {
        double[] sums = new double[dimensions];
        double[] squares = new double[dimensions];
        int count = vectors.Length / dimensions;
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<float> vector = vectors.Slice(row * dimensions, dimensions);
            for (int i = 0; i < dimensions; i++)
            {
                sums[i] += vector[i];
                squares[i] += (double)vector[i] * vector[i];
            }
        }

        var scaler = new TextScaler(new float[dimensions], new float[dimensions]);
        for (int i = 0; i < dimensions; i++)
        {
            double mean = sums[i] / count;
            double variance = (squares[i] / count) - (mean * mean);
            scaler.Means[i] = (float)mean;
            scaler.Factors[i] = variance > SmallestVariance ? (float)(1 / Math.Sqrt(variance)) : 0;
        }

        return scaler;
    }

    /// <summary>Standardizes one vector in place, clipped to +-5 standard deviations.</summary>
    public void Apply(Span<float> vector)
    {
        TensorPrimitives.Subtract(vector, Means, vector);
        TensorPrimitives.Multiply(vector, Factors, vector);
        TensorPrimitives.Clamp(vector, -Clip, Clip, vector);
    }

    /// <summary>Unit vectors of some hundred dimensions have variances around 1e-3; below this there is only rounding.</summary>
    private const double SmallestVariance = 1e-12;
}
