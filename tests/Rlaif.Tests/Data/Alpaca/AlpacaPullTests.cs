using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Rlaif.Data.Documents;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>What a pull leaves in the ledger.</summary>
public sealed class AlpacaPullTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Utc("2023-06-01T12:00:00Z"));
    private AlpacaServer _server = null!;

    private string LedgerFile => _folder.PathOf("rlaif.db");

    public async ValueTask InitializeAsync()
    {
        _server = await AlpacaServer.StartAsync();
        _server.Now = _time.GetUtcNow;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text);

    private static AlpacaPullOptions Options(string from, string to, params string[] symbols) =>
        new()
        {
            Symbols = symbols,
            From = DateOnly.Parse(from),
            To = DateOnly.Parse(to),
        };

    private async Task<AlpacaPullResult> PullAsync(AlpacaPullOptions options, int retries = 0)
    {
        await using Ledger ledger = await Ledger.OpenAsync(LedgerFile);
        using AlpacaDataClient client = _server.Client(_time, o => o with { Retries = retries });
        return await new AlpacaPull(client, ledger).RunAsync(options);
    }

    private async Task<BarSeries> StoredAsync(string symbol)
    {
        await using Ledger ledger = await Ledger.OpenAsync(LedgerFile);
        IMarketData market = await new BarStore(ledger).LoadAsync();
        return await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
    }

    private void AddDays(string symbol, string first, int days, decimal price = 100)
    {
        for (int i = 0; i < days; i++)
        {
            DateOnly day = DateOnly.Parse(first).AddDays(i);
            if (NyseCalendar.IsSession(day))
            {
                DateTimeOffset midnight = NyseCalendar.Hours(day).Open.AddHours(-9.5);
                _server.Content.AddBar("1Day", symbol, $"{midnight:yyyy-MM-ddTHH:mm:ssZ}", price + i);
            }
        }
    }

    private int AskedBars => _server.Requests.Count(r => r.Path == "/v2/stocks/bars");

    [Fact]
    public async Task Run_TwoYears_StoresBarsWithTheirSessionsAndOnlyOnce()
    {
        AddDays("AAPL", "2021-12-20", 30);
        AddDays("MSFT", "2021-12-20", 30);
        _server.PageSize = 7;
        AlpacaPullOptions options = Options("2021-12-20", "2022-01-18", "msft", "AAPL", "AAPL");
        AlpacaPullResult first = await PullAsync(options);
        int sessions = NyseCalendar.Sessions(options.From, options.To).Sessions.Length;
        Assert.Equal((2 * sessions, 0), (first.BarsAdded, first.BarsSkipped));
        Assert.Equal(["AAPL", "MSFT"], first.Symbols);
        Assert.Empty(first.Problems);
        BarSeries series = await StoredAsync("AAPL");
        Assert.Equal(
            NyseCalendar.Sessions(options.From, options.To).Sessions,
            Enumerable.Range(0, series.Count).Select(i => series[i].Session)
        );
        Assert.All(
            Enumerable.Range(0, series.Count),
            i => Assert.Equal(NyseCalendar.Hours(series[i].Session), (series[i].OpenTime, series[i].CloseTime))
        );
        int asked = AskedBars;
        AlpacaPullResult second = await PullAsync(options);
        Assert.Equal((0, 2 * sessions), (second.BarsAdded, second.BarsSkipped));
        Assert.Equal(asked, AskedBars);
        Assert.Equal(series.Count, (await StoredAsync("AAPL")).Count);
    }

    [Fact]
    public async Task Run_WindowNotOver_FeedGoesOnInTheSameKindAndAsksForTheDayAgain()
    {
        _time.SetUtcNow(Utc("2023-06-01T15:00:00Z"));
        _server.Content.AddBar("1Min", "AAPL", "2023-06-01T14:30:00Z", 100);
        AlpacaPullOptions options = Options("2023-06-01", "2023-06-01", "AAPL") with
        {
            Timeframe = AlpacaTimeframe.Minute,
            Feed = "iex",
        };
        Assert.Equal(1, (await PullAsync(options)).BarsAdded);
        AlpacaPullResult mixed = await PullAsync(options with { Feed = "sip" });
        Assert.Contains("was pulled as 'minute raw iex' before", Assert.Single(mixed.Problems).Rule, StringComparison.Ordinal);

        _server.Content.AddBar("1Min", "AAPL", "2023-06-01T14:45:00Z", 101);
        _time.Advance(TimeSpan.FromMinutes(20));
        await using Ledger ledger = await Ledger.OpenAsync(LedgerFile);
        using AlpacaDataClient client = _server.Client(_time);
        AlpacaPullResult? more = await new AlpacaFeed(client, ledger, ["AAPL"]).RefreshAsync(_time.GetUtcNow());
        Assert.Equal(1, more?.BarsAdded);
        var asked = _server.Requests.Last(r => r.Path == "/v2/stocks/bars");
        Assert.Equal(("1Min", "raw", "iex"), (asked["timeframe"], asked["adjustment"], asked["feed"]));
    }

    [Fact]
    public async Task Run_ServerFailsInBetween_GoesOnNextTimeWithoutLosingOrRepeating()
    {
        AddDays("AAPL", "2021-12-01", 60);
        _server.PageSize = 5;
        AlpacaPullOptions options = Options("2021-12-01", "2022-01-29", "AAPL");
        _server.Instead = (asked, http) =>
            asked.Path == "/v2/stocks/bars"
            && asked["start"]!.StartsWith("2022", StringComparison.Ordinal)
            && asked["page_token"] == "page10"
                ? AlpacaServer.RefuseAsync(http, 500, "internal server error")
                : Task.FromResult(false);
        var error = await Assert.ThrowsAsync<AlpacaException>(() => PullAsync(options));
        Assert.Equal(AlpacaFailure.Server, error.Kind);
        int december = NyseCalendar.Sessions(options.From, new DateOnly(2021, 12, 31)).Sessions.Length;
        Assert.Equal(december + 10, (await StoredAsync("AAPL")).Count);

        _server.Instead = (_, _) => Task.FromResult(false);
        int before = AskedBars;
        AlpacaPullResult rest = await PullAsync(options);
        int all = NyseCalendar.Sessions(options.From, options.To).Sessions.Length;
        Assert.Equal((all - december - 10, december + 10), (rest.BarsAdded, rest.BarsSkipped));
        Assert.All(
            _server.Requests.Where(r => r.Path == "/v2/stocks/bars").Skip(before),
            r => Assert.StartsWith("2022", r["start"])
        );
        Assert.Equal(all, (await StoredAsync("AAPL")).Count);
    }

    [Fact]
    public async Task Run_SplitsAndDividends_AreKeptBesideRawPrices()
    {
        AddDays("AAPL", "2022-01-03", 12);
        _server.Content.AddSplit("AAPL", "2022-01-10", 4, 1);
        _server.Content.AddDividend("AAPL", "2022-01-06", 0.25m);
        // Regular and special on one day; and one on a Saturday, which is of Monday.
        _server.Content.AddDividend("AAPL", "2022-01-06", 1m, isSpecial: true);
        _server.Content.AddDividend("AAPL", "2022-01-08", 0.5m);
        _server.Content.AddSplit("AAPL", "2022-03-01", 2, 1);
        _server.Content.Add("spin_offs", "AAPL", "2022-01-11", ("source_rate", 1), ("new_rate", 1));
        AlpacaPullResult result = await PullAsync(Options("2022-01-03", "2022-01-14", "AAPL"));
        Assert.Equal(3, result.ActionsAdded);
        Assert.Equal(
            "2022-01-06 Dividend 1.25|2022-01-10 Split 4|2022-01-10 Dividend 0.5",
            string.Join('|', (await StoredAsync("AAPL")).Actions.Select(a => $"{a.ExDate:yyyy-MM-dd} {a.Kind} {a.Value}"))
        );
        Assert.Contains("AAPL 2022-01-11: a spin off is not kept", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Equal("raw", _server.Requests.First(r => r.Path == "/v2/stocks/bars")["adjustment"]);
    }

    [Fact]
    public async Task Run_ActionThatAlpacaLearnsLater_ComesWithTheNextPull()
    {
        AddDays("AAPL", "2022-01-03", 12);
        AlpacaPullOptions options = Options("2022-01-03", "2022-01-14", "AAPL");
        Assert.Equal(0, (await PullAsync(options)).ActionsAdded);
        _server.Content.AddDividend("AAPL", "2022-01-06", 0.25m);
        Assert.Equal(1, (await PullAsync(options)).ActionsAdded);
        Assert.Equal(0, (await PullAsync(options)).ActionsAdded);
    }

    [Fact]
    public async Task Run_AdjustedPrices_KeepDividendsInTheirUnits()
    {
        AddDays("AAPL", "2022-01-03", 12);
        _server.Content.AddDividend("AAPL", "2022-01-06", 1m);
        _server.Content.AddSplit("AAPL", "2022-01-10", 2, 1);
        // After the range, but before today: the prices reflect it all the same.
        _server.Content.AddSplit("AAPL", "2023-03-01", 5, 1);
        await PullAsync(Options("2022-01-03", "2022-01-14", "AAPL") with { Adjustment = AlpacaAdjustment.Split });
        CorporateAction action = Assert.Single((await StoredAsync("AAPL")).Actions);
        Assert.Equal((CorporateActionKind.Dividend, 0.1m), (action.Kind, action.Value));
    }

    [Fact]
    public async Task Run_OtherAdjustmentOfPulledBars_IsRefused()
    {
        AddDays("AAPL", "2022-01-03", 12);
        await PullAsync(Options("2022-01-03", "2022-01-14", "AAPL"));
        AlpacaPullResult result = await PullAsync(
            Options("2022-01-03", "2022-01-14", "AAPL") with
            {
                Adjustment = AlpacaAdjustment.Split,
            }
        );
        Assert.Contains("was pulled as 'day raw sip' before", Assert.Single(result.Problems).Rule, StringComparison.Ordinal);
        Assert.Equal(0, result.BarsAdded);
    }

    [Theory]
    // 16 minutes after the close of that Thursday, and a moment before.
    [InlineData("2023-06-01T20:16:00Z", 0, 22)]
    [InlineData("2023-06-01T20:15:59Z", 0, 21)]
    // This machine's clock is hours ahead, but Alpaca's is not: the session still goes on.
    [InlineData("2023-06-01T22:00:00Z", -4, 21)]
    // This machine's clock is behind: the session is over.
    [InlineData("2023-06-01T18:00:00Z", 4, 22)]
    public async Task Run_SessionThatGoesOn_IsLeftForTheNextPull(string now, int serverAheadHours, int bars)
    {
        AddDays("AAPL", "2023-05-02", 60);
        _time.SetUtcNow(Utc(now));
        _server.Now = () => _time.GetUtcNow().AddHours(serverAheadHours);
        AlpacaPullOptions options = Options("2023-05-02", "2023-06-30", "AAPL");
        Assert.Equal(bars, (await PullAsync(options)).BarsAdded);
        // The range is not over, so nothing says that it was pulled.
        _server.Now = _time.GetUtcNow;
        _time.SetUtcNow(Utc("2023-07-05T00:00:00Z"));
        AlpacaPullResult later = await PullAsync(options);
        Assert.Equal(NyseCalendar.Sessions(options.From, options.To).Sessions.Length - bars, later.BarsAdded);
        Assert.Equal(bars, later.BarsSkipped);
    }

    [Fact]
    public async Task Run_Minutes_AreThoseOfTheSession()
    {
        foreach (string t in (string[])["09:29", "09:30", "12:59", "13:00", "15:59"])
        {
            _server.Content.AddBar(
                "1Min",
                "AAPL",
                $"{DateTimeOffset.Parse($"2022-11-25T{t}:00-05:00").UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}",
                100
            );
        }

        AlpacaPullResult result = await PullAsync(
            Options("2022-11-25", "2022-11-25", "AAPL") with
            {
                Timeframe = AlpacaTimeframe.Minute,
            }
        );
        Assert.Equal(2, result.BarsAdded);
        Assert.Equal("3 bars outside the regular hours of New York were left out.", Assert.Single(result.Notes));
        BarSeries series = await StoredAsync("AAPL");
        Assert.Equal((Utc("2022-11-25T14:30:00Z"), Utc("2022-11-25T14:31:00Z")), (series[0].OpenTime, series[0].CloseTime));
        Assert.Equal(Utc("2022-11-25T18:00:00Z"), series[1].CloseTime);
    }

    [Fact]
    public async Task Run_DuplicateAndOutOfOrderBars_AreStoredOnceInOrder()
    {
        _server.Content.AddBar("1Day", "AAPL", "2022-01-05T05:00:00Z", 103);
        _server.Content.AddBar("1Day", "AAPL", "2022-01-04T05:00:00Z", 102);
        _server.Content.AddBar("1Day", "AAPL", "2022-01-04T05:00:00Z", 102);
        _server.Content.AddBar("1Day", "AAPL", "2022-01-05T05:00:00Z", 999);
        AlpacaPullResult result = await PullAsync(Options("2022-01-03", "2022-01-06", "AAPL"));
        Assert.Equal(2, result.BarsAdded);
        Assert.Equal(("bar", "AAPL 2022-01-05T14:30:00Z"), (Assert.Single(result.Problems).Field, result.Problems[0].Value));
        Assert.Equal([102m, 103m], new[] { (await StoredAsync("AAPL"))[0].Open, (await StoredAsync("AAPL"))[1].Open });
    }

    [Fact]
    public async Task Run_ImpossibleBarUnknownSymbolAndHoliday_AreProblems()
    {
        _server.Content.AddBar("1Day", "AAPL", "2022-01-03T05:00:00Z", 100);
        _server.Content.AddBar("1Day", "AAPL", "2022-01-04T05:00:00Z", 0.5m);
        _server.Content.AddBar("1Day", "AAPL", "2022-01-17T05:00:00Z", 100);
        AlpacaPullResult result = await PullAsync(Options("2022-01-03", "2022-01-20", "AAPL", "ZZZZ"));
        Assert.Equal(1, result.BarsAdded);
        Assert.Equal(
            "has a price that is not above 0|is a bar of a day on which New York does not trade|has no bars in this time; check its name, the dates and the feed",
            string.Join('|', result.Problems.Select(p => p.Rule))
        );
    }

    [Fact]
    public async Task Run_RevisedBar_StaysAndIsAProblem()
    {
        AddDays("AAPL", "2023-05-30", 2);
        AlpacaPullOptions options = Options("2023-05-30", "2023-06-30", "AAPL");
        await PullAsync(options);
        _server.Content.AddBar("1Day", "AAPL", "2023-05-31T04:00:00Z", 100);
        AlpacaPullResult result = await PullAsync(options);
        Assert.NotEmpty(result.Problems);
        Assert.Equal(101m, (await StoredAsync("AAPL"))[1].Open);
    }

    [Fact]
    public async Task Run_News_BecomeDocumentsKnownFromTheirLastChange()
    {
        AddDays("AAPL", "2022-01-03", 40);
        AddDays("MSFT", "2022-01-03", 40);
        _server.Content.AddArticle(
            1,
            "2022-01-04T15:00:00Z",
            "Apple &amp; Co",
            "<p>First <b>line</b>.</p><script>alert(1)</script><p>Second &lt;line&gt;.</p>",
            "AAPL",
            "MSFT",
            "TSLA"
        );
        _server.Content.AddArticle(2, "2022-02-04T15:00:00Z", "Short", "", "AAPL");
        _server.PageSize = 1;
        AlpacaPullOptions options = Options("2022-01-03", "2022-02-11", "AAPL", "MSFT") with { News = true };
        AlpacaPullResult result = await PullAsync(options);
        Assert.Equal((3, 0), (result.DocumentsAdded, result.DocumentsSkipped));
        await using (Ledger ledger = await Ledger.OpenAsync(LedgerFile))
        {
            IReadOnlyList<Document> documents = await ledger.ReadAsync<Document>(new LedgerQuery { Symbol = "AAPL" });
            Assert.Equal(["Apple & Co", "Short"], documents.Select(d => d.Title));
            Assert.Equal(("First line.\nSecond <line>.", "In short."), (documents[0].Text, documents[1].Text));
            Assert.Equal(
                (Utc("2022-01-04T15:00:00Z"), DocumentKind.News, "benzinga"),
                (documents[0].KnownAt, documents[0].Type, documents[0].Source)
            );
            IMarketData market = await new BarStore(ledger).LoadAsync();
            MarketSnapshot before = await market.GetSnapshotAsync("AAPL", Utc("2022-01-04T14:59:59Z"));
            MarketSnapshot after = await market.GetSnapshotAsync("AAPL", Utc("2022-01-04T15:00:00Z"));
            Assert.Equal((0, 1), (before.News.Length, after.News.Length));
        }

        int asked = _server.Requests.Count(r => r.Path == "/v1beta1/news");
        AlpacaPullResult again = await PullAsync(options);
        Assert.Equal(
            (0, 3, asked),
            (again.DocumentsAdded, again.DocumentsSkipped, _server.Requests.Count(r => r.Path == "/v1beta1/news"))
        );
    }

    [Fact]
    public async Task Run_PlantedKeys_AreInNoFileOfTheLedger()
    {
        AddDays("AAPL", "2022-01-03", 12);
        _server.Content.AddArticle(1, "2022-01-04T15:00:00Z", "News", "Text", "AAPL");
        AlpacaPullResult result = await PullAsync(Options("2022-01-03", "2022-01-14", "AAPL") with { News = true });
        Assert.True(result.BarsAdded > 0);
        string files = string.Concat(
            Directory.GetFiles(_folder.Root).Select(f => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(f)))
        );
        Assert.Contains("AAPL", files, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.KeyId[..10], files + JsonSerializer.Serialize(result), StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.Secret[..10], files + JsonSerializer.Serialize(result), StringComparison.Ordinal);
    }

    [Fact]
    public void Validated_EverythingWrong_IsToldAtOnce()
    {
        var error = Assert.Throws<RlaifInputException>(() => Options("2022-01-04", "2022-01-03", "A PL").Validated());
        Assert.Contains("must not be after", error.Message, StringComparison.Ordinal);
        Assert.Contains("'A PL'", error.Message, StringComparison.Ordinal);
    }
}
