namespace Rlaif.Data;

/// <summary>A split or dividend as a file states it.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="Date">The ex-date, or the last session before it.</param>
/// <param name="Kind">Split or dividend.</param>
/// <param name="Value">New shares per old share, or cash per share.</param>
/// <param name="IsLastSessionBefore">Whether <paramref name="Date"/> is the last session on the old terms (LEAN).</param>
/// <param name="IsAsPaid">Whether a dividend is in cash as paid; otherwise it is in the units of the prices beside it.</param>
/// <param name="File">Where it stands.</param>
/// <param name="Line">On which line.</param>
internal sealed record StatedAction(
    string Symbol,
    DateOnly Date,
    CorporateActionKind Kind,
    decimal Value,
    bool IsLastSessionBefore,
    bool IsAsPaid,
    string File,
    int Line
);
