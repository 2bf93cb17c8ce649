using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions;

namespace Rlaif.Tests.Data.Documents;

public sealed class DocumentStoreTests
{
    private static readonly DateTimeOffset Close = new(2024, 1, 8, 21, 0, 0, TimeSpan.Zero);

    private static BarSeries Bars(string symbol) =>
        new(
            symbol,
            Enumerable
                .Range(0, 60)
                .Select(d => new Bar(Close.AddDays(d).AddHours(-6.5), Close.AddDays(d), 100, 101, 99, 100, 1000))
        );

    private static Document News(string? symbol, DateTimeOffset at, string title, DocumentKind type = DocumentKind.News) =>
        Library.Document(symbol, (at - Library.Start).TotalDays, title, "A body.", type, "Wire") with
        {
            KnownAt = at,
        };

    [Fact]
    public async Task LoadAsync_StoredDocuments_NewsOfASymbolBecomeItsHeadlines()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await new BarStore(ledger).AddAsync([Bars("A"), Bars("B")]);
        DateTimeOffset asOf = Close.AddDays(40);
        await ledger.AppendAsync([
            News("A", asOf, "Profit rises"),
            News("A", asOf.AddTicks(1), "Too late"),
            News("A", asOf.AddDays(-30), "Too old"),
            News("A", asOf.AddDays(-30).AddTicks(1), "Old"),
            News("A", asOf, "A filing", DocumentKind.Filing),
            News("A", asOf, "A note", DocumentKind.Note),
            News("B", asOf, "Of the other"),
            News(null, asOf, "Of all"),
        ]);
        IMarketData market = await new BarStore(ledger).LoadAsync();
        MarketSnapshot snapshot = await market.GetSnapshotAsync("A", asOf);
        Assert.Equal(["Old", "Profit rises"], snapshot.News.Select(n => n.Headline));
        Assert.Equal(new NewsItem("A", asOf, "Profit rises", "Wire"), snapshot.News[1]);
        Assert.Contains("Profit rises", MarketBrief.Render(snapshot, snapshot.Features, []), StringComparison.Ordinal);
        Assert.Empty((await market.GetSnapshotAsync("A", DateTimeOffset.MinValue)).News);
    }

    [Fact]
    public async Task GetSnapshotAsync_AnyNews_AreThoseThatTheSnapshotWouldKeepOfAll()
    {
        BarSeries bars = Bars("A");
        Gen<NewsItem[]> gen = Gen.Select(
            Gen.Int[0, 100],
            Gen.Int[0, 3],
            (day, n) => new NewsItem("A", Close.AddDays(day), $"H{n}", "S")
        ).Array[0, 80];
        var market = new InMemoryMarketData("test", [bars]);
        Assert.Empty((await market.GetSnapshotAsync("A", Close)).News);
        Gen.Select(gen, Gen.Int[-5, 105])
            .Sample(
                (news, day) =>
                {
                    DateTimeOffset asOf = Close.AddDays(day);
                    MarketSnapshot expected = MarketSnapshot.Create(bars, asOf, null, news);
                    var all = new InMemoryMarketData("test", [bars], null, news);
                    MarketSnapshot actual = all.GetSnapshotAsync("A", asOf).AsTask().GetAwaiter().GetResult();
                    Assert.Equal(expected.News, actual.News);
                    Assert.Equal(expected.Hash, actual.Hash);
                },
                iter: 200
            );
    }

    [Fact]
    public async Task ReadAsync_SymbolsAndMoment_GivesThoseAndWhatConcernsAll()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        Document[] documents =
        [
            .. new[] { "A", "B", "C'", null }.SelectMany(s =>
                Enumerable.Range(0, 3).Select(d => Library.Document(s, d, $"{s}{d}"))
            ),
        ];
        await ledger.AppendAsync(documents);
        var store = new DocumentStore(ledger);
        IReadOnlyList<Document> read = await store.ReadAsync(["A", "C'"], Library.Start.AddDays(1));
        Assert.Equal(
            documents
                .Where(d => d.Symbol != "B" && d.KnownAt <= Library.Start.AddDays(1))
                .OrderBy(d => d.KnownAt)
                .ThenBy(d => d.DocumentId, StringComparer.Ordinal),
            read
        );
        IReadOnlyList<StoredDocuments> listed = await store.ListAsync();
        Assert.Equal(4, listed.Count);
        Assert.Equal(
            new StoredDocuments(null, DocumentKind.News, 3, new DateOnly(2025, 1, 1), new DateOnly(2025, 1, 3)),
            listed[0]
        );
    }
}
