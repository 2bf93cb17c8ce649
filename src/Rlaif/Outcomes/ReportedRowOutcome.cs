namespace Rlaif.Outcomes;

/// <summary>The result that a row carries.</summary>
/// <param name="ExitAt">When the position was closed, UTC.</param>
/// <param name="ExitPrice">Price at exit, before costs.</param>
/// <param name="EntryAt">When it was opened, UTC; null for the moment of the decision.</param>
/// <param name="EntryPrice">Price at entry, before costs; an import refuses an outcome without it.</param>
/// <param name="PriceHistory">Prices on the way, one a session.</param>
internal sealed record ReportedRowOutcome(
    DateTimeOffset ExitAt,
    decimal ExitPrice,
    DateTimeOffset? EntryAt,
    decimal? EntryPrice,
    IReadOnlyList<decimal>? PriceHistory
);
