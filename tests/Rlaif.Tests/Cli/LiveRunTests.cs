using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Cli;

/// <summary><c>rlaif run</c> on a clock that the test moves, with the prices of a server on this machine, over the weekend on which New York changes to summer time.</summary>
public sealed class LiveRunTests : IAsyncLifetime
{
    private LiveHome _home = null!;

    public async ValueTask InitializeAsync() => _home = await LiveHome.OpenAsync();

    public ValueTask DisposeAsync() => _home.DisposeAsync();

    [Fact]
    public async Task Run_Paper_DecidesAfterTheCloseAndFillsAtTheNextOpenAcrossTheChangeOfClocks()
    {
        await _home.RunAsync(
            ["run", "--static"],
            run => _home.AdvanceToAsync(new DateTimeOffset(2024, 3, 8, 21, 30, 5, TimeSpan.Zero), "): 2 decisions", run)
        );
        IReadOnlyList<Order> orders = await _home.ReadAsync<Order>();
        Assert.NotEmpty(orders);
        Assert.Empty(await _home.ReadAsync<Fill>());

        // Another process on Monday: what it missed is made up, and the exchange's clock has changed.
        _home.Time.SetUtcNow(new DateTimeOffset(2024, 3, 11, 20, 29, 0, TimeSpan.Zero));
        await _home.RunAsync(
            ["run", "--static"],
            run => _home.AdvanceToAsync(new DateTimeOffset(2024, 3, 11, 20, 30, 5, TimeSpan.Zero), "): 0 decisions", run)
        );
        IReadOnlyList<Fill> fills = await _home.ReadAsync<Fill>();
        Assert.Equal(orders.Count, fills.Count);
        Assert.All(fills, f => Assert.Equal(NyseCalendar.Hours(LiveHome.Monday).Open, f.At));
        Assert.Equal(fills.Count, (await _home.ReadAsync<PositionOpened>()).Count);
        JobRun[] decisions = [.. (await _home.ReadAsync<JobRun>()).Where(r => r.Job == ProductionJob.Decisions)];
        Assert.Equal([TimeSpan.FromHours(21.5), TimeSpan.FromHours(20.5)], decisions.Select(r => r.DueAt.TimeOfDay));
        Assert.Contains(await _home.ReadAsync<EquityMark>(), m => m.Session == LiveHome.Monday);
        _home.AssertNoKeyAnywhere();
    }

    [Fact]
    public async Task Run_Live_SendsMarketOrdersOnceAndTakesInTheFills()
    {
        await _home.RunAsync(
            _home.Live,
            run => _home.AdvanceToAsync(new DateTimeOffset(2024, 3, 8, 21, 30, 5, TimeSpan.Zero), "): 2 decisions", run)
        );
        IReadOnlyList<Order> orders = await _home.ReadAsync<Order>();
        Assert.Equal(orders.Select(o => o.ClientOrderId).Order(), _home.Exchange.Taken.Order());
        _home.Time.SetUtcNow(new DateTimeOffset(2024, 3, 11, 13, 31, 0, TimeSpan.Zero));
        foreach (ExchangeOrder open in _home.Exchange.Open.ToArray())
        {
            _home.Exchange.Fill(open, open.Qty!.Value, 190);
        }

        await _home.RunAsync(_home.Live, run => _home.WaitAsync("broker and ledger agree", run));
        Assert.Equal(orders.Count, (await _home.ReadAsync<Fill>()).Count(f => f.Price == 190));
        Assert.Equal(orders.Count, _home.Exchange.Taken.Count);
        _home.AssertNoKeyAnywhere();
    }

    [Theory]
    [InlineData("Trading real money is not allowed here", "--live", "--confirm", "LIVE")]
    [InlineData("that needs --live", "--broker", "alpaca")]
    [InlineData("exclude each other", "--live", "--paper")]
    [InlineData("leave out --broker and --live", "--replay", "2024-01-02..2024-02-01", "--live")]
    public async Task Run_RealMoneyWithoutConsent_SendsNothing(string expected, params string[] args)
    {
        Assert.Equal(2, await _home.StartAsync(CancellationToken.None, ["run", .. args]));
        Assert.Contains(expected, _home.Log(), StringComparison.Ordinal);
        Assert.Empty(_home.Exchange.Taken);
    }

    [Fact]
    public async Task Run_LiveWithAnotherWord_SendsNothing()
    {
        string config = _home.Allowed;
        Assert.Equal(2, await _home.StartAsync(CancellationToken.None, "run", "--live", "--confirm", "yes", "--config", config));
        Assert.Contains("the word is LIVE", _home.Log(), StringComparison.Ordinal);
        // Nobody is there to type it.
        Assert.Equal(2, await _home.StartAsync(CancellationToken.None, "run", "--live", "--config", config));
        Assert.Contains("--confirm LIVE", _home.Log(), StringComparison.Ordinal);
    }
}
