using MathNet.Numerics.Distributions;
using Rlaif.Decisions;
using Rlaif.Rewards.Features;

namespace Rlaif.Validation;

/// <summary>The stability index of one feature: of the recent contexts, and of every stretch of the training time against the rest of it.</summary>
internal sealed record FeatureMeasure
{
    // Each side is drawn towards the other by half a context per bin, so that an empty bin has a finite logarithm.
    private const double Smoothing = 0.5;

    public required string Name { get; init; }

    /// <summary>Bins with a context, recent or of the training side.</summary>
    public required int Bins { get; init; }

    public required int Contexts { get; init; }

    public required int TrainingContexts { get; init; }

    /// <summary>The index of the recent contexts.</summary>
    public required double Psi { get; init; }

    /// <summary>The index of each stretch of the training time, from the first on.</summary>
    public required double[] Usual { get; init; }

    /// <summary>Measures a feature.</summary>
    /// <param name="reference">The training side.</param>
    /// <param name="feature">Number of the feature.</param>
    /// <param name="contexts">The recent contexts.</param>
    /// <param name="length">Stretches of the reference that are as long as the time of the recent contexts.</param>
    public static FeatureMeasure Of(FeatureReference reference, int feature, IReadOnlyList<DecisionContext> contexts, int length)
    {
        int[][] stretches = reference.Counts[feature];
        int[] training = Sum(stretches);
        int[] recent = new int[training.Length];
        foreach (DecisionContext context in contexts)
        {
            recent[reference.BinOf(feature, FeatureBuilder.Read(context, reference.Names[feature]))]++;
        }

        var usual = new List<double>();
        for (int start = 0; start + length <= stretches.Length; start++)
        {
            int[] inside = Sum(stretches.AsSpan(start, length));
            int[] outside = [.. training.Zip(inside, (all, part) => all - part)];
            int count = inside.Sum();
            // Time without decisions says nothing; a stretch of more contexts than the recent ones has less noise than they have.
            if (2 * count >= contexts.Count)
            {
                usual.Add(IndexOf(outside, inside) * Math.Max(1, (double)count / contexts.Count));
            }
        }

        return new FeatureMeasure
        {
            Name = reference.Names[feature],
            Bins = training.Zip(recent).Count(b => b.First + b.Second > 0),
            Contexts = contexts.Count,
            TrainingContexts = training.Sum(),
            Psi = IndexOf(training, recent),
            Usual = [.. usual],
        };
    }

    /// <summary>An index as a multiple of its mean over the training stretches, or of that of independent contexts where it is larger.</summary>
    public double Ratio(double psi) => psi / Math.Max(Usual.DefaultIfEmpty().Average(), Scale * (Bins - 1));

    /// <summary>
    /// What the index of independent contexts stays below, but for an error of this probability: it is about (1/n + 1/m) times chi-squared with one
    /// degree of freedom less than bins (Yurdakul, Statistical Properties of Population Stability Index, 2018).
    /// </summary>
    public double SamplingNoise(double error) => Scale * ChiSquared.InvCDF(Bins - 1, 1 - error);

    private double Scale => (1.0 / Contexts) + (1.0 / TrainingContexts);

    private static double IndexOf(int[] training, int[] recent)
    {
        int bins = training.Zip(recent).Count(b => b.First + b.Second > 0);
        double trained = training.Sum();
        double seen = recent.Sum();
        double index = 0;
        for (int i = 0; i < training.Length; i++)
        {
            if (training[i] + recent[i] > 0)
            {
                double expected = (training[i] + Smoothing) / (trained + (Smoothing * bins));
                double actual = (recent[i] + (Smoothing * bins * expected)) / (seen + (Smoothing * bins));
                index += (actual - expected) * Math.Log(actual / expected);
            }
        }

        return index;
    }

    private static int[] Sum(ReadOnlySpan<int[]> stretches)
    {
        int[] sum = new int[stretches[0].Length];
        foreach (int[] stretch in stretches)
        {
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += stretch[i];
            }
        }

        return sum;
    }
}
