using System.Text.Json.Serialization;

namespace Rlaif.Rewards;

/// <summary>One line of the history of a <see cref="ModelRegistry"/>. Which version is champion follows from these lines and from nothing else.</summary>
public sealed record ModelEvent
{
    /// <summary>When it happened, UTC; the order of the lines counts, not the clocks of those who wrote them.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required ModelAction Action { get; init; }

    /// <summary>The version that it happened to; of a promotion the one that won.</summary>
    public required string Version { get; init; }

    /// <summary>The version that had the place or the tag before; null when none had.</summary>
    public string? Previous { get; init; }

    /// <summary>The tag that was set or taken; null for other actions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Tag { get; init; }

    /// <summary>Whether somebody asked to promote whatever the criteria said.</summary>
    public bool Forced { get; init; }

    /// <summary>Why: the criteria of a promotion with their numbers; null for other actions.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PromotionCriterion>? Criteria { get; init; }
}
