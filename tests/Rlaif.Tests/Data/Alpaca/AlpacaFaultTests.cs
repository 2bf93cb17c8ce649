using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data.Alpaca;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>What the client does when Alpaca refuses, fails, is slow or cut, limits the rate, or has another clock. Time is virtual.</summary>
public sealed class AlpacaFaultTests : IAsyncLifetime
{
    private const double NoTimeout = 3600;
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    private readonly VirtualClock _clock = new();
    private AlpacaServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AlpacaServer.StartAsync();
        _server.Now = _clock.GetUtcNow;
        _server.Content.LatestTrades["AAPL"] = AlpacaContent.Trade("2022-01-03T09:00:00Z", 178.26m, 1);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task<decimal> AskAsync(int retries = 3, double timeout = NoTimeout, AlpacaKeys? keys = null)
    {
        AlpacaOptions options = _server.Options() with { Retries = retries, TimeoutSeconds = timeout };
        using var client = new AlpacaDataClient(keys ?? AlpacaServer.Keys, options, _clock);
        return (await _clock.RunAsync(client.GetLatestTradesAsync(["AAPL"]), Horizon))["AAPL"].Price;
    }

    private Task<AlpacaException> FailAsync(int retries = 3, double timeout = NoTimeout, AlpacaKeys? keys = null) =>
        Assert.ThrowsAsync<AlpacaException>(() => AskAsync(retries, timeout, keys));

    private void Answer(Func<int, HttpContext, Task<bool>> answer) =>
        _server.Instead = (asked, http) => answer(asked.Number, http);

    [Theory]
    [InlineData(400, AlpacaFailure.BadRequest, "does not accept the request")]
    [InlineData(401, AlpacaFailure.Authentication, "check APCA_API_KEY_ID and APCA_API_SECRET_KEY")]
    [InlineData(403, AlpacaFailure.Forbidden, "iex is free")]
    [InlineData(404, AlpacaFailure.NotFound, "check the symbol and the base URL")]
    [InlineData(422, AlpacaFailure.BadRequest, "check symbols, dates and options")]
    public async Task Get_Refusal_IsOneClearLineAndNotRepeated(int status, AlpacaFailure kind, string advice)
    {
        Answer((_, http) => AlpacaServer.RefuseAsync(http, status, "invalid symbol: A PL"));
        AlpacaException error = await FailAsync();
        Assert.Equal((kind, status), (error.Kind, error.Status));
        Assert.Contains(
            $"({status}) at {_server.Url}v2/stocks/trades/latest: invalid symbol: A PL; ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task Get_ServerFailsTwice_AnswersTheThirdTime(int status)
    {
        Answer((n, http) => n <= 2 ? AlpacaServer.RefuseAsync(http, status, "internal server error") : Task.FromResult(false));
        Assert.Equal(178.26m, await AskAsync());
        Assert.Equal(3, _server.Requests.Count);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Get_Maintenance_IsGivenUpAfterTheRetriesInWords()
    {
        Answer((_, http) => AlpacaServer.PageAsync(http, 503, "<html><body>Scheduled maintenance</body></html>"));
        AlpacaException error = await FailAsync(retries: 4);
        Assert.Equal(AlpacaFailure.Server, error.Kind);
        Assert.Equal(5, _server.Requests.Count);
        Assert.Contains("(503)", error.Message, StringComparison.Ordinal);
        Assert.Contains("it may be in maintenance; try again later.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_MaintenancePageWithStatus200_IsRepeatedAndThenUnreadable()
    {
        Answer((_, http) => AlpacaServer.PageAsync(http, 200, "<html>"));
        AlpacaException error = await FailAsync(retries: 1);
        Assert.Equal((AlpacaFailure.Malformed, 2), (error.Kind, _server.Requests.Count));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"trades":{"AAPL":{"t":"2022-01-03T09:00:00Z","x":"P","p":1,"s":1}}}""")]
    [InlineData("""{"trades":{"AAPL":{"t":"yesterday","x":"P","p":1,"s":1,"i":1}}}""")]
    [InlineData("""{"trades":{"AAPL":{"t":"2022-01-03T09:00:00Z","x":"P","p":"much","s":1,"i":1}}}""")]
    [InlineData("null")]
    public async Task Get_ReplyWithoutADocumentedField_IsUnreadable(string reply)
    {
        Answer((_, http) => AlpacaServer.PageAsync(http, 200, reply));
        Assert.Equal(AlpacaFailure.Malformed, (await FailAsync(retries: 0)).Kind);
    }

    [Fact]
    public async Task Get_ConnectionCutInTheReply_IsRepeated()
    {
        Answer((n, http) => n == 1 ? AlpacaServer.CutAsync(http) : Task.FromResult(false));
        Assert.Equal(178.26m, await AskAsync());
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Get_NoServer_SaysWhere()
    {
        Uri url = _server.Url;
        await _server.DisposeAsync();
        AlpacaException error = await FailAsync(retries: 1);
        Assert.Equal(AlpacaFailure.Connection, error.Kind);
        Assert.StartsWith($"No connection with {url}v2/stocks/trades/latest: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_SlowReply_IsGivenUpAfterTheTimeoutAndRepeated()
    {
        Answer((n, http) => n == 1 ? AlpacaServer.StallAsync(http) : Task.FromResult(false));
        var time = new FakeTimeProvider();
        _server.Now = time.GetUtcNow;
        using AlpacaDataClient client = _server.Client(time, o => o with { Retries = 1, TimeoutSeconds = 30 });
        Task<IReadOnlyDictionary<string, AlpacaTrade>> asking = client.GetLatestTradesAsync(["AAPL"]);
        await UntilAsync(() => _server.Requests.Count == 1);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() =>
        {
            // The wait before the next try is at most a second.
            time.Advance(TimeSpan.FromMilliseconds(10));
            return _server.Requests.Count == 2;
        });
        Assert.Equal(178.26m, (await asking)["AAPL"].Price);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Get_StallsForEver_SaysHowLongItWaited()
    {
        Answer((_, http) => AlpacaServer.StallAsync(http));
        AlpacaException error = await FailAsync(retries: 0, timeout: 7);
        Assert.Equal(AlpacaFailure.Timeout, error.Kind);
        Assert.Contains("did not answer in 7 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CanceledByTheCaller_IsNoErrorOfAlpaca()
    {
        Answer((_, http) => AlpacaServer.StallAsync(http));
        using var cancel = new CancellationTokenSource();
        using AlpacaDataClient client = _server.Client(_clock);
        Task asking = client.GetLatestTradesAsync(["AAPL"], null, cancel.Token);
        await UntilAsync(() => _server.Requests.Count == 1);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private string Epoch(double secondsFromNow) =>
        (_server.Now!().ToUnixTimeSeconds() + (long)secondsFromNow).ToString(CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(0)]
    // The server's clock is ahead or behind: the reset is by that clock.
    [InlineData(600)]
    [InlineData(-600)]
    public async Task Get_429_WaitsForTheResetByTheServersClock(int skewSeconds)
    {
        _server.Now = () => _clock.GetUtcNow() + TimeSpan.FromSeconds(skewSeconds);
        Answer(
            (n, http) =>
                n == 1
                    ? AlpacaServer.RefuseAsync(
                        http,
                        429,
                        "too many requests.",
                        ("X-RateLimit-Limit", "200"),
                        ("X-RateLimit-Remaining", "0"),
                        ("X-RateLimit-Reset", Epoch(37))
                    )
                    : Task.FromResult(false)
        );
        Assert.Equal(178.26m, await AskAsync());
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(39));
    }

    [Fact]
    public async Task Get_429WithRetryAfter_WaitsThatLong()
    {
        Answer(
            (n, http) => n == 1 ? AlpacaServer.RefuseAsync(http, 429, "slow down", ("Retry-After", "12")) : Task.FromResult(false)
        );
        await AskAsync();
        Assert.Equal(TimeSpan.FromSeconds(12), _clock.Elapsed);
    }

    [Fact]
    public async Task Get_429ForEver_IsGivenUp()
    {
        Answer((_, http) => AlpacaServer.RefuseAsync(http, 429, "too many requests."));
        AlpacaException error = await FailAsync(retries: 2);
        Assert.Equal((AlpacaFailure.RateLimited, 3), (error.Kind, _server.Requests.Count));
    }

    [Fact]
    public async Task Get_QuotaUsedUp_WaitsForTheResetInsteadOfBeingRefused()
    {
        const int Limit = 3;
        int inWindow = 0;
        DateTimeOffset windowEnds = DateTimeOffset.MinValue;
        var refused = new ConcurrentQueue<int>();
        Answer(
            (n, http) =>
            {
                if (_clock.GetUtcNow() >= windowEnds)
                {
                    (inWindow, windowEnds) = (0, _clock.GetUtcNow() + TimeSpan.FromSeconds(60));
                }

                inWindow++;
                http.Response.Headers["X-RateLimit-Limit"] = $"{Limit}";
                http.Response.Headers["X-RateLimit-Remaining"] = $"{Math.Max(0, Limit - inWindow)}";
                http.Response.Headers["X-RateLimit-Reset"] = $"{windowEnds.ToUnixTimeSeconds()}";
                if (inWindow <= Limit)
                {
                    return Task.FromResult(false);
                }

                refused.Enqueue(n);
                return AlpacaServer.RefuseAsync(http, 429, "too many requests.");
            }
        );
        using AlpacaDataClient client = _server.Client(_clock, o => o with { TimeoutSeconds = NoTimeout });
        for (int i = 0; i < 7; i++)
        {
            await _clock.RunAsync(client.GetLatestTradesAsync(["AAPL"]), Horizon);
        }

        Assert.Empty(refused);
        Assert.Equal(7, _server.Requests.Count);
        Assert.InRange(_clock.Elapsed, TimeSpan.FromSeconds(118), TimeSpan.FromSeconds(122));
    }

    [Fact]
    public async Task Get_WrongKeys_AreRefusedAndInNoMessage()
    {
        var keys = new AlpacaKeys("PKWRONGWRONGWRONG1", AlpacaServer.Secret);
        AlpacaException error = await FailAsync(keys: keys);
        Assert.Equal(AlpacaFailure.Authentication, error.Kind);
        AssertNoKey(error.ToString());
        Assert.DoesNotContain("PKWRONG", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ServerEchoesTheKeys_AreInNoMessage()
    {
        Answer(
            (_, http) =>
                AlpacaServer.RefuseAsync(http, 403, $"key {AlpacaServer.KeyId} with {AlpacaServer.Secret[..20]} is not allowed")
        );
        AlpacaException error = await FailAsync();
        Assert.Contains("is not allowed", error.Message, StringComparison.Ordinal);
        AssertNoKey(error.ToString());
    }

    private static void AssertNoKey(string text)
    {
        Assert.DoesNotContain(AlpacaServer.KeyId[..12], text, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.Secret[..12], text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Redirect_IsNotFollowedWithTheKeys()
    {
        await using AlpacaServer other = await AlpacaServer.StartAsync();
        Answer(
            (_, http) =>
            {
                http.Response.Redirect($"{other.Url}v2/stocks/trades/latest?symbols=AAPL");
                return Task.FromResult(true);
            }
        );
        AlpacaException error = await FailAsync();
        Assert.Equal(302, error.Status);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("http://data.example.com", false)]
    [InlineData("ftp://data.example.com", false)]
    [InlineData("https://data.example.com/alpaca", true)]
    public void Options_Address_MustNotCarryKeysInTheClear(string url, bool isAllowed)
    {
        var options = new AlpacaOptions { DataUrl = new Uri(url) };
        if (isAllowed)
        {
            options.Validated();
            return;
        }

        var error = Assert.Throws<RlaifInputException>(() => options.Validated());
        Assert.Contains("must begin with https://", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "APCA_API_KEY_ID and APCA_API_SECRET_KEY")]
    [InlineData("PK1", null, "set APCA_API_SECRET_KEY in")]
    [InlineData(null, "s", "set APCA_API_KEY_ID in")]
    [InlineData("PK1", "a b", "APCA_API_SECRET_KEY is empty or holds")]
    public void Keys_MissingOrUnusable_AreNamedNotShown(string? id, string? secret, string expected)
    {
        var error = Assert.Throws<RlaifInputException>(() => AlpacaKeys.Read(n => n == AlpacaKeys.IdVariable ? id : secret));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a b", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.Secret, AlpacaServer.Keys.ToString(), StringComparison.Ordinal);
    }
}
