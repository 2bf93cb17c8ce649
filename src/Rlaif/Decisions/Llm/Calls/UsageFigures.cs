namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What calls of language models have taken and spared. Money is in US dollars.</summary>
public sealed record UsageFigures
{
    /// <summary>Nothing.</summary>
    public static UsageFigures None { get; } = new();

    /// <summary>Calls that were made and answered.</summary>
    public long Calls { get; init; }

    /// <summary>Of those, calls of models without a price: they are not in <see cref="SpentUsd"/>.</summary>
    public long UnpricedCalls { get; init; }

    /// <summary>Replies that came from a recording.</summary>
    public long Replayed { get; init; }

    /// <summary>Tokens of the calls that were made.</summary>
    public TokenUsage Tokens { get; init; }

    /// <summary>Price of the calls that were made.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>
    /// Most that calls without a known end can have cost: those in flight, and those that were cut off by a cancellation, a broken connection
    /// or a kill. It counts as spent.
    /// </summary>
    public decimal ReservedUsd { get; init; }

    /// <summary>What the providers' prompt caches have saved; negative while writing to them has cost more.</summary>
    public decimal CachedUsd { get; init; }

    /// <summary>What the replayed calls would have cost.</summary>
    public decimal SavedUsd { get; init; }

    /// <summary>Sums.</summary>
    public static UsageFigures operator +(UsageFigures a, UsageFigures b) =>
        new()
        {
            Calls = a.Calls + b.Calls,
            UnpricedCalls = a.UnpricedCalls + b.UnpricedCalls,
            Replayed = a.Replayed + b.Replayed,
            Tokens = a.Tokens + b.Tokens,
            SpentUsd = a.SpentUsd + b.SpentUsd,
            ReservedUsd = a.ReservedUsd + b.ReservedUsd,
            CachedUsd = a.CachedUsd + b.CachedUsd,
            SavedUsd = a.SavedUsd + b.SavedUsd,
        };
}
