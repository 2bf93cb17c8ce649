using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Tests.Decisions;

/// <summary>Snapshots of a driftless random walk with fat volatility regimes, news and filings that know nothing of the price.</summary>
internal static class SimulatedDesk
{
    internal const string Symbol = "ACME";
    internal const int FutureBars = 15;

    private static readonly DateOnly FirstSession = new(2021, 1, 4);

    private static readonly string[] Subjects = ["Acme", "The chip maker", "Acme's cloud unit", "The company"];

    private static readonly string[] Verbs =
    [
        "beats estimates and raises its outlook",
        "misses estimates as demand weakens",
        "wins a record contract",
        "faces a lawsuit over faulty parts",
        "schedules its annual meeting",
        "reports strong growth in orders",
        "warns of losses in Europe",
        "opens an office in Lisbon",
        "gains approval for a new product",
        "cuts jobs amid fears of a downturn",
    ];

    /// <summary>A snapshot; the part of the world after its moment is drawn from <paramref name="futureSeed"/>.</summary>
    internal static MarketSnapshot Snapshot(
        int seed,
        int bars = 300,
        bool news = true,
        bool filings = true,
        bool benchmark = true,
        int futureSeed = 0,
        IEnumerable<NewsItem>? extraNews = null
    )
    {
        DeterministicRandom past = new DeterministicRandom(seed).Fork("past");
        DeterministicRandom future = new DeterministicRandom(futureSeed).Fork("future");
        double volatility = 0.008 + (0.022 * past.NextDouble());
        DateTimeOffset asOf = Close(Session(bars - 1));
        return MarketSnapshot.Create(
            Walk(Symbol, bars, volatility, past.Fork("bars"), future.Fork("bars")),
            asOf,
            benchmark ? Walk("INDEX", bars, 0.01, past.Fork("index"), future.Fork("index")) : null,
            [.. news ? News(asOf, past.Fork("news"), future.Fork("news")) : [], .. extraNews ?? []],
            filings ? Filings(asOf, past.Fork("filings"), future.Fork("filings")) : []
        );
    }

    internal static Proposal Propose(MarketSnapshot snapshot, ManagerOptions? options = null) =>
        ManagerAgent.RuleBased(options).AnalyzeAsync(snapshot, "run", 0).AsTask().GetAwaiter().GetResult();

    internal static NewsItem Headline(MarketSnapshot snapshot, string text, double daysAgo = 0.5) =>
        new(Symbol, snapshot.AsOf.AddDays(-daysAgo), text, "wire");

    private static BarSeries Walk(
        string symbol,
        int bars,
        double volatility,
        DeterministicRandom past,
        DeterministicRandom future
    )
    {
        var result = new List<Bar>();
        double price = 100;
        double level = 1;
        for (int i = 0; i < bars + FutureBars; i++)
        {
            DeterministicRandom random = i < bars ? past : future;
            level = Math.Clamp(level * Math.Exp(0.05 * random.NextGaussian()), 0.5, 2);
            double open = price * Math.Exp(volatility * level * 0.3 * random.NextGaussian());
            double close = open * Math.Exp(volatility * level * random.NextGaussian());
            double wick = volatility * level * 0.4;
            double high = Math.Max(open, close) * (1 + (wick * random.NextDouble()));
            double low = Math.Min(open, close) * (1 - (wick * random.NextDouble()));
            DateOnly day = Session(i);
            result.Add(
                new Bar(
                    new DateTimeOffset(day, new TimeOnly(14, 30), TimeSpan.Zero),
                    Close(day),
                    Cents(open),
                    Cents(high) + 0.01m,
                    Cents(low) - 0.01m,
                    Cents(close),
                    Math.Round((decimal)(1e6 * Math.Exp(0.3 * random.NextGaussian())))
                )
            );
            price = close;
        }

        return new BarSeries(symbol, result);
    }

    private static IEnumerable<NewsItem> News(DateTimeOffset asOf, DeterministicRandom past, DeterministicRandom future)
    {
        for (int day = -40; day < 10; day++)
        {
            DeterministicRandom random = day < 0 ? past : future;
            if (random.NextDouble() < 0.35)
            {
                string text = $"{Subjects[random.NextInt(Subjects.Length)]} {Verbs[random.NextInt(Verbs.Length)]}";
                yield return new NewsItem(Symbol, asOf.AddDays(day + (day < 0 ? 0.3 : 0.7)), text, "wire");
            }
        }
    }

    private static IEnumerable<FundamentalReport> Filings(
        DateTimeOffset asOf,
        DeterministicRandom past,
        DeterministicRandom future
    )
    {
        double revenue = 1e9 * (1 + past.NextDouble());
        double margin = 0.02 + (0.16 * past.NextDouble());
        int age = past.NextInt(90);
        for (int quarter = -9; quarter <= 1; quarter++)
        {
            DeterministicRandom random = quarter <= 0 ? past : future;
            revenue *= Math.Exp(0.0125 + (0.03 * random.NextGaussian()));
            double income = revenue * (margin + (0.01 * random.NextGaussian()));
            DateTimeOffset filed = asOf.AddDays((quarter * 91) - age);
            yield return new FundamentalReport
            {
                Symbol = Symbol,
                PeriodEnd = DateOnly.FromDateTime(filed.UtcDateTime).AddDays(-35),
                FiledAt = filed,
                Revenue = (decimal)revenue,
                NetIncome = (decimal)income,
                EarningsPerShare = Math.Round((decimal)(income / 1.2e8), 2),
                Equity = 5_000_000_000m,
                Liabilities = 6_000_000_000m,
            };
        }
    }

    private static decimal Cents(double price) => Math.Round((decimal)price, 2);

    // Every day is a session: calendars play no part here.
    private static DateOnly Session(int index) => FirstSession.AddDays(index);

    private static DateTimeOffset Close(DateOnly day) => new(day, new TimeOnly(21, 0), TimeSpan.Zero);
}
