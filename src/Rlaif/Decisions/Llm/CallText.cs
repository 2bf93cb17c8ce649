namespace Rlaif.Decisions.Llm;

/// <summary>A prompt or a reply, word for word. Kept once however often it was said.</summary>
public sealed record CallText : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "call_text";

    /// <summary>Hash of the text.</summary>
    public required string TextId { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    string ILedgerRecord.Id => TextId;

    string? ILedgerRecord.ParentId => null;

    string? ILedgerRecord.Symbol => null;

    // One text may be said at many moments; the calls know theirs.
    DateTimeOffset ILedgerRecord.KnownAt => DateTimeOffset.UnixEpoch;

    /// <summary>The record of a text.</summary>
    public static CallText Of(string text) => new() { TextId = ContentId.Create("text", text), Text = text };
}
