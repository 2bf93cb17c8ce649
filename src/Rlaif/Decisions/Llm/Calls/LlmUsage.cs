namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What language models have taken and spared, in all and by who asked and who answered.</summary>
public sealed record LlmUsage
{
    /// <summary>Everything.</summary>
    public required UsageFigures Total { get; init; }

    /// <summary>By role, in the order of <see cref="ModelRole"/>; roles that asked nothing are left out.</summary>
    public required IReadOnlyDictionary<ModelRole, UsageFigures> ByRole { get; init; }

    /// <summary>By provider and model, such as <c>claude/NAME</c>, in ordinal order.</summary>
    public required IReadOnlyDictionary<string, UsageFigures> ByModel { get; init; }

    /// <summary>Sums up.</summary>
    internal static LlmUsage Of(IReadOnlyCollection<(CallOwner Owner, UsageFigures Figures)> parts) =>
        new()
        {
            Total = Sum(parts),
            ByRole = parts.GroupBy(p => p.Owner.Role).OrderBy(g => g.Key).ToDictionary(g => g.Key, Sum),
            ByModel = parts
                .GroupBy(p => $"{p.Owner.Provider}/{p.Owner.Model}")
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, Sum),
        };

    private static UsageFigures Sum(IEnumerable<(CallOwner Owner, UsageFigures Figures)> parts) =>
        parts.Aggregate(UsageFigures.None, (sum, part) => sum + part.Figures);
}
