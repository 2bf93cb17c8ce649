using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Rlaif.Data.Indicators;

namespace Rlaif.Data;

/// <summary>
/// What an agent may see of one symbol at one moment. It is built from facts with <c>KnownAt &lt;= AsOf</c> only, and no member leads
/// to anything later.
/// </summary>
public sealed class MarketSnapshot
{
    /// <summary>Bars kept: two trading years.</summary>
    public const int HistoryBars = 504;

    /// <summary>News kept: those of the last thirty days, and at most this many.</summary>
    public const int MaxNews = 50;

    /// <summary>Filings kept: the last eight quarters.</summary>
    public const int MaxFilings = 8;

    /// <summary>Older news are not kept.</summary>
    internal static readonly TimeSpan NewsAge = TimeSpan.FromDays(30);

    private MarketSnapshot(string symbol, DateTimeOffset asOf, BarWindow bars, BarWindow benchmark)
    {
        Symbol = symbol;
        AsOf = asOf;
        Bars = bars;
        Benchmark = benchmark;
    }

    /// <summary>The instrument.</summary>
    public string Symbol { get; }

    /// <summary>The moment of the decision, UTC.</summary>
    public DateTimeOffset AsOf { get; }

    /// <summary>The last complete bars, at most <see cref="HistoryBars"/>.</summary>
    public BarWindow Bars { get; }

    /// <summary>The market index over the same time; empty when the market has none.</summary>
    public BarWindow Benchmark { get; }

    /// <summary>Headlines of the last thirty days, oldest first.</summary>
    public ImmutableArray<NewsItem> News { get; private init; } = [];

    /// <summary>Filings, oldest first.</summary>
    public ImmutableArray<FundamentalReport> Fundamentals { get; private init; } = [];

    /// <summary>The features of the snapshot by name, in the order of their schema; null where there is too little history.</summary>
    public IReadOnlyDictionary<string, double?> Features => _features ??= MarketFeatures.Compute(this);

    /// <summary>SHA-256 of everything in the snapshot: equal hashes mean that agents saw the same facts.</summary>
    public string Hash => _hash ??= ComputeHash();

    // Computed on first use; two threads may do it twice, with the same result.
    private IReadOnlyDictionary<string, double?>? _features;
    private string? _hash;

    /// <summary>Builds the snapshot, leaving out whatever was not known at <paramref name="asOf"/>.</summary>
    public static MarketSnapshot Create(
        BarSeries series,
        DateTimeOffset asOf,
        BarSeries? benchmark = null,
        IEnumerable<NewsItem>? news = null,
        IEnumerable<FundamentalReport>? fundamentals = null
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        return new MarketSnapshot(
            series.Symbol,
            asOf,
            Window(series, asOf),
            benchmark is null ? default : Window(benchmark, asOf)
        )
        {
            News =
            [
                .. (news ?? [])
                    .Where(n => n.PublishedAt <= asOf && n.PublishedAt > asOf - NewsAge)
                    .OrderBy(n => n.PublishedAt)
                    .ThenBy(n => n.Headline, StringComparer.Ordinal)
                    .TakeLast(MaxNews),
            ],
            Fundamentals =
            [
                .. (fundamentals ?? [])
                    .Where(f => f.FiledAt <= asOf)
                    .OrderBy(f => f.FiledAt)
                    .ThenBy(f => f.PeriodEnd)
                    .TakeLast(MaxFilings),
            ],
        };
    }

    private static BarWindow Window(BarSeries series, DateTimeOffset asOf)
    {
        int known = series.CountKnownAt(asOf);
        int count = Math.Min(known, HistoryBars);
        return new BarWindow(series, known - count, count);
    }

    private string ComputeHash()
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Symbol}|{AsOf.UtcTicks}"));
        foreach (BarWindow window in (ReadOnlySpan<BarWindow>)[Bars, Benchmark])
        {
            hash.AppendData(MemoryMarshal.AsBytes(window.Opens));
            hash.AppendData(MemoryMarshal.AsBytes(window.Highs));
            hash.AppendData(MemoryMarshal.AsBytes(window.Lows));
            hash.AppendData(MemoryMarshal.AsBytes(window.Closes));
            hash.AppendData(MemoryMarshal.AsBytes(window.Volumes));
        }

        foreach (NewsItem item in News)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"|{item.PublishedAt.UtcTicks}|{item.Source}|{item.Headline}"));
        }

        foreach (FundamentalReport report in Fundamentals)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"|{report}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
