using System.Text.Json.Serialization;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Checkpoints;

/// <summary>The part of a checkpoint that is text: one JSON document in the file's metadata.</summary>
internal sealed record CheckpointHeader
{
    public required string Encoder { get; init; }

    /// <summary>How the encoder is opened again; null for one that only code can make.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EncoderSpec { get; init; }

    public required string SchemaVersion { get; init; }

    public required IReadOnlyList<FeatureColumn> Schema { get; init; }

    public required IReadOnlyList<string> MarketNames { get; init; }

    public required IReadOnlyList<string> MissingNames { get; init; }

    public required IReadOnlyList<string> ConstantNames { get; init; }

    public required bool NamesVary { get; init; }

    public required IReadOnlyList<FeatureInteraction> Interactions { get; init; }

    public required NetworkArchitecture Architecture { get; init; }

    /// <summary>Networks in the file.</summary>
    public required int Members { get; init; }

    public required RewardModelMetadata Metadata { get; init; }

    /// <summary>Where the training features lay; null in files that were written without.</summary>
    public FeatureReference? Reference { get; init; }

    public static CheckpointHeader Of(RewardModel model) =>
        new()
        {
            Encoder = model.Encoder.Id,
            EncoderSpec = model.Encoder.Spec,
            SchemaVersion = model.Schema.Version,
            Schema = model.Schema.Columns,
            MarketNames = model.Features.Scaler.MarketNames,
            MissingNames = model.Features.Scaler.MissingNames,
            ConstantNames = model.Features.Scaler.ConstantNames,
            NamesVary = model.Features.Scaler.NamesVary,
            Interactions = model.Features.Scaler.Interactions,
            Architecture = model.Architecture,
            Members = model.Members.Count,
            Metadata = model.Metadata,
            Reference = model.Features.Scaler.Reference,
        };
}
