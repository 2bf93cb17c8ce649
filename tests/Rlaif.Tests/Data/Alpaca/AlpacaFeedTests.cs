using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Alpaca;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>When a feed asks, and what it keeps.</summary>
public sealed class AlpacaFeedTests : IAsyncLifetime
{
    // The middle of Monday night in New York; the last bar that is there is Friday's.
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2023, 6, 5, 5, 0, 0, TimeSpan.Zero));
    private AlpacaServer _server = null!;
    private AlpacaDataClient _client = null!;
    private Ledger _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AlpacaServer.StartAsync();
        _server.Now = _time.GetUtcNow;
        _client = _server.Client(_time);
        _ledger = await Ledger.OpenAsync(":memory:");
        foreach (DateOnly day in NyseCalendar.Sessions(new DateOnly(2023, 5, 30), new DateOnly(2023, 6, 6)).Sessions)
        {
            _server.Content.AddBar("1Day", "AAPL", $"{day:yyyy-MM-dd}T04:00:00Z", 100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _ledger.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Refresh_BeforeTheOpenOfASplit_KnowsItAndLeavesTheDividendForTheBar()
    {
        await PullAsync(AlpacaAdjustment.Raw);
        string friday = await SeenOnFridayAsync();
        _server.Content.AddSplit("AAPL", "2023-06-05", 4, 1);
        _server.Content.AddDividend("AAPL", "2023-06-05", 0.25m);
        // Not before its day.
        _server.Content.AddSplit("AAPL", "2023-06-06", 2, 1);
        var feed = new AlpacaFeed(_client, _ledger, ["AAPL"]);
        Assert.Equal((0, 1), await RefreshAsync(feed));
        CorporateAction split = Assert.Single((await SeriesAsync()).Actions);
        Assert.Equal((new DateOnly(2023, 6, 5), CorporateActionKind.Split, 4m), (split.ExDate, split.Kind, split.Value));
        Assert.Equal(friday, await SeenOnFridayAsync());

        // Twice an hour is enough.
        _time.Advance(TimeSpan.FromMinutes(29));
        Assert.Null(await RefreshAsync(feed));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, 0), await RefreshAsync(feed));

        _time.SetUtcNow(new DateTimeOffset(2023, 6, 5, 20, 20, 0, TimeSpan.Zero));
        Assert.Equal((1, 1), await RefreshAsync(feed));
        Assert.Equal(2, (await SeriesAsync()).Actions.Length);
        _time.Advance(TimeSpan.FromHours(3));
        Assert.Null(await RefreshAsync(feed));
        Assert.Equal(friday, await SeenOnFridayAsync());
    }

    [Fact]
    public async Task Refresh_QuestionFails_IsAskedAgainAfterFiveMinutes()
    {
        await PullAsync(AlpacaAdjustment.Raw);
        _server.Content.AddSplit("AAPL", "2023-06-05", 4, 1);
        var feed = new AlpacaFeed(_client, _ledger, ["AAPL"]);
        _server.Instead = (_, http) => AlpacaServer.RefuseAsync(http, 404, "no");
        await Assert.ThrowsAsync<AlpacaException>(() => feed.RefreshAsync(_time.GetUtcNow()));
        _server.Instead = (_, _) => Task.FromResult(false);
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Null(await RefreshAsync(feed));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((0, 1), await RefreshAsync(feed));
    }

    [Fact]
    public async Task Refresh_NoSession_AsksNothing()
    {
        await PullAsync(AlpacaAdjustment.Raw);
        _time.SetUtcNow(new DateTimeOffset(2023, 6, 9, 21, 0, 0, TimeSpan.Zero));
        var feed = new AlpacaFeed(_client, _ledger, ["AAPL"]);
        Assert.NotNull(await RefreshAsync(feed));
        _server.Content.AddBar("1Day", "AAPL", "2023-06-09T04:00:00Z", 100);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await RefreshAsync(feed));
        int asked = _server.Requests.Count;
        // All of Saturday and Sunday.
        for (int hour = 0; hour < 48; hour++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            Assert.Null(await RefreshAsync(feed));
        }

        Assert.Equal(asked, _server.Requests.Count);
    }

    [Theory]
    [InlineData(AlpacaAdjustment.Split)]
    [InlineData(AlpacaAdjustment.All)]
    public async Task Check_AdjustedBars_AreRefused(AlpacaAdjustment adjustment)
    {
        await PullAsync(adjustment);
        var error = await Assert.ThrowsAsync<RlaifInputException>(() => new AlpacaFeed(_client, _ledger, ["AAPL"]).CheckAsync());
        Assert.Contains(
            $"pulled as 'day {adjustment.ToString().ToLowerInvariant()} sip'",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private async Task PullAsync(AlpacaAdjustment adjustment)
    {
        var options = new AlpacaPullOptions
        {
            Symbols = ["AAPL"],
            From = new DateOnly(2023, 5, 30),
            To = new DateOnly(2023, 6, 2),
            Adjustment = adjustment,
        };
        AlpacaPullResult result = await new AlpacaPull(_client, _ledger).RunAsync(options);
        Assert.Equal(4, result.BarsAdded);
    }

    private async Task<(int Bars, int Actions)?> RefreshAsync(AlpacaFeed feed) =>
        await feed.RefreshAsync(_time.GetUtcNow()) is { } result ? (result.BarsAdded, result.ActionsAdded) : null;

    private async Task<BarSeries> SeriesAsync() =>
        await (await new BarStore(_ledger).LoadAsync()).GetBarsAsync("AAPL", DateTimeOffset.MaxValue);

    private async Task<string> SeenOnFridayAsync()
    {
        DateTimeOffset evening = new(2023, 6, 2, 21, 0, 0, TimeSpan.Zero);
        IMarketData market = await new BarStore(_ledger).LoadAsync();
        BarSeries bars = await market.GetBarsAsync("AAPL", evening);
        return $"{(await market.GetSnapshotAsync("AAPL", evening)).Hash} {bars.Count} {bars.Actions.Length}";
    }
}
