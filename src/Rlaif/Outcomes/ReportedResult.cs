namespace Rlaif.Outcomes;

/// <summary>
/// A round trip that an outside agent reports together with its decision. Prices are in 1e-9..1e12, before costs and on one share basis.
/// </summary>
public sealed record ReportedResult
{
    private const decimal Smallest = 0.000_000_001m;
    private const decimal Largest = 1_000_000_000_000m;

    /// <summary>Price at entry.</summary>
    public required decimal EntryPrice { get; init; }

    /// <summary>When the position was opened, UTC; at or after the decision.</summary>
    public required DateTimeOffset EntryAt { get; init; }

    /// <summary>Price at exit.</summary>
    public required decimal ExitPrice { get; init; }

    /// <summary>When the position was closed, UTC; at or after the entry.</summary>
    public required DateTimeOffset ExitAt { get; init; }

    /// <summary>Prices on the way, one a session, in time order; null when they were not reported. Entry and exit may be left out.</summary>
    public IReadOnlyList<decimal>? PriceHistory { get; init; }

    /// <summary>Whether a number can be a price or a number of shares: what lies beyond is a mistake, and its returns would be beyond what decimals hold.</summary>
    internal static bool IsInRange(decimal number) => number is >= Smallest and <= Largest;
}
