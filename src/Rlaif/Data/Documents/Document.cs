namespace Rlaif.Data.Documents;

/// <summary>A text that agents may be shown from <see cref="KnownAt"/> on. Untrusted: it is quoted as data and never acted upon.</summary>
public sealed record Document : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "document";

    /// <summary>Hash of symbol, moment, kind, title and text.</summary>
    public required string DocumentId { get; init; }

    /// <summary>The instrument it is about; null when it concerns all.</summary>
    public required string? Symbol { get; init; }

    /// <summary>When it was published, UTC.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>What it is.</summary>
    public required DocumentKind Type { get; init; }

    /// <summary>Headline or name.</summary>
    public required string Title { get; init; }

    /// <summary>Who published it; empty when unknown.</summary>
    public required string Source { get; init; }

    /// <summary>The body; may be empty for news of which only the headline is known.</summary>
    public required string Text { get; init; }

    string ILedgerRecord.Id => DocumentId;

    string? ILedgerRecord.ParentId => null;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => KnownAt;

    /// <summary>The id of a document.</summary>
    public static string CreateId(string? symbol, DateTimeOffset knownAt, DocumentKind type, string title, string text) =>
        ContentId.Create("doc", symbol ?? "", knownAt.UtcTicks.ToString(), type.ToString(), title, text);
}
