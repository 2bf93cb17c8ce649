namespace Rlaif.Decisions.Llm.Memory;

/// <summary>What was learnt from one context after all its candidates had settled. Its facts are counted by code; only the advice may be a model's.</summary>
public sealed record Lesson : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "lesson";

    /// <summary>Hash of the context.</summary>
    public required string LessonId { get; init; }

    /// <summary>The context.</summary>
    public required string ContextId { get; init; }

    /// <summary>The run whose agents may remember it.</summary>
    public required string RunId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The moment of the decision, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the last outcome of the context was known, UTC: the lesson may be shown from then on.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>The situation of the decision in words; what later situations are compared with.</summary>
    public required string Situation { get; init; }

    /// <summary>What was expected.</summary>
    public required string Expected { get; init; }

    /// <summary>What happened, with the figures of the outcome.</summary>
    public required string Happened { get; init; }

    /// <summary>What would have been better, from the counterfactual candidates.</summary>
    public required string Better { get; init; }

    /// <summary>The advice that a later prompt quotes.</summary>
    public required string Advice { get; init; }

    string ILedgerRecord.Id => LessonId;

    string? ILedgerRecord.ParentId => ContextId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => KnownAt;

    /// <summary>The id of the lesson of a context.</summary>
    public static string CreateId(string contextId) => ContentId.Create("lesson", contextId);
}
