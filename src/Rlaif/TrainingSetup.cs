using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Rewards.Features;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>Everything that determines a training run, beside its data.</summary>
public sealed record TrainingSetup
{
    /// <summary>Version of this library.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>Seed of training and of every interval.</summary>
    public required int Seed { get; init; }

    /// <summary>The shape that was asked for.</summary>
    public required RewardModelOptions Model { get; init; }

    /// <summary>How the networks were trained.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>How decisions were split.</summary>
    public required PurgedSplitOptions Split { get; init; }

    /// <summary>Holding period and costs.</summary>
    public required SettlementOptions Settlement { get; init; }

    /// <summary>Trading sessions between two decisions on one symbol.</summary>
    public required int EverySessions { get; init; }

    /// <summary>Name of the metric that says which outcome is better.</summary>
    public required string Metric { get; init; }

    /// <summary>Where pairs come from.</summary>
    public required IReadOnlyList<PreferencePool> Pools { get; init; }

    /// <summary>Smallest margin of a pair by the options in force, in the metric's unit. Pairs that were recorded before may have been formed with another.</summary>
    public required double MinMargin { get; init; }

    /// <summary>Most pairs of one pool that a candidate may be in, by the options in force; see <see cref="MinMargin"/>.</summary>
    public required int MaxPairsPerDecision { get; init; }

    /// <summary>The text encoder: name, dimensions and what else makes it that encoder.</summary>
    public required string Encoder { get; init; }

    /// <summary>Networks in the ensemble.</summary>
    public required int Members { get; init; }

    /// <summary>Numerical inputs, widths of the tower, text dimensions.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Weights and biases of all members.</summary>
    public required int Parameters { get; init; }

    /// <summary>Hash of names, units and order of the inputs.</summary>
    public required string Schema { get; init; }

    /// <summary>The numerical inputs in order, as they are scaled.</summary>
    public required IReadOnlyList<Input> Inputs { get; init; }

    internal static TrainingSetup Of(LearnedModel learned)
    {
        RewardModel model = learned.Model;
        LearningOptions options = learned.Options;
        return new TrainingSetup
        {
            LibraryVersion = model.Metadata.LibraryVersion,
            Seed = options.Seed,
            Model = model.Metadata.Model,
            Training = model.Metadata.Training,
            Split = options.Split,
            Settlement = options.Settlement,
            EverySessions = options.EverySessions,
            Metric = options.Preferences.Metric.Name,
            Pools = options.Preferences.Pools,
            MinMargin = options.Preferences.EffectiveMinMargin,
            MaxPairsPerDecision = options.Preferences.MaxPairsPerDecision,
            Encoder = model.Encoder.Id,
            Members = model.MemberCount,
            Widths = [model.Architecture.NumericalDim, .. model.Architecture.HiddenDims, model.Architecture.TextDim],
            Parameters = learned.Training.Parameters,
            Schema = model.Schema.Version,
            Inputs = InputsOf(model.Schema, model.Features.Scaler),
        };
    }

    // Flags and sides are not scaled; what is multiplied by the exposure keeps its own scale.
    private static Input[] InputsOf(FeatureSchema schema, FeatureScaler scaler)
    {
        var scales = new Dictionary<string, (double Mean, double Deviation)>(StringComparer.Ordinal);
        for (int i = 0; i < scaler.MarketNames.Count; i++)
        {
            scales[scaler.MarketNames[i]] = (scaler.MarketMeans[i], scaler.MarketDeviations[i]);
            scales[$"exposure_x_{scaler.MarketNames[i]}"] = (scaler.MarketMeans[i], scaler.MarketDeviations[i]);
        }

        for (int i = 0; i < CandidateFeatures.Count; i++)
        {
            scales[CandidateFeatures.Columns[i].Name] = (scaler.CandidateMeans[i], scaler.CandidateDeviations[i]);
        }

        foreach (FeatureInteraction product in scaler.Interactions)
        {
            scales[$"exposure_x_{product.First}_x_{product.Second}"] = (product.Mean, product.Deviation);
        }

        return
        [
            .. schema.Columns.Select(c =>
            {
                (double mean, double deviation) = scales.GetValueOrDefault(c.Name, (0, 1));
                return new Input(c.Name, c.Unit, mean, deviation);
            }),
        ];
    }

    /// <summary>One numerical input: (value - mean) / deviation.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Unit">Its unit after scaling.</param>
    /// <param name="Mean">What is subtracted; of a product, from the product of the scaled features.</param>
    /// <param name="Deviation">What it is divided by.</param>
    public sealed record Input(string Name, string Unit, double Mean, double Deviation);
}
