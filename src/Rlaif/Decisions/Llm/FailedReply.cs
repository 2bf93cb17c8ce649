namespace Rlaif.Decisions.Llm;

/// <summary>A reply that could not be used even after one repair: it became no report, no turn and no candidate, and never a silent hold.</summary>
public sealed record FailedReply : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "failed_reply";

    /// <summary>Hash of context and purpose.</summary>
    public required string FailedReplyId { get; init; }

    /// <summary>The context.</summary>
    public required string ContextId { get; init; }

    /// <summary>Who spoke.</summary>
    public required ModelRole Role { get; init; }

    /// <summary>What for: <c>opening</c>, <c>round 1</c>, <c>candidate 2</c>, ...</summary>
    public required string Purpose { get; init; }

    /// <summary>What was wrong, as the model was told in the repair.</summary>
    public required string Error { get; init; }

    /// <summary>The last reply; a <see cref="CallText"/>.</summary>
    public required string TextId { get; init; }

    /// <summary>The moment of the decision, UTC; for a reflection the moment from which the outcomes that it tells of were known.</summary>
    public required DateTimeOffset AsOf { get; init; }

    string ILedgerRecord.Id => FailedReplyId;

    string? ILedgerRecord.ParentId => ContextId;

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => AsOf;

    /// <summary>The id of the failure of this purpose in this context.</summary>
    public static string CreateId(string contextId, ModelRole role, string purpose) =>
        ContentId.Create("fail", contextId, role.ToString(), purpose);
}
