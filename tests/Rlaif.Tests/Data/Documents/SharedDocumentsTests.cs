using Rlaif.Core;
using Rlaif.Data.Documents;
using Rlaif.Data.Text;

namespace Rlaif.Tests.Data.Documents;

/// <summary>Real files of news: each imports, or the import says why not.</summary>
public sealed class SharedDocumentsTests
{
    private static readonly HashedTextEncoder Encoder = new();

    [Fact]
    public async Task RunAsync_NewsOfTenCompanies_AreReadToTheSecondAndFound()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        DocumentImportResult result = await ImportAsync(ledger, SharedData.Require("stockbench_djia/news.jsonl.gz"));
        Assert.Empty(result.Problems);
        Assert.Equal(3029, result.Added + result.Skipped);
        Assert.InRange(result.Added, 2900, 3029);
        Assert.Equal(["AAPL", "AMZN", "BA", "CAT", "CRM", "HD", "JPM", "MSFT", "PG", "UNH"], result.Symbols);

        IReadOnlyList<Document> apple = await new DocumentStore(ledger).ReadAsync(["AAPL"], DateTimeOffset.MaxValue);
        Assert.All(apple, d => Assert.Equal("AAPL", d.Symbol));
        using DocumentIndex index = DocumentIndex.Build(await ledger.ReadAsync<Document>(), Encoder);
        using DocumentIndex alone = DocumentIndex.Build(apple, Encoder);
        var spring = new DateTimeOffset(2025, 4, 10, 20, 0, 0, TimeSpan.Zero);
        IReadOnlyList<DocumentPassage> found = index.Search("AAPL", spring, "effect of tariffs on the iPhone", 5);
        Assert.Equal(5, found.Count);
        Assert.All(found, p => Assert.InRange(p.Document.KnownAt, DateTimeOffset.MinValue, spring));
        Assert.InRange(
            found.Count(p => (p.Document.Title + p.Text).Contains("tariff", StringComparison.OrdinalIgnoreCase)),
            3,
            5
        );
        Assert.Equal(Library.Print(found), Library.Print(alone.Search("AAPL", spring, "effect of tariffs on the iPhone", 5)));
    }

    [Fact]
    public async Task RunAsync_MarketHeadlines_ConcernAllSymbolsAndEndTheirDay()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        DocumentImportResult result = await ImportAsync(ledger, SharedData.Require("sp500_headlines/headlines.csv.gz"));
        Assert.Empty(result.Problems);
        Assert.Empty(result.Symbols);
        Assert.Equal((8393, 947), (result.Added + result.Skipped, result.Skipped));
        IReadOnlyList<Document> documents = await ledger.ReadAsync<Document>();
        Assert.All(documents, d => Assert.Equal(new TimeOnly(23, 59), new TimeOnly(d.KnownAt.Hour, d.KnownAt.Minute)));
        using DocumentIndex index = DocumentIndex.Build(documents, Encoder);
        DocumentPassage best = index.Search("ANY", DateTimeOffset.MaxValue, "vote on Brexit", 1)[0];
        Assert.Contains("Brexit", best.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fnspid_sentiment/bars_with_gpt_sentiment.csv.gz", 1, "neither a title nor a text")]
    [InlineData("investorbench/price_news_filings.jsonl.gz", 873, "a title or a text is required")]
    [InlineData("deepfund/deepfund_example.jsonl.gz", 180, "is required")]
    [InlineData("aihedgefund_fixtures/AAPL_news.json.gz", 1, "JSONL and CSV")]
    public async Task RunAsync_RealFileOfAnotherKind_SaysWhy(string file, int least, string rule)
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        DocumentImportResult result = await ImportAsync(ledger, SharedData.Require(file));
        Assert.Equal(0, result.Added);
        Assert.InRange(result.Problems.Count, least, 2 * least);
        Assert.Contains(result.Problems, p => p.Rule.Contains(rule, StringComparison.Ordinal));
    }

    private static Task<DocumentImportResult> ImportAsync(Ledger ledger, string path) =>
        DocumentImport.RunAsync(() => Task.FromResult(ledger), [path]);
}
