using Rlaif.Core;
using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class BarStoreTests
{
    private static readonly DateTimeOffset Monday = new(2024, 1, 8, 14, 30, 0, TimeSpan.Zero);

    private static Bar Day(int day, decimal close = 10.25m) =>
        new(Monday.AddDays(day), Monday.AddDays(day).AddHours(6.5), 10m, 11m, 9.5m, close, 1234.5m);

    private static BarSeries Series(string symbol, params Bar[] bars) => new(symbol, bars);

    [Fact]
    public async Task AddAsync_Twice_AddsNothingTheSecondTime()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var store = new BarStore(ledger);
        CorporateAction[] actions =
        [
            new(new DateOnly(2024, 1, 9), CorporateActionKind.Split, 1.5m),
            new(new DateOnly(2024, 1, 9), CorporateActionKind.Dividend, 0.24m),
        ];
        BarSeries[] series = [new BarSeries("SPY", [Day(0)]), new BarSeries("A", [Day(0), Day(1)], actions)];
        BarStoreChange first = await store.AddAsync(series);
        Assert.Equal((3, 0, 2, 0), (first.BarsAdded, first.BarsSkipped, first.ActionsAdded, first.Conflicts.Count));
        BarStoreChange second = await store.AddAsync(series);
        Assert.Equal((0, 3, 0, 0), (second.BarsAdded, second.BarsSkipped, second.ActionsAdded, second.Conflicts.Count));

        IMarketData market = await store.LoadAsync();
        Assert.Equal(("SPY", "A"), (market.Benchmark, Assert.Single(market.Symbols)));
        BarSeries loaded = await market.GetBarsAsync("A", DateTimeOffset.MaxValue);
        Assert.Equal([Day(0), Day(1)], [loaded[0], loaded[1]]);
        Assert.Equal(actions, loaded.Actions);
    }

    [Fact]
    public async Task AddAsync_OtherValue_IsAConflictAndTheStoredBarStays()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var store = new BarStore(ledger);
        await store.AddAsync([Series("A", Day(0), Day(2))]);
        BarStoreChange change = await store.AddAsync([Series("A", Day(0, 10.5m), Day(1))]);
        BarConflict conflict = Assert.Single(change.Conflicts);
        Assert.Equal(("A", Monday, "close", "10.5"), (conflict.Symbol, conflict.OpenTime, conflict.Field, conflict.Value));
        Assert.Contains("conflicts with the stored bar", conflict.Rule, StringComparison.Ordinal);
        Assert.Equal(1, change.BarsAdded);
        BarSeries loaded = await (await store.LoadAsync()).GetBarsAsync("A", DateTimeOffset.MaxValue);
        Assert.Equal([Day(0), Day(1), Day(2)], [loaded[0], loaded[1], loaded[2]]);
    }

    [Fact]
    public async Task AddAsync_OverlapOrOtherKind_IsRefused()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var store = new BarStore(ledger);
        await store.AddAsync([Series("A", Day(0))]);
        Bar hour = new(Monday.AddHours(1), Monday.AddHours(2), 10m, 11m, 9m, 10m, 1m);
        Bar late = new(Monday.AddHours(2), Monday.AddHours(8), 10m, 11m, 9m, 10m, 1m);
        Bar early = new(Monday.AddHours(-5), Monday.AddHours(1), 10m, 11m, 9m, 10m, 1m);
        BarConflict kind = Assert.Single((await store.AddAsync([Series("A", hour)])).Conflicts);
        Assert.Contains("daily", kind.Rule, StringComparison.Ordinal);
        Assert.Contains(
            "overlaps",
            Assert.Single((await store.AddAsync([Series("A", late)])).Conflicts).Rule,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "overlaps",
            Assert.Single((await store.AddAsync([Series("A", early)])).Conflicts).Rule,
            StringComparison.Ordinal
        );
        Assert.Equal(1, Assert.Single(await store.ListAsync()).Bars);
    }

    [Fact]
    public async Task AddAsync_OtherSplitRatio_IsAConflict()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var store = new BarStore(ledger);
        var date = new DateOnly(2024, 1, 9);
        await store.AddAsync([new BarSeries("A", [Day(0), Day(1)], [new CorporateAction(date, CorporateActionKind.Split, 2m)])]);
        BarStoreChange change = await store.AddAsync([
            new BarSeries("A", [Day(0), Day(1)], [new CorporateAction(date, CorporateActionKind.Split, 3m)]),
        ]);
        Assert.Equal("3", Assert.Single(change.Conflicts).Value);
        Assert.False(Assert.Single(await store.ListAsync()).Adjusted);
    }

    [Fact]
    public async Task AddAsync_Cancelled_LeavesNothing()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var store = new BarStore(ledger);
        using var source = new CancellationTokenSource();
        IEnumerable<BarSeries> series = [Series("A", Day(0)), Series("B", Day(0))];
        var stopping = new StoppingCollection(series, source);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.AddAsync(stopping, source.Token));
        Assert.Empty(await store.ListAsync());
    }

    [Fact]
    public async Task ListAsync_Bars_GivesRangeAndCountInOrdinalOrder()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var store = new BarStore(ledger);
        await store.AddAsync([Series("B", Day(0)), Series("A", Day(0), Day(3)), Series("EMPTY")]);
        Assert.Equal(
            [
                new StoredSymbol("A", 2, new DateOnly(2024, 1, 8), new DateOnly(2024, 1, 11), null),
                new StoredSymbol("B", 1, new DateOnly(2024, 1, 8), new DateOnly(2024, 1, 8), null),
            ],
            await store.ListAsync()
        );
    }

    [Fact]
    public async Task LoadAsync_Empty_HasNoSymbols()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        Assert.Empty((await new BarStore(ledger).LoadAsync()).Symbols);
    }

    /// <summary>Cancels while the store is at work: the series come out in order, the source is cancelled with the first.</summary>
    private sealed class StoppingCollection(IEnumerable<BarSeries> series, CancellationTokenSource source)
        : IReadOnlyCollection<BarSeries>
    {
        public int Count => series.Count();

        public IEnumerator<BarSeries> GetEnumerator()
        {
            foreach (BarSeries one in series)
            {
                source.Cancel();
                yield return one;
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
