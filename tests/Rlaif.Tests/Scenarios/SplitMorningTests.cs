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
    private const decimal Ratio = 4;
    private static readonly DateOnly Friday = new(2026, 1, 2);
    private static readonly DateOnly Monday = new(2026, 1, 5);
    private static readonly DateOnly Tuesday = new(2026, 1, 6);
    private static readonly CorporateAction Split = new(Tuesday, CorporateActionKind.Split, Ratio);

    private static readonly SimulatedMarket Simulated = SimulatedMarket.Create(
        new SimulationOptions
        {
            Sessions = 420,
            FirstDate = new DateOnly(2024, 6, 3),
            Symbols = ["AAA", "BBB", "CCC", "DDD"],
        }
    );

    private AlpacaAccount _account = null!;
    private Ledger _ledger = null!;
    private LiveMarket _market = null!;
    private ProductionLoop _loop = null!;

    private AlpacaExchange Exchange => _account.Exchange;

    public async ValueTask InitializeAsync()
    {
        _account = await AlpacaAccount.OpenAsync();
        _ledger = await Ledger.OpenAsync(":memory:");
        _market = await LiveMarket.LoadAsync(_ledger);
        await AddBarsAsync(DateOnly.MinValue, Friday);
        _loop = new ProductionLoop(
            _market,
            ManagerAgent.RuleBased(new ManagerOptions()),
            _ledger,
            _account.Broker,
            _account.Clock,
            _market.Symbols,
            new ProductionOptions
            {
                EverySessions = 1,
                Settlement = new SettlementOptions { HoldDays = 3, StopReturn = 0.05 },
                Limits = new RiskLimits { MaxOrderNotional = 1_000_000, MaxPositionFraction = 1 },
            }
        );
        await MarkAsync(1);
    }

    public async ValueTask DisposeAsync()
    {
        _loop.Dispose();
        await _account.DisposeAsync();
        await _ledger.DisposeAsync();
    }

    [Fact]
    public async Task Run_SplitWhileHeld_BooksAgreeAllMorningAndStopsAndExitsAreInNewShares()
    {
        await RunAsync(ProductionJob.Decisions);
        Dictionary<string, decimal> held = Enter();
        await RunAsync(ProductionJob.Prices);
        ILookup<string, Order> stops = (await _ledger.ReadAsync<Order>())
            .Where(o => o.StopPrice is not null)
            .ToLookup(o => o.Symbol);
        Assert.Equal(held.Keys.Order(), stops.Select(s => s.Key).Order());
        await AddBarsAsync(Monday, Monday);

        // In the night nobody knows whether Alpaca has counted it yet.
        AdvanceTo(Tuesday, "08:00");
        await AddSplitAsync();
        Assert.Equal(JobOutcome.Done, (await RunAsync(ProductionJob.Reconciliation)).Outcome);
        Assert.Equal(0, await _account.RunAsync(_loop.AcceptHoldingsAsync()));
        foreach ((string symbol, decimal shares) in held)
        {
            Exchange.Hold(symbol, shares * Ratio, 25);
        }

        AdvanceTo(Tuesday, "13:00");
        Assert.Equal(JobOutcome.Done, (await RunAsync(ProductionJob.Reconciliation)).Outcome);

        // Its old stop ended with the split: the new one guards the new shares at their price.
        ExchangeOrder[] waiting = [.. Exchange.Open];
        Assert.Equal(held.Count, waiting.Length);
        await MarkAsync(Ratio);
        Array.ForEach(waiting, o => Exchange.Set(o, "canceled"));
        await RunAsync(ProductionJob.Prices);
        foreach (Order renewed in (await _ledger.ReadAsync<Order>()).Where(o => o.StopPrice is not null).TakeLast(held.Count))
        {
            Order before = Assert.Single(stops[renewed.Symbol]);
            Assert.Equal((before.Side, before.Quantity * Ratio), (renewed.Side, renewed.Quantity));
            Assert.InRange(renewed.StopPrice!.Value - (before.StopPrice!.Value / Ratio), -0.01m, 0.01m);
        }

        AdvanceTo(Tuesday, "14:35");
        Assert.Equal(JobOutcome.Done, (await RunAsync(ProductionJob.Reconciliation)).Outcome);

        await AddBarsAsync(Tuesday, Tuesday);
        AdvanceTo(Tuesday.AddDays(1), "15:00");
        await RunAsync(ProductionJob.Settlement);
        Order[] exits = [.. (await _ledger.ReadAsync<Order>()).Where(o => o.TimeInForce == TimeInForce.Close)];
        Assert.Equal(
            held.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => (h.Key, Math.Abs(h.Value) * Ratio)),
            exits.OrderBy(o => o.Symbol, StringComparer.Ordinal).Select(o => (o.Symbol, o.Quantity!.Value))
        );
    }

    [Fact]
    public async Task Run_SplitThatTheBrokerDidNotCount_PausesTradingFromTheOpenOn()
    {
        await RunAsync(ProductionJob.Decisions);
        Dictionary<string, decimal> held = Enter();
        await AddBarsAsync(Monday, Monday);
        AdvanceTo(Tuesday, "14:29");
        await AddSplitAsync();
        Assert.Equal(JobOutcome.Done, (await RunAsync(ProductionJob.Reconciliation)).Outcome);
        AdvanceTo(Tuesday, "14:30");
        JobRun late = await RunAsync(ProductionJob.Reconciliation);
        Assert.Equal(JobOutcome.Failed, late.Outcome);
        (string symbol, decimal shares) = held.First();
        Assert.Contains(
            $"the broker holds {shares:0.######} of {symbol}, the fills in the ledger add up to {shares * Ratio:0.######}",
            late.Text,
            StringComparison.Ordinal
        );
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
        foreach (ExchangeOrder order in Exchange.Open)
        {
            Exchange.Fill(order, order.Qty!.Value, 100);
        }

        Dictionary<string, decimal> held = _market
            .Symbols.Where(s => Exchange.SharesOf(s) != 0)
            .ToDictionary(s => s, Exchange.SharesOf, StringComparer.Ordinal);
        Assert.NotEmpty(held);
        return held;
    }

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
                    .Select(b => b.Session < Tuesday ? b : InNewShares(b)),
            []
        );

    private static Bar InNewShares(Bar bar) =>
        new(
            bar.OpenTime,
            bar.CloseTime,
            bar.Open / Ratio,
            bar.High / Ratio,
            bar.Low / Ratio,
            bar.Close / Ratio,
            bar.Volume * (long)Ratio
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
