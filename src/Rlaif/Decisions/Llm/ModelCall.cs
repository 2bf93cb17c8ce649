using System.Text.Json.Serialization;

namespace Rlaif.Decisions.Llm;

/// <summary>
/// One call of a language model. Prompt and reply are <see cref="CallText"/>s. Nothing here depends on whether the call was made or
/// replayed, so a run and its replay leave the same ledger.
/// </summary>
public sealed record ModelCall : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "model_call";

    /// <summary>Hash of parent, role, purpose and step.</summary>
    public required string CallId { get; init; }

    /// <summary>The context for which was asked (for a reflection or a judgement: the context it is about).</summary>
    public required string ContextId { get; init; }

    /// <summary>Who asked.</summary>
    public required ModelRole Role { get; init; }

    /// <summary>What for: <c>opening</c>, <c>round 1</c>, <c>candidate 2</c>, ...</summary>
    public required string Purpose { get; init; }

    /// <summary>Step within the purpose, from 0: each tool round and the repair is one more.</summary>
    public required int Step { get; init; }

    /// <summary>The candidate that came of it; null for other purposes and for replies that failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CandidateId { get; init; }

    /// <summary>Hash of provider, model, prompt, schema, parameters and sample: the name of the reply in a recording.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Provider, for example <c>claude</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Model as configured.</summary>
    public required string Model { get; init; }

    /// <summary>Prompt file and the hash of its text, for example <c>manager@1f0c9a5b</c>.</summary>
    public required string PromptVersion { get; init; }

    /// <summary>The system prompt.</summary>
    public required string SystemId { get; init; }

    /// <summary>
    /// The messages in order, each a <see cref="CallText"/>: first the user's. For candidates the first is the same for all candidates of the
    /// context, and what varies is in the second.
    /// </summary>
    public required IReadOnlyList<string> PromptIds { get; init; }

    /// <summary>The reply; tool calls are written as JSON.</summary>
    public required string ReplyId { get; init; }

    /// <summary>How candidates were made to differ; null for other purposes.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CandidateVariety? Variety { get; init; }

    /// <summary>Tokens as the provider counted them.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The moment of the decision, UTC; for a reflection the moment from which the outcomes that it tells of were known.</summary>
    public required DateTimeOffset AsOf { get; init; }

    string ILedgerRecord.Id => CallId;

    string? ILedgerRecord.ParentId => ContextId;

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => AsOf;

    /// <summary>The id of a step of a purpose.</summary>
    public static string CreateId(string contextId, ModelRole role, string purpose, int step) =>
        ContentId.Create("call", contextId, role.ToString(), purpose, step.ToString());
}
