namespace Rlaif.Outcomes;

/// <summary>A round trip that an outside agent reports together with its decision. Prices are before costs and on one share basis.</summary>
public sealed record ReportedResult
{
    /// <summary>Price at entry; positive.</summary>
    public required decimal EntryPrice { get; init; }

    /// <summary>When the position was opened, UTC; at or after the decision.</summary>
    public required DateTimeOffset EntryAt { get; init; }

    /// <summary>Price at exit; positive.</summary>
    public required decimal ExitPrice { get; init; }

    /// <summary>When the position was closed, UTC; at or after the entry.</summary>
    public required DateTimeOffset ExitAt { get; init; }

    /// <summary>Prices on the way, one a session, in time order; null when they were not reported. Entry and exit may be left out.</summary>
    public IReadOnlyList<decimal>? PriceHistory { get; init; }
}
