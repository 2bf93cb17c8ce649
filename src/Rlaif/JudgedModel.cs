using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>A model that was not trained here, or learnt on since, measured on decisions later than all it knows.</summary>
/// <param name="Model">The model.</param>
/// <param name="Validation">How well its rewards order the pairs of those decisions, formed without a margin.</param>
/// <param name="Baselines">Everything simpler that needs no training, on the same pairs; the best first.</param>
public sealed record JudgedModel(RewardModel Model, PairwiseAccuracy Validation, IReadOnlyList<BaselineAccuracy> Baselines)
{
    /// <summary>The figures that the promotion gate reads, for <see cref="ModelRegistry.AddAsync(RewardModel, TrainingReport, JsonObject, JsonObject, CancellationToken)"/>.</summary>
    public JsonObject ToValidation() =>
        JsonSerializer
            .SerializeToNode(
                new
                {
                    Validation.Pairs,
                    Validation.Dates,
                    Validation.Accuracy,
                    AccuracyCi = Validation.Interval?.ToArray(),
                    Validation.LogLoss,
                    LogLossCalibrated = Validation.Calibrated.LogLoss,
                    Baselines = Baselines.ToDictionary(b => b.Name, b => b.Accuracy, StringComparer.Ordinal),
                    BaselinesCi = Baselines.ToDictionary(b => b.Name, b => b.Interval?.ToArray(), StringComparer.Ordinal),
                },
                RlaifJson.Compact
            )!
            .AsObject();
}
