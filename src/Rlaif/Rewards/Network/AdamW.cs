using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rlaif.Rewards.Network;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2), over the flat parameter array.</summary>
internal sealed class AdamW(int parameters, double weightDecay)
{
    /// <summary>Decay of the running mean of gradients.</summary>
    public const double Beta1 = 0.9;

    /// <summary>Decay of the running mean of squared gradients.</summary>
    public const double Beta2 = 0.999;

    /// <summary>Keeps the division finite.</summary>
    public const double Epsilon = 1e-8;

    private readonly float[] _mean = new float[parameters];
    private readonly float[] _square = new float[parameters];
    private int _step;
    private float _gradientScale;
    private float _decay;
    private float _stepSize;
    private float _correction;

    /// <summary>Starts the next step; then every parameter is to be updated once.</summary>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="gradientScale">Factor on the gradient: below 1 when it is clipped.</param>
    public void NextStep(double learningRate, double gradientScale)
    {
        _step++;
        _gradientScale = (float)gradientScale;
        _decay = (float)(1 - (learningRate * weightDecay));
        _stepSize = (float)(learningRate / (1 - Math.Pow(Beta1, _step)));
        _correction = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, _step)));
    }

    /// <summary>Updates parameters <paramref name="start"/> to <paramref name="end"/> (exclusive).</summary>
    /// <param name="values">All parameters.</param>
    /// <param name="gradient">Their gradients.</param>
    /// <param name="start">First parameter.</param>
    /// <param name="end">Parameter after the last.</param>
    [MethodImpl(HotLoop.Options)]
    public void Update(float[] values, float[] gradient, int start, int end)
    {
        (float scale, float decay, float stepSize, float correction) = (_gradientScale, _decay, _stepSize, _correction);
        const float KeepMean = (float)Beta1;
        const float AddMean = (float)(1 - Beta1);
        const float KeepSquare = (float)Beta2;
        const float AddSquare = (float)(1 - Beta2);

        Span<Vector<float>> v = Vectors(values, start, end);
        Span<Vector<float>> g = Vectors(gradient, start, end);
        Span<Vector<float>> m = Vectors(_mean, start, end);
        Span<Vector<float>> s = Vectors(_square, start, end);
        for (int i = 0; i < v.Length; i++)
        {
            Vector<float> scaled = g[i] * scale;
            Vector<float> mean = (m[i] * KeepMean) + (scaled * AddMean);
            Vector<float> square = (s[i] * KeepSquare) + (scaled * scaled * AddSquare);
            Vector<float> divisor = (Vector.SquareRoot(square) * correction) + new Vector<float>((float)Epsilon);
            v[i] = (v[i] * decay) - (mean * stepSize / divisor);
            m[i] = mean;
            s[i] = square;
        }

        for (int i = start + (v.Length * Vector<float>.Count); i < end; i++)
        {
            float scaled = gradient[i] * scale;
            _mean[i] = (_mean[i] * KeepMean) + (scaled * AddMean);
            _square[i] = (_square[i] * KeepSquare) + (scaled * scaled * AddSquare);
            float divisor = (MathF.Sqrt(_square[i]) * correction) + (float)Epsilon;
            values[i] = (values[i] * decay) - (_mean[i] * stepSize / divisor);
        }
    }

    private static Span<Vector<float>> Vectors(float[] array, int start, int end) =>
        MemoryMarshal.Cast<float, Vector<float>>(array.AsSpan(start, end - start));
}
