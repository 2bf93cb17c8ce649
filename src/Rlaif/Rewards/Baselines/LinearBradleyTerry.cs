using System.Numerics.Tensors;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Training;

namespace Rlaif.Rewards.Baselines;

/// <summary>
/// The linear model behind the network: logistic regression on the differences of a pair's numerical inputs (texts are left out), scaled as the
/// network sees them, weighted as the network's pairs are. The strength of its penalty is the one with the lowest loss on the stopping pairs.
/// </summary>
internal sealed class LinearBradleyTerry
{
    /// <summary>The strength without stopping pairs to choose by.</summary>
    public const double DefaultStrength = 0.1;

    // The loss along the path has one valley: after so many that were worse in a row there is nothing left to find.
    private const int MostWorse = 2;

    // From strong to weak: each fit starts where the last one ended.
    private static readonly double[] Strengths = [1, 0.1, 0.01, 0.001, 0.0001];

    private readonly FeatureBuilder _features;

    private LinearBradleyTerry(FeatureBuilder features, double[] weights, double strength)
    {
        _features = features;
        Weights = weights;
        Strength = strength;
    }

    /// <summary>One weight per input.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>The penalty's strength.</summary>
    public double Strength { get; }

    /// <summary>Fits the model.</summary>
    /// <param name="train">Pairs to learn from.</param>
    /// <param name="stopping">Later pairs to choose the strength by; may be empty.</param>
    /// <param name="features">The inputs of the reward model, fitted on the same training pairs.</param>
    /// <param name="options">How pairs are weighted.</param>
    /// <param name="cancellationToken">Stops between two fits.</param>
    public static LinearBradleyTerry Fit(
        PreferenceDataset train,
        PreferenceDataset stopping,
        FeatureBuilder features,
        TrainingOptions options,
        CancellationToken cancellationToken = default
    )
    {
        PairLogit learning = Problem(train, features, options, options.ProcessWeight);
        double[] weights = new double[features.Schema.Columns.Count];
        if (stopping.Pairs.Count == 0)
        {
            return new LinearBradleyTerry(features, learning.Fit(DefaultStrength, weights), DefaultStrength);
        }

        PairLogit choosing = Problem(stopping, features, options, 0);
        double lowest = double.PositiveInfinity;
        (double[] Weights, double Strength) best = (weights, Strengths[0]);
        for (int i = 0, worse = 0; i < Strengths.Length && worse < MostWorse; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            weights = learning.Fit(Strengths[i], weights);
            double loss = choosing.Loss(weights);
            worse = loss < lowest ? 0 : worse + 1;
            if (loss < lowest)
            {
                (lowest, best) = (loss, (weights, Strengths[i]));
            }
        }

        return new LinearBradleyTerry(features, best.Weights, best.Strength);
    }

    /// <summary>The score of a candidate; gaps are log-odds.</summary>
    public double Score(SettledCandidate settled) => TensorPrimitives.Dot<double>(Row(_features, settled), Weights.ToArray());

    private static PairLogit Problem(
        PreferenceDataset data,
        FeatureBuilder features,
        TrainingOptions options,
        double processWeight
    )
    {
        double[] weights = TrainingData.WeightsOf(data, options.WeightByConfidence, processWeight);
        return new PairLogit(
            [.. data.Candidates.Select(c => Row(features, c))],
            [.. data.Pairs.Select((p, i) => new ScoredPair(data.IndexOf(p.ChosenId), data.IndexOf(p.RejectedId), weights[i]))]
        );
    }

    private static double[] Row(FeatureBuilder features, SettledCandidate settled)
    {
        float[] row = new float[features.Schema.Columns.Count];
        features.Build(settled.Context, settled.Candidate, row);
        return Array.ConvertAll(row, v => (double)v);
    }
}
