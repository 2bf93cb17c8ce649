using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Data.Alpaca;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>The stream of market data: what it gives, and what it does when it is refused, cut, silent or repeats itself.</summary>
public sealed class AlpacaDataStreamTests : IAsyncLifetime
{
    private static readonly AlpacaSubscription Bars = new() { Bars = ["AAPL", "MSFT"] };

    // A Monday, 10:03 in New York.
    private readonly VirtualClock _clock = new(Utc("2022-01-03T15:03:00Z"));
    private AlpacaServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await AlpacaServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text);

    private StreamRun<AlpacaUpdate> Open(
        AlpacaSubscription? subscription = null,
        Func<AlpacaOptions, AlpacaOptions>? change = null,
        AlpacaKeys? keys = null
    ) =>
        new(
            _server,
            _clock,
            (client, status) => new AlpacaDataStream(client, subscription ?? Bars, status).ReadAsync(),
            change,
            keys
        );

    private static string Bar(string symbol, string minute, decimal price, string type = "b") =>
        Item(type, symbol, AlpacaContent.Bar($"2022-01-03T15:{minute}:00Z", price));

    private static string Item(string type, string symbol, JsonObject item) => AlpacaContent.Message(type, symbol, item);

    private static string Words(AlpacaUpdate update)
    {
        var bar = Assert.IsType<AlpacaBar>(update);
        string flags = $"{(bar.IsLate ? " late" : "")}{(bar.IsRevision ? " revision" : "")}{(bar.IsBackfill ? " backfill" : "")}";
        return $"{bar.Symbol} {bar.Bar.OpenTime:HH:mm} {bar.Bar.Open}{flags}";
    }

    private static async Task<string> WordsAsync(StreamRun<AlpacaUpdate> run, int count)
    {
        var words = new List<string>();
        for (int i = 0; i < count; i++)
        {
            words.Add(Words(await run.NextAsync()));
        }

        return string.Join('|', words);
    }

    [Fact]
    public async Task Read_BarsQuotesAndTrades_AreAskedForAndRead()
    {
        var asked = new TaskCompletionSource<(string Path, JsonObject Subscribe)>();
        _server.Stream = async (_, path, socket) =>
        {
            asked.SetResult((path, await socket.WelcomeAsync()));
            await socket.SendAsync($"[{Bar("AAPL", "00", 178.26m)}]");
            string quote = Item("q", "AMD", AlpacaContent.Quote("2022-01-03T15:01:00.335689322Z", 87.66m, 87.68m));
            string trade = Item("t", "AAPL", AlpacaContent.Trade("2022-01-03T15:01:01.208Z", 126.55m, 96921));
            await socket.SendInPartsAsync($"[{quote},{trade}]", 5);
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open(
            new AlpacaSubscription
            {
                Feed = "sip",
                Bars = ["AAPL"],
                Quotes = ["AMD"],
                Trades = ["*"],
            }
        );
        var bar = (AlpacaBar)await run.NextAsync();
        Assert.Equal(
            ("AAPL", Utc("2022-01-03T15:00:00Z"), Utc("2022-01-03T15:01:00Z"), 178.26m, true),
            (bar.Symbol, bar.Bar.OpenTime, bar.KnownAt, bar.Bar.Open, bar.IsRegular)
        );
        var quoted = (AlpacaQuote)await run.NextAsync();
        Assert.Equal(("AMD", 87.66m, 87.68m), (quoted.Symbol, quoted.BidPrice, quoted.AskPrice));
        var traded = (AlpacaTrade)await run.NextAsync();
        Assert.Equal((126.55m, 96921L, Utc("2022-01-03T15:01:01.208Z")), (traded.Price, traded.TradeId, traded.KnownAt));
        (string path, JsonObject subscribe) = await asked.Task;
        Assert.Equal("/v2/sip", path);
        Assert.Equal(
            """{"action":"subscribe","trades":["*"],"quotes":["AMD"],"bars":["AAPL"],"updatedBars":["AAPL"]}""",
            subscribe.ToJsonString()
        );
        Assert.Equal("Opened", run.Told);
    }

    [Fact]
    public async Task Read_Cut_OpensAgainSubscribesAgainAndFillsTheGapOnce()
    {
        var subscribed = new List<string>();
        _server.Stream = async (number, _, socket) =>
        {
            subscribed.Add((await socket.WelcomeAsync()).ToJsonString());
            if (number == 1)
            {
                await socket.SendAsync($"[{Bar("AAPL", "01", 101)},{Bar("MSFT", "01", 201)}]");
                socket.Cut();
                return;
            }

            // The stream repeats a bar that the gap has brought already.
            await socket.SendAsync($"[{Bar("AAPL", "04", 104)},{Bar("AAPL", "05", 105)}]");
            await socket.LeaveAsync();
        };
        foreach (string minute in (string[])["00", "01", "02", "03", "04", "05"])
        {
            _server.Content.AddBar("1Min", "AAPL", $"2022-01-03T15:{minute}:00Z", 100 + decimal.Parse(minute));
        }

        _server.Content.AddBar("1Min", "MSFT", "2022-01-03T15:03:00Z", 203);
        _server.PageSize = 2;
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:01 101|MSFT 15:01 201", await WordsAsync(run, 2));
        _clock.Advance(TimeSpan.FromMinutes(2.5));
        // Not 15:00, which closed before the stream began; not 15:05, whose minute goes on; by time, not by symbol.
        Assert.Equal(
            "AAPL 15:02 102 backfill|AAPL 15:03 103 backfill|MSFT 15:03 203 backfill|AAPL 15:04 104 backfill|AAPL 15:05 105",
            await WordsAsync(run, 5)
        );
        Assert.Equal("Opened Lost Opened GapFilled", run.Told);
        Assert.Equal(2, subscribed.Count);
        Assert.Equal(subscribed[0], subscribed[1]);
        Assert.All(_server.Requests, r => Assert.Equal(("1Min", "iex", "AAPL,MSFT"), (r["timeframe"], r["feed"], r["symbols"])));
    }

    [Fact]
    public async Task Read_CutTradesAndQuotes_MissedTradesAndLatestQuotesAreAskedFor()
    {
        string first = Item("t", "AAPL", AlpacaContent.Trade("2022-01-03T15:03:00Z", 100, 1));
        _server.Stream = async (number, _, socket) =>
        {
            await socket.WelcomeAsync();
            if (number == 1)
            {
                await socket.SendAsync($"[{first},{Item("q", "AAPL", AlpacaContent.Quote("2022-01-03T15:03:00Z", 99, 101))}]");
                socket.Cut();
                return;
            }

            await socket.LeaveAsync();
        };
        _server.Content.AddTrade("AAPL", "2022-01-03T15:03:00Z", 100, 1);
        _server.Content.AddTrade("AAPL", "2022-01-03T15:03:00.5Z", 100.5m, 2);
        _server.Content.LatestQuotes["AAPL"] = AlpacaContent.Quote("2022-01-03T15:03:00.6Z", 100, 102);
        await using StreamRun<AlpacaUpdate> run = Open(new AlpacaSubscription { Trades = ["AAPL"], Quotes = ["AAPL"] });
        Assert.Equal(1, ((AlpacaTrade)await run.NextAsync()).TradeId);
        Assert.Equal(99m, ((AlpacaQuote)await run.NextAsync()).BidPrice);
        _clock.Advance(TimeSpan.FromSeconds(2));
        var trade = (AlpacaTrade)await run.NextAsync();
        Assert.Equal((2L, true), (trade.TradeId, trade.IsBackfill));
        var quote = (AlpacaQuote)await run.NextAsync();
        Assert.Equal((100m, true), (quote.BidPrice, quote.IsBackfill));
    }

    [Fact]
    public async Task Read_RepeatedLateAndRevisedBars_AreGivenOnceAndSaySo()
    {
        _server.Stream = async (_, _, socket) =>
        {
            await socket.WelcomeAsync();
            await socket.SendAsync($"[{Bar("AAPL", "02", 102)}]");
            await socket.SendAsync($"[{Bar("AAPL", "02", 102)},{Bar("AAPL", "01", 101)},{Bar("AAPL", "01", 101)}]");
            await socket.SendAsync(
                $"[{Bar("AAPL", "02", 102.5m, "u")},{Bar("AAPL", "02", 102.5m, "u")},{Bar("AAPL", "03", 103)}]"
            );
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:02 102|AAPL 15:01 101 late", await WordsAsync(run, 2));
        _clock.Advance(TimeSpan.FromSeconds(30));
        AlpacaUpdate revision = await run.NextAsync();
        Assert.Equal("AAPL 15:02 102.5 revision", Words(revision));
        // Not at the close of the bar: it came half a minute later.
        Assert.InRange(revision.KnownAt, Utc("2022-01-03T15:03:00Z"), Utc("2022-01-03T15:03:30Z"));
        AlpacaUpdate last = await run.NextAsync();
        // This machine's clock is behind: still, a bar is not known before its close.
        Assert.Equal(("AAPL 15:03 103", Utc("2022-01-03T15:04:00Z")), (Words(last), last.KnownAt));
    }

    [Fact]
    public async Task Read_OldQuotesAndRepeatedTrades_AreLeftOut()
    {
        _server.Stream = async (_, _, socket) =>
        {
            await socket.WelcomeAsync();
            string[] items =
            [
                Item("q", "AAPL", AlpacaContent.Quote("2022-01-03T15:00:02Z", 102, 103)),
                Item("q", "AAPL", AlpacaContent.Quote("2022-01-03T15:00:01Z", 101, 102)),
                Item("q", "AAPL", AlpacaContent.Quote("2022-01-03T15:00:02Z", 102, 103)),
                Item("t", "AAPL", AlpacaContent.Trade("2022-01-03T15:00:01Z", 100, 7)),
                Item("t", "AAPL", AlpacaContent.Trade("2022-01-03T15:00:01Z", 100, 7)),
                Item("t", "AAPL", AlpacaContent.Trade("2022-01-03T15:00:00Z", 99, 6)),
            ];
            await socket.SendAsync($"[{string.Join(',', items)}]");
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open(new AlpacaSubscription { Quotes = ["AAPL"], Trades = ["AAPL"] });
        Assert.Equal(102m, ((AlpacaQuote)await run.NextAsync()).BidPrice);
        Assert.Equal(7, ((AlpacaTrade)await run.NextAsync()).TradeId);
        Assert.Equal(6, ((AlpacaTrade)await run.NextAsync()).TradeId);
    }

    [Fact]
    public async Task Read_UnreadableMessages_AreToldAndLeftOut()
    {
        _server.Stream = async (_, _, socket) =>
        {
            await socket.WelcomeAsync();
            await socket.SendAsync("garbage");
            await socket.SendAsync("""[{"T":"b","S":"AAPL","o":"much"}]""");
            await socket.SendAsync("""[{"T":"new kind","S":"AAPL"}]""");
            await socket.SendAsync($"[{Bar("AAPL", "01", 101)}]");
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:01 101", Words(await run.NextAsync()));
        Assert.Equal("Opened Unreadable Unreadable", run.Told);
    }

    [Fact]
    public async Task Read_WrongKeys_EndsAtOnceWithoutThem()
    {
        _server.Stream = (_, _, socket) => socket.WelcomeAsync();
        await using StreamRun<AlpacaUpdate> run = Open(keys: new AlpacaKeys(AlpacaServer.KeyId, "wrongSecretWrongSecret"));
        AlpacaException error = await run.FailAsync();
        Assert.Equal(AlpacaFailure.Authentication, error.Kind);
        Assert.Contains("says 402 auth failed; check APCA_API_KEY_ID", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrongSecret", error.ToString() + run.Told, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.KeyId, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, _server.Sockets);
    }

    [Theory]
    [InlineData(400, "invalid syntax", AlpacaFailure.BadRequest)]
    [InlineData(405, "symbol limit exceeded", AlpacaFailure.BadRequest)]
    [InlineData(409, "insufficient subscription", AlpacaFailure.Forbidden)]
    [InlineData(410, "invalid subscribe action for this feed", AlpacaFailure.BadRequest)]
    public async Task Read_RefusedForGood_Ends(int code, string message, AlpacaFailure kind)
    {
        _server.Stream = async (_, _, socket) =>
        {
            await socket.SendAsync($$"""[{"T":"error","code":{{code}},"msg":"{{message}}"}]""");
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open();
        AlpacaException error = await run.FailAsync();
        Assert.Equal((kind, 1), (error.Kind, _server.Sockets));
        Assert.Contains($"says {code} {message}; ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    // The connection of before may linger after a cut; the others pass by themselves.
    [InlineData(406, "connection limit exceeded")]
    [InlineData(404, "auth timeout")]
    [InlineData(407, "slow client")]
    [InlineData(500, "internal error")]
    public async Task Read_RefusedForNow_IsTriedAgain(int code, string message)
    {
        _server.Stream = async (number, _, socket) =>
        {
            if (number <= 2)
            {
                await socket.SendAsync($$"""[{"T":"error","code":{{code}},"msg":"{{message}}"}]""");
                await socket.LeaveAsync();
            }

            await socket.WelcomeAsync();
            await socket.SendAsync($"[{Bar("AAPL", "01", 101)}]");
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:01 101", Words(await run.NextAsync()));
        Assert.Equal("Lost Lost Opened", run.Told);
        Assert.Contains(message, run.Statuses[0].Detail, StringComparison.Ordinal);
        Assert.True(_clock.Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public async Task Read_ErrorWithinTheStream_IsOpenedAgain()
    {
        _server.Stream = async (number, _, socket) =>
        {
            await socket.WelcomeAsync();
            await socket.SendAsync(
                number == 1 ? """[{"T":"error","code":407,"msg":"slow client"}]""" : $"[{Bar("AAPL", "01", 101)}]"
            );
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:01 101", Words(await run.NextAsync()));
        Assert.Equal("Opened Lost Opened GapFilled", run.Told);
    }

    [Fact]
    public async Task Read_Maintenance_WaitsLongerAndLongerAndIsGivenUpWhereThatIsAskedFor()
    {
        _server.SocketStatus = _ => 503;
        await using StreamRun<AlpacaUpdate> run = Open(change: o => o with { MostReconnects = 8 });
        AlpacaException error = await run.FailAsync();
        Assert.Equal((AlpacaFailure.Connection, 9), (error.Kind, _server.Sockets));
        TimeSpan[] waits = [.. run.Statuses.Zip(run.Statuses.Skip(1), (a, b) => b.At - a.At)];
        Assert.True(waits.Max() > TimeSpan.FromSeconds(4), "the waits do not grow");
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.Zero, TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Read_SilentConnection_IsCutAndOpenedAgain()
    {
        // Signs of life are asked for by the socket itself, on the real clock: long enough for a slow machine, which may lose
        // a connection all the same before it is welcomed.
        var silent = new TaskCompletionSource();
        _server.Stream = async (_, _, socket) =>
        {
            await socket.WelcomeAsync();
            if (silent.TrySetResult())
            {
                await socket.FallSilentAsync();
            }

            await socket.SendAsync($"[{Bar("AAPL", "01", 101)}]");
            await socket.LeaveAsync();
        };
        await using StreamRun<AlpacaUpdate> run = Open(change: o => o with { SilenceSeconds = 1 });
        Assert.Equal("AAPL 15:01 101", Words(await run.NextAsync()));
        Assert.Contains("Lost Opened", run.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_ServerThatNeverWelcomes_TimesOut()
    {
        _server.Stream = (_, _, socket) => socket.LeaveAsync();
        await using StreamRun<AlpacaUpdate> run = Open(change: o => o with { TimeoutSeconds = 10, MostReconnects = 0 });
        AlpacaException error = await run.FailAsync();
        Assert.Equal(AlpacaFailure.Timeout, error.Kind);
        Assert.Contains("did not answer in 10 s", error.Message, StringComparison.Ordinal);
    }

    private void CutOnce() =>
        _server.Stream = async (number, _, socket) =>
        {
            await socket.WelcomeAsync();
            if (number == 1)
            {
                await socket.SendAsync($"[{Bar("AAPL", "01", 101)}]");
                socket.Cut();
                return;
            }

            await socket.SendAsync($"[{Bar("AAPL", "05", 105)}]");
            await socket.LeaveAsync();
        };

    [Fact]
    public async Task Read_GapCannotBeAskedForNow_IsAskedForAgainFromItsBeginning()
    {
        CutOnce();
        _server.Content.AddBar("1Min", "AAPL", "2022-01-03T15:03:00Z", 103);
        _server.Instead = (asked, http) =>
            asked.Number <= 2 ? AlpacaServer.RefuseAsync(http, 500, "internal server error") : Task.FromResult(false);
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:01 101", await WordsAsync(run, 1));
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("AAPL 15:03 103 backfill|AAPL 15:05 105", await WordsAsync(run, 2));
        Assert.Equal("Opened Lost Opened Lost Opened Lost Opened GapFilled", run.Told);
    }

    [Fact]
    public async Task Read_GapThatTheAccountMayNotSee_IsToldAndTheStreamGoesOn()
    {
        CutOnce();
        _server.Instead = (_, http) =>
            AlpacaServer.RefuseAsync(http, 403, "subscription does not permit querying recent SIP data");
        await using StreamRun<AlpacaUpdate> run = Open();
        Assert.Equal("AAPL 15:01 101|AAPL 15:05 105", await WordsAsync(run, 2));
        Assert.Equal("Opened Lost Opened GapOpen", run.Told);
        Assert.Contains("recent SIP data", run.Statuses[3].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_NothingSubscribed_IsRefused()
    {
        await using StreamRun<AlpacaUpdate> run = Open(new AlpacaSubscription());
        await Assert.ThrowsAsync<RlaifInputException>(run.NextAsync);
    }
}
