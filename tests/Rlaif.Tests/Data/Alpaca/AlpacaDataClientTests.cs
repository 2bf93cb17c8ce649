using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Alpaca;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>What the client asks Alpaca for, and what it makes of the answers.</summary>
public sealed class AlpacaDataClientTests : IAsyncLifetime
{
    private AlpacaServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AlpacaServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text);

    private static AlpacaBarRequest Request(string from, string to, params string[] symbols) =>
        new()
        {
            Symbols = symbols,
            From = Utc(from),
            To = Utc(to),
        };

    private async Task<List<AlpacaBar>> BarsAsync(AlpacaBarRequest request)
    {
        using AlpacaDataClient client = _server.Client();
        return await client.GetBarsAsync(request).ToListAsync();
    }

    [Fact]
    public async Task GetBars_SeveralPages_GivesAllInOrder()
    {
        foreach (string symbol in (string[])["MSFT", "AAPL"])
        {
            for (int day = 3; day <= 7; day++)
            {
                _server.Content.AddBar("1Day", symbol, $"2022-01-0{day}T05:00:00Z", 100 + day);
            }
        }

        _server.PageSize = 3;
        List<AlpacaBar> bars = await BarsAsync(Request("2022-01-03T00:00:00Z", "2022-01-07T23:00:00Z", "AAPL", "MSFT"));
        Assert.Equal(4, _server.Requests.Count);
        Assert.Equal([null, "page3", "page6", "page9"], _server.Requests.Select(r => r["page_token"]));
        Assert.Equal("AAPL 3,AAPL 4,AAPL 5,AAPL 6,AAPL 7,MSFT 3,MSFT 4,MSFT 5,MSFT 6,MSFT 7", Names(bars));
        Assert.All(_server.Requests, r => Assert.Equal("AAPL,MSFT", r["symbols"]));
    }

    private static string Names(IEnumerable<AlpacaBar> bars) =>
        string.Join(',', bars.Select(b => $"{b.Symbol} {b.Bar.Session.Day}"));

    [Fact]
    public async Task GetBars_ServerRepeatsAToken_StopsInsteadOfAskingForEver()
    {
        _server.Instead = async (_, http) =>
        {
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                http.Response,
                """{"bars":null,"next_page_token":"again"}"""
            );
            return true;
        };
        var error = await Assert.ThrowsAsync<AlpacaException>(() => BarsAsync(Request("2022-01-03", "2022-01-04", "AAPL")));
        Assert.Equal(AlpacaFailure.Malformed, error.Kind);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Theory]
    // A usual day, one in summer, and the half day after Thanksgiving.
    [InlineData("2022-01-03T05:00:00Z", "2022-01-03T14:30:00Z", "2022-01-03T21:00:00Z")]
    [InlineData("2022-07-05T04:00:00Z", "2022-07-05T13:30:00Z", "2022-07-05T20:00:00Z")]
    [InlineData("2022-11-25T05:00:00Z", "2022-11-25T14:30:00Z", "2022-11-25T18:00:00Z")]
    public async Task GetBars_Day_OpensAndClosesWithTheSession(string t, string open, string close)
    {
        _server.Content.AddBar("1Day", "AAPL", t, 178.26m);
        AlpacaBar bar = Assert.Single(await BarsAsync(Request("2022-01-01", "2023-01-01", "AAPL")));
        Assert.Equal((Utc(open), Utc(close)), (bar.Bar.OpenTime, bar.Bar.CloseTime));
        Assert.Equal(Utc(close), bar.KnownAt);
        Assert.Equal(
            (178.26m, 179.26m, 177.26m, 178.76m, 1000m),
            (bar.Bar.Open, bar.Bar.High, bar.Bar.Low, bar.Bar.Close, bar.Bar.Volume)
        );
        Assert.Equal((17L, 178.383456m, true), (bar.TradeCount, bar.AveragePrice, bar.IsRegular));
    }

    [Theory]
    [InlineData("1Min", AlpacaTimeframe.Minute, "2022-01-03T14:30:00Z", "2022-01-03T14:31:00Z", true)]
    [InlineData("1Min", AlpacaTimeframe.Minute, "2022-01-03T14:29:00Z", "2022-01-03T14:30:00Z", false)]
    [InlineData("1Min", AlpacaTimeframe.Minute, "2022-01-03T21:00:00Z", "2022-01-03T21:01:00Z", false)]
    [InlineData("1Min", AlpacaTimeframe.Minute, "2022-11-25T18:00:00Z", "2022-11-25T18:01:00Z", false)]
    [InlineData("1Hour", AlpacaTimeframe.Hour, "2022-01-03T14:00:00Z", "2022-01-03T15:00:00Z", true)]
    [InlineData("1Hour", AlpacaTimeframe.Hour, "2022-01-03T13:00:00Z", "2022-01-03T14:00:00Z", false)]
    public async Task GetBars_MinuteOrHour_IsRegularWithinTheSession(
        string name,
        AlpacaTimeframe timeframe,
        string t,
        string close,
        bool isRegular
    )
    {
        _server.Content.AddBar(name, "AAPL", t, 100);
        AlpacaBarRequest request = Request("2022-01-01", "2023-01-01", "AAPL") with { Timeframe = timeframe };
        AlpacaBar bar = Assert.Single(await BarsAsync(request));
        Assert.Equal((Utc(t), Utc(close), isRegular), (bar.Bar.OpenTime, bar.Bar.CloseTime, bar.IsRegular));
    }

    [Fact]
    public async Task GetBars_Options_AreWrittenAsDocumented()
    {
        AlpacaBarRequest request = Request("2022-01-03T05:00:00Z", "2022-01-04T05:00:00.5Z", "BRK.B") with
        {
            Timeframe = AlpacaTimeframe.Hour,
            Adjustment = AlpacaAdjustment.Split,
            Feed = "iex",
        };
        Assert.Empty(await BarsAsync(request));
        AlpacaServer.Asked asked = Assert.Single(_server.Requests);
        Assert.Equal(
            "/v2/stocks/bars BRK.B 1Hour 2022-01-03T05:00:00Z 2022-01-04T05:00:00.5000000Z 10000 split iex asc",
            string.Join(
                ' ',
                [
                    asked.Path,
                    .. ((string[])["symbols", "timeframe", "start", "end", "limit", "adjustment", "feed", "sort"]).Select(n =>
                        asked[n]
                    ),
                ]
            )
        );
        await BarsAsync(Request("2022-01-03", "2022-01-04", "AAPL"));
        Assert.Equal(("raw", null), (_server.Requests[1]["adjustment"], _server.Requests[1]["feed"]));
    }

    [Fact]
    public async Task GetBars_NoSymbolOrNone_IsRefusedBeforeAsking()
    {
        await Assert.ThrowsAsync<RlaifInputException>(() => BarsAsync(Request("2022-01-03", "2022-01-04")));
        var error = await Assert.ThrowsAsync<RlaifInputException>(() => BarsAsync(Request("2022-01-03", "2022-01-04", "A PL")));
        Assert.Contains("'A PL'", error.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task GetLatest_TradesAndQuotes_AreRead()
    {
        _server.Content.LatestTrades["AAPL"] = AlpacaContent.Trade("2022-01-03T09:00:00.086175744Z", 178.26m, 71675577320245);
        _server.Content.LatestQuotes["AAPL"] = AlpacaContent.Quote("2021-02-06T13:35:08.946977536Z", 387.67m, 0);
        using AlpacaDataClient client = _server.Client();
        AlpacaTrade trade = Assert.Single(await client.GetLatestTradesAsync(["AAPL", "ZZZZ"], "iex")).Value;
        Assert.Equal(
            (178.26m, 246m, "P", 71675577320245, "@T"),
            (trade.Price, trade.Size, trade.Exchange, trade.TradeId, string.Concat(trade.Conditions))
        );
        Assert.Equal(Utc("2022-01-03T09:00:00.0861757Z"), trade.KnownAt);
        AlpacaQuote quote = (await client.GetLatestQuotesAsync(["AAPL"]))["AAPL"];
        Assert.Equal((387.67m, 200m, null, 100m), (quote.BidPrice, quote.BidSize, quote.AskPrice, quote.AskSize));
        Assert.Equal(("iex", null), (_server.Requests[0]["feed"], _server.Requests[1]["feed"]));
    }

    [Fact]
    public async Task GetTrades_CanceledAndIncorrectOnes_AreLeftOut()
    {
        _server.Content.AddTrade("AAPL", "2022-01-03T15:00:00Z", 100, 1);
        _server.Content.AddTrade("AAPL", "2022-01-03T15:00:01Z", 999, 2, "canceled");
        _server.Content.AddTrade("AAPL", "2022-01-03T15:00:02Z", 998, 3, "incorrect");
        _server.Content.AddTrade("AAPL", "2022-01-03T15:00:03Z", 101, 4, "corrected");
        using AlpacaDataClient client = _server.Client();
        List<AlpacaTrade> trades = await client.GetTradesAsync(["AAPL"], Utc("2022-01-03"), Utc("2022-01-04")).ToListAsync();
        Assert.Equal([1L, 4L], trades.Select(t => t.TradeId));
    }

    [Fact]
    public async Task GetNews_Pages_AreReadToTheEnd()
    {
        _server.Content.AddArticle(1, "2022-01-03T10:00:00Z", "First", "", "AAPL");
        _server.Content.AddArticle(2, "2022-01-03T11:00:00Z", "Second", "<p>Body</p>", "AAPL", "MSFT");
        _server.Content.AddArticle(3, "2022-01-03T12:00:00Z", "Other", "", "TSLA");
        _server.PageSize = 1;
        using AlpacaDataClient client = _server.Client();
        List<AlpacaArticle> articles = await client.GetNewsAsync(["AAPL"], Utc("2022-01-03"), Utc("2022-01-04")).ToListAsync();
        Assert.Equal(["First", "Second"], articles.Select(a => a.Headline));
        Assert.Equal(
            ("<p>Body</p>", "benzinga", "AAPL,MSFT"),
            (articles[1].Content, articles[1].Source, string.Join(',', articles[1].Symbols))
        );
        Assert.Equal(
            ("true", "asc", "50"),
            (_server.Requests[0]["include_content"], _server.Requests[0]["sort"], _server.Requests[0]["limit"])
        );
    }

    [Fact]
    public void KnownAt_ChangedArticle_IsTheChange() =>
        Assert.Equal(
            Utc("2022-01-05T10:00:00Z"),
            new AlpacaArticle
            {
                Id = 1,
                Headline = "",
                CreatedAt = Utc("2022-01-03T10:00:00Z"),
                UpdatedAt = Utc("2022-01-05T10:00:00Z"),
            }.KnownAt
        );

    [Fact]
    public async Task GetCorporateActions_AllTypes_BecomeSplitsAndDividendsOrNeither()
    {
        _server.Content.AddSplit("AAPL", "2020-08-31", 4, 1);
        _server.Content.AddSplit("MNTS", "2023-08-24", 1, 50);
        _server.Content.AddDividend("AAPL", "2023-05-12", 0.24m);
        _server.Content.Add("stock_dividends", "MSBC", "2023-05-19", ("rate", 0.05));
        _server.Content.Add("spin_offs", "JUPW", "2023-08-15", ("source_rate", 19.35), ("new_rate", 1), ("new_symbol", "SRM"));
        _server.PageSize = 2;
        using AlpacaDataClient client = _server.Client();
        IReadOnlyList<AlpacaAction> actions = await client.GetCorporateActionsAsync(
            ["AAPL", "MNTS", "MSBC", "JUPW"],
            new DateOnly(2020, 1, 1),
            new DateOnly(2023, 12, 31)
        );
        Assert.Equal(3, _server.Requests.Count);
        Assert.Equal(
            "AAPL Split 4|AAPL Dividend 0.24|MSBC Split 1.05|JUPW  |MNTS Split 0.02",
            string.Join('|', actions.Select(a => $"{a.Symbol} {a.Action?.Kind} {a.Action?.Value}"))
        );
        Assert.Equal(("spin_offs", new DateOnly(2023, 8, 15)), (actions[3].Type, actions[3].ExDate));
    }

    [Fact]
    public async Task GetCalendar_HalfDay_HasItsHoursInUtc()
    {
        _server.Content.Sessions.Add(Session("2022-11-25", "09:30", "13:00"));
        _server.Content.Sessions.Add(Session("2022-11-28", "09:30", "16:00"));
        using AlpacaDataClient client = _server.Client();
        IReadOnlyList<AlpacaSession> sessions = await client.GetCalendarAsync(
            new DateOnly(2022, 11, 24),
            new DateOnly(2022, 11, 27)
        );
        AlpacaSession session = Assert.Single(sessions);
        Assert.Equal((Utc("2022-11-25T14:30:00Z"), Utc("2022-11-25T18:00:00Z")), (session.Open, session.Close));
    }

    private static JsonObject Session(string date, string open, string close) =>
        new()
        {
            ["date"] = date,
            ["open"] = open,
            ["close"] = close,
            ["settlement_date"] = date,
        };

    [Fact]
    public async Task GetClock_OtherClock_GivesItsSkew()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Utc("2022-01-03T15:00:00Z"));
        _server.Content.Clock = new JsonObject
        {
            ["timestamp"] = "2022-01-03T10:00:42.123456789-05:00",
            ["is_open"] = true,
            ["next_open"] = "2022-01-04T09:30:00-05:00",
            ["next_close"] = "2022-01-03T16:00:00-05:00",
        };
        using AlpacaDataClient client = _server.Client(time);
        AlpacaClock clock = await client.GetClockAsync();
        Assert.Equal(
            (true, Utc("2022-01-04T14:30:00Z"), Utc("2022-01-03T21:00:00Z")),
            (clock.IsOpen, clock.NextOpen, clock.NextClose)
        );
        Assert.Equal(42, (int)clock.Skew.TotalSeconds);
    }

    [Fact]
    public async Task GetAssets_OneAndAll_AreRead()
    {
        _server.Content.Assets.Add(
            new JsonObject
            {
                ["id"] = "904837e3-3b76-47ec-b432-046db621571b",
                ["class"] = "us_equity",
                ["exchange"] = "NASDAQ",
                ["symbol"] = "AAPL",
                ["name"] = "Apple Inc. Common Stock",
                ["status"] = "active",
                ["tradable"] = true,
                ["marginable"] = true,
                ["maintenance_margin_requirement"] = 30,
                ["shortable"] = true,
                ["easy_to_borrow"] = true,
                ["fractionable"] = true,
                ["attributes"] = new JsonArray(),
            }
        );
        using AlpacaDataClient client = _server.Client();
        AlpacaAsset asset = Assert.Single(await client.GetAssetsAsync());
        Assert.Equal(
            ("AAPL", "us_equity", "NASDAQ", true, true),
            (asset.Symbol, asset.AssetClass, asset.Exchange, asset.Tradable, asset.EasyToBorrow)
        );
        Assert.Equal(asset, await client.GetAssetAsync("AAPL"));
        Assert.Null(await client.GetAssetAsync("ZZZZ"));
    }
}
