namespace Rlaif.Data.Documents;

/// <summary>How many documents of one type a ledger holds about one symbol.</summary>
/// <param name="Symbol">The instrument; null for documents that concern all.</param>
/// <param name="Type">What they are.</param>
/// <param name="Documents">How many.</param>
/// <param name="FirstDate">UTC date on which the oldest became known.</param>
/// <param name="LastDate">UTC date on which the newest became known.</param>
public sealed record StoredDocuments(string? Symbol, DocumentKind Type, int Documents, DateOnly FirstDate, DateOnly LastDate);
