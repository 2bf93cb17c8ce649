namespace Rlaif.Decisions;

/// <summary>What has to be known about a team of language models to compare its decisions with others.</summary>
public sealed record AgentConditions
{
    /// <summary>Provider and model by role, for example <c>manager</c>: <c>claude/claude-sonnet-5-5</c>.</summary>
    public required IReadOnlyDictionary<string, string> Models { get; init; }

    /// <summary>Hash of all prompt files that were in use.</summary>
    public required string PromptsHash { get; init; }

    /// <summary>Whether names, tickers, dates and price levels were replaced before the models saw them.</summary>
    public required bool Masked { get; init; }

    /// <summary>Whether lessons of earlier outcomes were offered; which were is in <see cref="Lessons"/>.</summary>
    public required bool Memory { get; init; }

    /// <summary>Ids of the lessons that were shown.</summary>
    public required IReadOnlyList<string> Lessons { get; init; }

    /// <summary>Ids of the documents of which passages were shown.</summary>
    public required IReadOnlyList<string> Documents { get; init; }

    /// <summary>
    /// Whether the decision is dated before the knowledge cutoff of one of the models, which may thus remember what came after; null when a
    /// cutoff is not known.
    /// </summary>
    public required bool? BeforeCutoff { get; init; }

    /// <summary>Roles of which no usable report came; their replies are kept as failed replies.</summary>
    public required IReadOnlyList<AnalystRole> Missing { get; init; }
}
