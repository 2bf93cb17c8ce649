using Microsoft.AspNetCore.Http;
using Rlaif.Data.Alpaca;
using Rlaif.Outcomes.Brokers;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>What the broker says when Alpaca refuses, fails, is slow or cut: certain where it is certain, in doubt where it is not.</summary>
public sealed class AlpacaBrokerFaultTests : IAsyncLifetime
{
    private AlpacaAccount _account = null!;

    public async ValueTask InitializeAsync() => _account = await AlpacaAccount.OpenAsync();

    public ValueTask DisposeAsync() => _account.DisposeAsync();

    [Fact]
    public async Task Submit_NotEnoughBuyingPower_IsRejectedWithTheReason()
    {
        _account.Exchange.BuyingPower = 10;
        OrderState state = await _account.SubmitAsync(_account.Order("o"));
        Assert.Equal(
            (OrderStatus.Rejected, "Alpaca: insufficient buying power (403, code 40310000)"),
            (state.Status, state.Reason)
        );
        Assert.Null(await _account.FindAsync("o"));
        Assert.Equal(1, _account.Sent("POST"));
    }

    [Theory]
    [InlineData(400, 40010001)]
    [InlineData(422, 42210000)]
    [InlineData(403, 40310000)]
    public async Task Submit_RefusedWithACode_IsRejected(int status, int code)
    {
        _account.Once("POST", (_, http) => RefuseAsync(http, status, code, "not for this account"));
        OrderState state = await _account.SubmitAsync(_account.Order("o"));
        Assert.Equal(
            (OrderStatus.Rejected, $"Alpaca: not for this account ({status}, code {code})"),
            (state.Status, state.Reason)
        );
    }

    [Theory]
    [InlineData(401, "unauthorized.", AlpacaFailure.Authentication)]
    [InlineData(403, "forbidden.", AlpacaFailure.Forbidden)]
    [InlineData(404, "Not Found", AlpacaFailure.NotFound)]
    public async Task Submit_RefusedWithoutACode_IsAboutKeysOrAddressNotTheOrder(int status, string message, AlpacaFailure kind)
    {
        _account.Once("POST", (_, http) => AlpacaServer.RefuseAsync(http, status, message));
        var error = await Assert.ThrowsAsync<AlpacaException>(() => _account.SubmitAsync(_account.Order("o")));
        Assert.Equal(kind, error.Kind);
        Assert.Contains(
            status == 404 ? "check the symbol and the base URL" : "check APCA_API_KEY_ID",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Find_404ThatIsNotAlpacas_DoesNotMeanThatThereIsNoOrder()
    {
        _account.Once("GET", (_, http) => AlpacaServer.PageAsync(http, 404, "<html>nothing here</html>"));
        await Assert.ThrowsAsync<AlpacaException>(() => _account.FindAsync("o"));
        Assert.Null(await _account.FindAsync("o"));
    }

    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("503 html")]
    [InlineData("504 taken")]
    [InlineData("cut before")]
    [InlineData("cut after")]
    [InlineData("unreadable")]
    [InlineData("another order")]
    public async Task Submit_Uncertain_IsADoubtSentOnceAndAskedFor(string fault)
    {
        // A connection that was used before: a handler might send again what fails on it.
        Assert.Null(await _account.FindAsync("o"));
        _account.Once("POST", (asked, http) => FailAsync(fault, asked, http));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.SubmitAsync(_account.Order("o")));
        Assert.Equal(1, _account.Sent("POST"));
        bool isThere = fault is "504 taken" or "cut after" or "unreadable" or "another order";
        Assert.Equal(isThere, await _account.FindAsync("o") is not null);
        // Sent blindly all the same: it is there once.
        Assert.Equal(OrderStatus.Accepted, (await _account.SubmitAsync(_account.Order("o"))).Status);
        Assert.Equal(["o"], _account.Exchange.Taken);
    }

    private async Task<bool> FailAsync(string fault, AlpacaServer.Asked asked, HttpContext http)
    {
        if (fault is "504 taken" or "cut after" or "unreadable" or "another order")
        {
            _account.Exchange.Answer(asked);
        }

        return fault switch
        {
            "429" => await RefuseAsync(http, 429, 42910000, "rate limit exceeded"),
            "500" => await RefuseAsync(http, 500, 50010000, "internal server error"),
            "503 html" => await AlpacaServer.PageAsync(http, 503, "<html>maintenance</html>"),
            "504 taken" => await AlpacaServer.PageAsync(http, 504, "<html>gateway time-out</html>"),
            "unreadable" => await AlpacaServer.PageAsync(http, 200, "{\"id\":"),
            "another order" => await AlpacaServer.PageAsync(http, 200, """{"id":"x","client_order_id":"p","status":"new"}"""),
            _ => await AlpacaServer.CutAsync(http),
        };
    }

    [Fact]
    public async Task Submit_KnownId_IsTheOrderAsItStands()
    {
        await _account.SubmitAsync(_account.Order("o"));
        _account.Fill("o", 10, 100);
        OrderState again = await _account.SubmitAsync(_account.Order("o", quantity: 99));
        Assert.Equal((OrderStatus.Filled, 10m), (again.Status, again.FilledQuantity));
        Assert.Equal(["o"], _account.Exchange.Taken);
    }

    [Fact]
    public async Task Submit_IdTakenButNotToBeFoundYet_IsADoubtNotARejection()
    {
        _account.Once("POST", (_, http) => RefuseAsync(http, 422, 40010001, "client_order_id must be unique"));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.SubmitAsync(_account.Order("o")));
    }

    [Fact]
    public async Task Submit_SlowServer_IsADoubtAfterTheTimeout()
    {
        using var broker = new AlpacaBroker(AlpacaServer.Keys, _account.Options with { TimeoutSeconds = 30 }, _account.Clock);
        bool isStalled = false;
        _account.Once(
            "POST",
            (asked, http) =>
            {
                _account.Exchange.Answer(asked);
                Volatile.Write(ref isStalled, true);
                return AlpacaServer.StallAsync(http);
            }
        );
        // Time passes only once the order is there: a slow machine does not keep it from arriving.
        var doubt = await Assert.ThrowsAsync<BrokerDoubtException>(() =>
            _account.Clock.RunAsync(
                broker.SubmitAsync(_account.Order("o")),
                () => Volatile.Read(ref isStalled) ? TimeSpan.FromMinutes(1) : TimeSpan.Zero
            )
        );
        Assert.Contains("did not answer in 30 s", doubt.Message, StringComparison.Ordinal);
        OrderState? found = await _account.Clock.RunAsync(broker.FindAsync("o"), TimeSpan.Zero);
        Assert.Equal(OrderStatus.Accepted, found!.Status);
        Assert.Equal(["o"], _account.Exchange.Taken);
    }

    [Fact]
    public async Task Anything_NoServer_IsADoubt()
    {
        await _account.Server.DisposeAsync();
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.SubmitAsync(_account.Order("o")));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.FindAsync("o"));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.RunAsync(_account.Broker.GetPositionsAsync()));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.RunAsync(_account.Broker.GetAccountAsync()));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.RunAsync(_account.Broker.GetOpenOrdersAsync()));
        await Assert.ThrowsAsync<BrokerDoubtException>(() => _account.RunAsync(_account.Broker.GetFillsAsync(default)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancel_CutBeforeOrAfter_IsDoneOrADoubt(bool arrives)
    {
        await _account.SubmitAsync(_account.Limit("o"));
        _account.Once(
            "DELETE",
            (asked, http) =>
            {
                _ = arrives ? _account.Exchange.Answer(asked) : null;
                return AlpacaServer.CutAsync(http);
            }
        );
        Task<OrderState> canceling = _account.RunAsync(_account.Broker.CancelAsync("o"));
        if (arrives)
        {
            Assert.Equal(OrderStatus.Canceled, (await canceling).Status);
        }
        else
        {
            await Assert.ThrowsAsync<BrokerDoubtException>(() => canceling);
            Assert.Equal(OrderStatus.Canceled, (await _account.RunAsync(_account.Broker.CancelAsync("o"))).Status);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Replace_CutBeforeOrAfter_IsAskedFor(bool arrives)
    {
        await _account.SubmitAsync(_account.Limit("a"));
        _account.Once(
            "PATCH",
            (asked, http) =>
            {
                _ = arrives ? _account.Exchange.Answer(asked) : null;
                return AlpacaServer.CutAsync(http);
            }
        );
        Task<OrderState> Replacing() =>
            _account.RunAsync(_account.Broker.ReplaceAsync("a", "b", new OrderChange(LimitPrice: 91)));
        if (!arrives)
        {
            await Assert.ThrowsAsync<BrokerDoubtException>(Replacing);
        }

        Assert.Equal((OrderStatus.Accepted, "b"), await StateAsync(Replacing()));
        Assert.Equal(["a", "b"], _account.Exchange.Taken);

        static async Task<(OrderStatus, string)> StateAsync(Task<OrderState> task)
        {
            OrderState state = await task;
            return (state.Status, state.ClientOrderId);
        }
    }

    [Fact]
    public async Task Replace_FilledFirst_IsRejectedLater()
    {
        await _account.SubmitAsync(_account.Limit("a"));
        await _account.RunAsync(_account.Broker.ReplaceAsync("a", "b", new OrderChange(LimitPrice: 91)));
        // "A success return code from a replaced order does NOT guarantee the existing open order has been replaced."
        _account.Exchange.Set(_account.Exchange["b"], "rejected");
        OrderState state = (await _account.FindAsync("b"))!;
        Assert.Equal(
            (OrderStatus.Rejected, "rejected by Alpaca or an exchange, which give no reason"),
            (state.Status, state.Reason)
        );
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public async Task Submit_AfterTheQuotaIsUsedUp_WaitsByTheServersClock(int skewSeconds)
    {
        _account.Server.Now = () => _account.Clock.GetUtcNow().AddSeconds(skewSeconds);
        _account.Once(
            "GET",
            (_, http) =>
            {
                http.Response.Headers["X-RateLimit-Remaining"] = "0";
                http.Response.Headers["X-RateLimit-Reset"] = $"{_account.Server.Now().AddSeconds(37).ToUnixTimeSeconds()}";
                return Task.FromResult(false);
            }
        );
        await _account.FindAsync("o");
        Assert.Equal(OrderStatus.Accepted, (await _account.SubmitAsync(_account.Order("o"))).Status);
        Assert.InRange(_account.Clock.Elapsed, TimeSpan.FromSeconds(35), TimeSpan.FromSeconds(39));
    }

    [Fact]
    public async Task Read_FailsTwice_IsAskedAgain()
    {
        await using AlpacaAccount patient = await AlpacaAccount.OpenAsync(retries: 2);
        patient.Server.Instead = (asked, http) =>
            asked.Number <= 2 ? AlpacaServer.PageAsync(http, 503, "<html>maintenance</html>") : Task.FromResult(false);
        Assert.Empty(await patient.RunAsync(patient.Broker.GetPositionsAsync()));
        Assert.Equal(3, patient.Server.Requests.Count);
    }

    [Fact]
    public async Task Keys_EchoedByTheServer_AreInNoReasonOrMessage()
    {
        string echo = $"key {AlpacaServer.KeyId} with {AlpacaServer.Secret} may not";
        _account.Once("POST", (_, http) => RefuseAsync(http, 403, 40310000, echo));
        OrderState state = await _account.SubmitAsync(_account.Order("o"));
        AssertNoKey(state.ToString());
        Assert.Contains("may not", state.Reason!, StringComparison.Ordinal);
        foreach (int status in (int[])[401, 404, 500])
        {
            _account.Once("POST", (_, http) => RefuseAsync(http, status, status * 100_000, echo));
            Exception? error = await Record.ExceptionAsync(() => _account.SubmitAsync(_account.Order("p")));
            AssertNoKey(error!.ToString());
        }
    }

    private static void AssertNoKey(string text)
    {
        Assert.DoesNotContain(AlpacaServer.KeyId[..12], text, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.Secret[..12], text, StringComparison.Ordinal);
    }

    private static async Task<bool> RefuseAsync(HttpContext http, int status, int code, string message)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(new { code, message });
        return true;
    }
}
