using System.Text.Json.Nodes;

namespace Rlaif.Rewards;

/// <summary>One version in a <see cref="ModelRegistry"/>, with its standing at the time it was read.</summary>
/// <param name="Version">Its name: <c>v0001</c>, <c>v0002</c>, ...</param>
/// <param name="CreatedAt">When it was added, UTC.</param>
/// <param name="Status">What it may be used for.</param>
/// <param name="Report">How it was trained.</param>
public sealed record ModelVersion(string Version, DateTimeOffset CreatedAt, ModelStatus Status, TrainingReport Report)
{
    /// <summary>What it showed on decisions that nothing was fitted to, as it was added; null when it was not judged.</summary>
    public JsonObject? Validation { get; init; }

    /// <summary>What else was kept of its training, as it was added: data, split and configuration; null when nothing was.</summary>
    public JsonObject? Details { get; init; }

    /// <summary>Its tags, in ordinal order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Whether its weights were deleted: it can be looked at, but no longer used.</summary>
    public bool IsPruned { get; init; }
}
