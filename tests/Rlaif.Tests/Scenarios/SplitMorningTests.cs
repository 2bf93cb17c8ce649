using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Data.Alpaca;
using Rlaif.Tests.Outcomes.Brokers;

namespace Rlaif.Tests.Scenarios;

/// <summary>Positions at Alpaca over a split of 4:1 on Tuesday, 6 January 2026: its books change in the night, the first bar that tells of it comes in the evening.</summary>
public sealed class SplitMorningTests : IAsyncLifetime
{
    private static readonly DateOnly Friday = new(2026, 1, 2);
    private static readonly DateOnly Monday = new(2026, 1, 5);
    private static readonly DateOnly Tuesday = new(2026, 1, 6);
    private static readonly SimulatedMarket Simulated = SimulatedMarket.Create(
        new SimulationOptions
        {
            Sessions = 420,
            FirstDate = new DateOnly(2024, 6, 3),
            Symbols = ["AAA", "BBB", "CCC", "DDD"],
        }
    );

    private decimal _ratio = 4;
    private DateOnly _splitOn = Tuesday;
    private AlpacaAccount _account = null!;
    private Ledger _ledger = null!;
    private LiveMarket _market = null!;
    private ProductionLoop _loop = null!;

    private AlpacaExchange Exchange => _account.Exchange;

    private CorporateAction Split => new(_splitOn, CorporateActionKind.Split, _ratio);

    public async ValueTask InitializeAsync()
    {
        _account = await AlpacaAccount.OpenAsync();
        _ledger = await Ledger.OpenAsync(":memory:");
        _market = await LiveMarket.LoadAsync(_ledger);
        await AddBarsAsync(DateOnly.MinValue, Friday);
        _loop = Loop(_market.Symbols);
        await MarkAsync(1);
    }

    private ProductionLoop Loop(IReadOnlyList<string> symbols) =>
        new(
            _market,
            ManagerAgent.RuleBased(new ManagerOptions()),
            _ledger,
            _account.Broker,
            _account.Clock,
            symbols,
            new ProductionOptions
            {
                EverySessions = 1,
                Settlement = new SettlementOptions { HoldDays = 3, StopReturn = 0.05 },
                Limits = new RiskLimits { MaxOrderNotional = 1_000_000, MaxPositionFraction = 1 },
            }
        );

    public async ValueTask DisposeAsync()
    {
        _loop.Dispose();
        await _account.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    public static TheoryData<decimal> Ratios => [4, 1m / 3, 0.1m, 1.5m];

    [Theory]
    [MemberData(nameof(Ratios))]
    public async Task Run_SplitWhileHeld_BooksAgreeAllMorningAndStopsAndExitsAreInNewShares(decimal ratio)
    {
        _ratio = ratio;
        await RunAsync(ProductionJob.Decisions);
        Dictionary<string, decimal> held = Enter();
        await RunAsync(ProductionJob.Prices);
        ILookup<string, Order> stops = (await _ledger.ReadAsync<Order>())
            .Where(o => o.StopPrice is not null)
            .ToLookup(o => o.Symbol);
        Assert.Equal(held.Keys.Order(), stops.Select(s => s.Key).Order());
        await AddBarsAsync(Monday, Monday);

        // In the night nobody knows whether Alpaca has counted it yet: the old stops go, and nothing is sent.
        AdvanceTo(Tuesday, "08:00");
        await AddSplitAsync();
        await AssertAgreeAsync();
        Assert.Empty(Exchange.Open);
        int sent = Exchange.Taken.Count;
        await MarkAsync(ratio);
        await RunAsync(ProductionJob.Prices);
        (IReadOnlyList<string> taken, IReadOnlyList<string> left) = await _account.RunAsync(_loop.AcceptHoldingsAsync());
        Assert.Empty(taken);
        Assert.Empty(left);
        Assert.Equal(sent, Exchange.Taken.Count);

        CountSplit(held);
        AdvanceTo(Tuesday, "13:00");
        await AssertAgreeAsync();
        await RunAsync(ProductionJob.Prices);
        Order[] renewed = [.. (await _ledger.ReadAsync<Order>()).Where(o => o.StopPrice is not null).Skip(held.Count)];
        Assert.Equal(held.Count, renewed.Length);
        foreach (Order stop in renewed)
        {
            Order before = Assert.Single(stops[stop.Symbol]);
            Assert.Equal((before.Side, Math.Floor(New(before.Quantity!.Value))), (stop.Side, stop.Quantity));
            Assert.InRange(stop.StopPrice!.Value - (before.StopPrice!.Value / ratio), -0.01m, 0.01m);
        }

        AdvanceTo(Tuesday, "14:35");
        await AssertAgreeAsync();

        await AddBarsAsync(Tuesday, Tuesday);
        AdvanceTo(Tuesday.AddDays(1), "15:00");
        await RunAsync(ProductionJob.Settlement);
        AssertOrders(
            held.ToDictionary(h => h.Key, h => Math.Floor(New(Math.Abs(h.Value)))),
            (await _ledger.ReadAsync<Order>()).Where(o => o.TimeInForce == TimeInForce.Close)
        );

        // A part of a share is left, and sold at the next open.
        AdvanceTo(Tuesday.AddDays(1), "21:00");
        FillAll();
        AdvanceTo(Tuesday.AddDays(2), "00:30");
        await RunAsync(ProductionJob.Settlement);
        AssertOrders(
            held.Select(h => (h.Key, Part: New(Math.Abs(h.Value)) % 1))
                .Where(h => h.Part > 0)
                .ToDictionary(h => h.Key, h => h.Part),
            (await _ledger.ReadAsync<Order>()).Where(o => o.Quantity < 1)
        );
        AdvanceTo(Tuesday.AddDays(2), "14:30");
        FillAll();
        await AssertAgreeAsync();
        Assert.Equal(
            0,
            (await _account.RunAsync(_account.Broker.GetPositionsAsync())).Sum(p => Math.Floor(Math.Abs(p.Quantity) * 10_000))
        );

        // Whoever starts anew, and decides on something else, counts what is closed all the same.
        _loop.Dispose();
        _loop = Loop(["BBB"]);
        AdvanceTo(Tuesday.AddDays(2), "14:35");
        Assert.DoesNotContain("BBB", held.Keys);
        await AssertAgreeAsync();
    }

    [Fact]
    public async Task Run_EntryThatWaitsOverTheNight_IsCancelledBeforeItFillsInNewShares()
    {
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(Monday, "21:30");
        await RunAsync(ProductionJob.Decisions);
        int sent = Exchange.Open.Count;
        Assert.NotEqual(0, sent);
        AdvanceTo(Tuesday, "08:00");
        await RunAsync(ProductionJob.Settlement);
        Assert.Equal(sent, Exchange.Open.Count);
        await AddSplitAsync();
        await RunAsync(ProductionJob.Prices);
        Assert.Empty(Exchange.Open);
        AdvanceTo(Tuesday, "14:35");
        await RunAsync(ProductionJob.Decisions);
        Assert.Equal(sent, Exchange.Taken.Count);
    }

    [Fact]
    public async Task Run_ExitThatWaitsOverTheNight_IsSentAgainInNewShares()
    {
        _splitOn = Tuesday.AddDays(1);
        await RunAsync(ProductionJob.Decisions);
        Dictionary<string, decimal> held = Enter();
        await AddBarsAsync(Monday, Monday);
        // The last day of the holding period is Wednesday: on the evening before, its exits are sent.
        await AddBarsAsync(Tuesday, Tuesday);
        AdvanceTo(Tuesday.AddDays(1), "00:30");
        await RunAsync(ProductionJob.Settlement);
        AssertOrders(held.ToDictionary(h => h.Key, h => Math.Abs(h.Value)), Closing());

        AdvanceTo(Tuesday.AddDays(1), "08:00");
        await AddSplitAsync();
        await RunAsync(ProductionJob.Settlement);
        Assert.Empty(Exchange.Open);
        CountSplit(held);
        AdvanceTo(Tuesday.AddDays(1), "09:00");
        await RunAsync(ProductionJob.Settlement);
        AssertOrders(
            held.ToDictionary(h => h.Key, h => Math.Abs(h.Value) * _ratio),
            Closing().Where(o => Exchange[o.ClientOrderId].IsOpen)
        );

        IEnumerable<Order> Closing() =>
            _ledger.ReadAsync<Order>().GetAwaiter().GetResult().Where(o => o.TimeInForce == TimeInForce.Close);
    }

    [Fact]
    public async Task Run_SplitThatTheBrokerDidNotCount_PausesTradingFromTheOpenOn()
    {
        await RunAsync(ProductionJob.Decisions);
        Dictionary<string, decimal> held = Enter();
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(Tuesday, "14:29");
        await AddSplitAsync();
        await AssertAgreeAsync();
        AdvanceTo(Tuesday, "14:30");
        JobRun late = await RunAsync(ProductionJob.Reconciliation);
        Assert.Equal(JobOutcome.Failed, late.Outcome);
        (string symbol, decimal shares) = held.First();
        Assert.Contains(
            $"the broker holds {shares:0.######} of {symbol}, the fills in the ledger add up to {shares * _ratio:0.######}",
            late.Text,
            StringComparison.Ordinal
        );
    }

    /// <summary>Somebody traded by hand, and nobody can say in which shares the broker tells of it.</summary>
    [Fact]
    public async Task AcceptHoldings_DifferenceOnTheMorningOfASplit_WaitsForTheOpen()
    {
        await RunAsync(ProductionJob.Decisions);
        (string symbol, decimal shares) = Enter().First();
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(Tuesday, "14:29");
        await AddSplitAsync();
        Exchange.Hold(symbol, shares + 7, 100);
        (IReadOnlyList<string> taken, IReadOnlyList<string> left) = await _account.RunAsync(_loop.AcceptHoldingsAsync());
        Assert.Empty(taken);
        Assert.Equal([symbol], left);
        AdvanceTo(Tuesday, "14:30");
        (taken, left) = await _account.RunAsync(_loop.AcceptHoldingsAsync());
        Assert.Contains(symbol, taken);
        Assert.Empty(left);
    }

    /// <summary>A symbol that did not trade since its split, on a day on which nobody does.</summary>
    [Fact]
    public async Task Run_WeekendAfterASplitWithoutABar_NamesTheDifference()
    {
        await RunAsync(ProductionJob.Decisions);
        Dictionary<string, decimal> held = Enter();
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(new DateOnly(2026, 1, 10), "15:00");
        await AddSplitAsync();
        JobRun run = await RunAsync(ProductionJob.Reconciliation);
        Assert.Equal(JobOutcome.Failed, run.Outcome);
        Assert.Equal(held.Count, (await _account.RunAsync(_loop.AcceptHoldingsAsync())).Taken.Count);
    }

    /// <summary>A decision by Monday's price would order a quarter of its shares on Tuesday.</summary>
    [Fact]
    public async Task Decide_SplitWithoutABarSince_WaitsForTheBar()
    {
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(Tuesday, "13:00");
        await AddSplitAsync();
        JobRun run = await RunAsync(ProductionJob.Decisions);
        Assert.Equal(JobOutcome.Skipped, run.Outcome);
        Assert.Contains("AAA is split on 2026-01-06 and has no bar since", run.Text, StringComparison.Ordinal);
        Assert.Empty(Exchange.Taken);
    }

    /// <summary>The evening before is as if nobody knew of the split yet.</summary>
    [Fact]
    public async Task Decide_EveningBeforeASplitThatIsStored_IsAsWithoutIt()
    {
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(Monday, "21:30");
        string before = await SeenAsync();
        await AddSplitAsync();
        Assert.Equal(before, await SeenAsync());
        Assert.NotEqual(JobOutcome.Skipped, (await RunAsync(ProductionJob.Decisions)).Outcome);

        async Task<string> SeenAsync()
        {
            DateTimeOffset now = _account.Clock.GetUtcNow();
            var seen = new List<string>();
            foreach (string symbol in _market.Symbols)
            {
                seen.Add((await _market.GetSnapshotAsync(symbol, now)).Hash);
                seen.Add($"{(await _market.GetBarsAsync(symbol, now)).Actions.Length}");
            }

            return string.Join(' ', seen);
        }
    }

    private Task<JobRun> RunAsync(ProductionJob job) => _account.RunAsync(_loop.RunAsync(job, _account.Clock.GetUtcNow()));

    /// <summary>Monday's open fills what was ordered.</summary>
    /// <returns>What is held since, shorts as negative numbers.</returns>
    private Dictionary<string, decimal> Enter()
    {
        AdvanceTo(Monday, "14:30");
        FillAll();
        Dictionary<string, decimal> held = _market
            .Symbols.Where(s => Exchange.SharesOf(s) != 0)
            .ToDictionary(s => s, Exchange.SharesOf, StringComparer.Ordinal);
        Assert.NotEmpty(held);
        return held;
    }

    private void FillAll()
    {
        foreach (ExchangeOrder order in Exchange.Open)
        {
            Exchange.Fill(order, order.Qty!.Value, 100);
        }
    }

    /// <summary>As a broker counts: to nine decimals, whatever is below them.</summary>
    private void CountSplit(Dictionary<string, decimal> held)
    {
        foreach ((string symbol, decimal shares) in held)
        {
            decimal exact = decimal.Round(shares * _ratio, 15);
            Exchange.Hold(symbol, decimal.Round(exact, 9, MidpointRounding.ToZero), 100 / _ratio);
        }
    }

    private decimal New(decimal shares) => decimal.Round(decimal.Round(shares * _ratio, 15), 6, MidpointRounding.ToZero);

    private async Task AssertAgreeAsync()
    {
        JobRun run = await RunAsync(ProductionJob.Reconciliation);
        Assert.True(run.Outcome == JobOutcome.Done, run.Text);
    }

    private static void AssertOrders(Dictionary<string, decimal> expected, IEnumerable<Order> orders) =>
        Assert.Equal(
            expected.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => (e.Key, e.Value)),
            orders.OrderBy(o => o.Symbol, StringComparer.Ordinal).Select(o => (o.Symbol, o.Quantity!.Value))
        );

    private void AdvanceTo(DateOnly day, string utc)
    {
        var moment = new DateTimeOffset(day, TimeOnly.Parse(utc), TimeSpan.Zero);
        _account.Clock.Advance(moment - _account.Clock.GetUtcNow());
    }

    private Task AddSplitAsync() => AddAsync(_ => [], [Split]);

    private Task AddBarsAsync(DateOnly from, DateOnly to) =>
        AddAsync(
            all =>
                Enumerable
                    .Range(0, all.Count)
                    .Select(i => all[i])
                    .Where(b => b.Session >= from && b.Session <= to)
                    .Select(b => b.Session < _splitOn ? b : InNewShares(b)),
            []
        );

    private Bar InNewShares(Bar bar) =>
        new(
            bar.OpenTime,
            bar.CloseTime,
            bar.Open / _ratio,
            bar.High / _ratio,
            bar.Low / _ratio,
            bar.Close / _ratio,
            (long)(bar.Volume * _ratio)
        );

    private async Task AddAsync(Func<BarSeries, IEnumerable<Bar>> bars, IReadOnlyList<CorporateAction> actions)
    {
        var store = new BarStore(_ledger);
        foreach (string symbol in Simulated.Symbols)
        {
            BarSeries all = await Simulated.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            await store.AddAsync([new BarSeries(symbol, bars(all))]);
            await store.AddActionsAsync(
                new Dictionary<string, IReadOnlyList<CorporateAction>>(StringComparer.Ordinal) { [symbol] = actions },
                CancellationToken.None
            );
        }

        await _market.ReloadAsync();
    }

    private async Task MarkAsync(decimal splits)
    {
        foreach (string symbol in _market.Symbols)
        {
            BarSeries bars = await _market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            _loop.Mark(symbol, bars[bars.Count - 1].Close / splits);
        }
    }
}
