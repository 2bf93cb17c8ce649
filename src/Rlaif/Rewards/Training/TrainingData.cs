using System.Numerics.Tensors;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>A data set as numbers: one row of numerical inputs per candidate, one text vector per distinct text, and the pairs.</summary>
internal sealed class TrainingData
{
    private readonly float[] _numerical;
    private readonly int _columns;
    private readonly int _exposureColumn;
    private readonly TextVectors _texts;

    /// <summary>Data that are numbers already.</summary>
    /// <param name="numerical">The numerical inputs, candidate after candidate.</param>
    /// <param name="columns">Numerical inputs of a candidate.</param>
    /// <param name="exposureColumn">The one that multiplies the text vector (<see cref="FeatureBuilder.ExposureColumn"/>).</param>
    /// <param name="texts">The scaled text vectors.</param>
    /// <param name="pairs">The pairs.</param>
    public TrainingData(float[] numerical, int columns, int exposureColumn, TextVectors texts, ScoredPair[] pairs)
    {
        _numerical = numerical;
        _columns = columns;
        _exposureColumn = exposureColumn;
        _texts = texts;
        Pairs = pairs;
    }

    /// <summary>Candidates.</summary>
    public int Count => _texts.Count;

    /// <summary>The pairs; weights have mean 1.</summary>
    public ScoredPair[] Pairs { get; }

    /// <summary>Builds the inputs of every candidate; <paramref name="texts"/> hold their vectors, already scaled.</summary>
    public static TrainingData Create(
        PreferenceDataset data,
        FeatureBuilder features,
        TextVectors texts,
        IReadOnlyList<double> weights,
        WorkTeam team
    )
    {
        int columns = features.Schema.Columns.Count;
        float[] numerical = new float[data.Candidates.Count * columns];
        team.RunInRanges(
            data.Candidates.Count,
            (start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    SettledCandidate settled = data.Candidates[i];
                    features.Build(settled.Context, settled.Candidate, numerical.AsSpan(i * columns, columns));
                }
            }
        );
        return new TrainingData(numerical, columns, features.ExposureColumn, texts, Weigh(data, weights));
    }

    /// <summary>The same candidates with other pairs; the inputs are shared.</summary>
    public TrainingData With(ScoredPair[] pairs) => new(_numerical, _columns, _exposureColumn, _texts, pairs);

    /// <summary>Copies the inputs of one candidate into row <paramref name="row"/> of a workspace; inputs beyond the features stay 0.</summary>
    public void CopyTo(NetworkWorkspace workspace, int candidate, int row)
    {
        ReadOnlySpan<float> numerical = _numerical.AsSpan(candidate * _columns, _columns);
        numerical.CopyTo(workspace.Numerical.Row(row, _columns));
        ReadOnlySpan<float> text = _texts.Of(candidate);
        TensorPrimitives.Multiply(text, numerical[_exposureColumn], workspace.Text.Row(row, text.Length));
    }

    /// <summary>
    /// What each pair counts: 2p - 1 or 1, divided by the mean; a judge's preferences together make up <paramref name="processWeight"/> of
    /// the whole, however many there are.
    /// </summary>
    public static double[] WeightsOf(PreferenceDataset data, bool byConfidence, double processWeight = 0)
    {
        double[] weights = [.. data.Pairs.Select(p => byConfidence ? (2 * p.Confidence) - 1 : 1)];
        if (processWeight > 0 || data.Pairs.Any(ProcessPreferences.IsProcess))
        {
            Mix(data.Pairs, weights, processWeight);
        }

        double mean = weights.Average();
        if (mean <= 0)
        {
            throw new NotEnoughDataException(
                $"None of the {weights.Length} pairs is more likely right than wrong (confidence 0.5): there is nothing to learn from them."
            );
        }

        return [.. weights.Select(w => w / mean)];
    }

    private static void Mix(IReadOnlyList<PreferencePair> pairs, double[] weights, double processWeight)
    {
        double process = weights.Where((_, i) => ProcessPreferences.IsProcess(pairs[i])).Sum();
        double market = weights.Where((_, i) => !ProcessPreferences.IsProcess(pairs[i])).Sum();
        double ofProcess = Factor(processWeight, process, "judged");
        double ofMarket = Factor(1 - processWeight, market, "market");
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= ProcessPreferences.IsProcess(pairs[i]) ? ofProcess : ofMarket;
        }
    }

    private static double Factor(double share, double sum, string kind) =>
        share <= 0 ? 0
        : sum > 0 ? share / sum
        : throw new NotEnoughDataException(
            $"The {kind} pairs should make up {share:0.##} of training, but none of them is there or more likely right than wrong."
        );

    private static ScoredPair[] Weigh(PreferenceDataset data, IReadOnlyList<double> weights) =>
        [.. data.Pairs.Select((p, i) => new ScoredPair(data.IndexOf(p.ChosenId), data.IndexOf(p.RejectedId), weights[i]))];
}
