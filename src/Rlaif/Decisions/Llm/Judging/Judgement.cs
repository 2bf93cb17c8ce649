namespace Rlaif.Decisions.Llm.Judging;

/// <summary>
/// What a judge made of the reasoning of two candidates of one context, asked in both orders. It says nothing about what the market did
/// and was made without knowing it.
/// </summary>
public sealed record Judgement : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "judgement";

    /// <summary>Hash of context, candidates, the judge's prompt with its constitution, and model.</summary>
    public required string JudgementId { get; init; }

    /// <summary>The context of both candidates.</summary>
    public required string ContextId { get; init; }

    /// <summary>The candidate that was shown first when asked first; ordinally the lower id.</summary>
    public required string FirstId { get; init; }

    /// <summary>The other candidate.</summary>
    public required string SecondId { get; init; }

    /// <summary>The candidate that was preferred in both orders; null for a tie, also one that comes of <see cref="OrderDependent"/>.</summary>
    public required string? PreferredId { get; init; }

    /// <summary>Whether the two orders gave different answers, so that neither counts.</summary>
    public required bool OrderDependent { get; init; }

    /// <summary>The two answers as given: with <see cref="FirstId"/> shown first, then with <see cref="SecondId"/> shown first.</summary>
    public required IReadOnlyList<JudgeChoice> Choices { get; init; }

    /// <summary>By principle the candidate that kept it better in both orders; null where there was none.</summary>
    public required IReadOnlyDictionary<string, string?> Principles { get; init; }

    /// <summary>Name and hash of the constitution.</summary>
    public required string Constitution { get; init; }

    /// <summary>Provider and model, for example <c>claude/claude-sonnet-5-5</c>.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// Whether the decision is dated before the model's knowledge cutoff, so that the judge may remember what came after; null when the cutoff
    /// is not known.
    /// </summary>
    public required bool? BeforeCutoff { get; init; }

    /// <summary>The moment of the decision, UTC: the judge saw nothing later, so the judgement counts as known from then on.</summary>
    public required DateTimeOffset AsOf { get; init; }

    string ILedgerRecord.Id => JudgementId;

    string? ILedgerRecord.ParentId => ContextId;

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => AsOf;

    /// <summary>The id of the judgement of a pair, whichever candidate is named first.</summary>
    /// <param name="contextId">The context.</param>
    /// <param name="candidateId">One candidate.</param>
    /// <param name="otherId">The other.</param>
    /// <param name="promptVersion">Name and hash of the judge's prompt, constitution included.</param>
    /// <param name="model">Provider and model.</param>
    public static string CreateId(string contextId, string candidateId, string otherId, string promptVersion, string model)
    {
        bool inOrder = string.CompareOrdinal(candidateId, otherId) < 0;
        (string first, string second) = inOrder ? (candidateId, otherId) : (otherId, candidateId);
        return ContentId.Create("judgement", contextId, first, second, promptVersion, model);
    }
}
