using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>What a journal forgets, and when.</summary>
public sealed class TradeJournalTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Opened = new(2025, 1, 7, 14, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Closed = Opened.AddDays(3);

    private Ledger _ledger = null!;
    private TradeJournal _journal = null!;

    public async ValueTask InitializeAsync()
    {
        _ledger = await Ledger.OpenAsync(":memory:");
        _journal = new TradeJournal(_ledger);
        await AddAsync("entry", "dec", OrderSide.Buy, Opened);
        await AddAsync("exit", "dec", OrderSide.Sell, Closed);
    }

    public async ValueTask DisposeAsync() => await _ledger.DisposeAsync();

    [Fact]
    public async Task Forget_WhileABrokerMayStillTellOfFills_Keeps()
    {
        await AddAsync("other", "dec2", OrderSide.Buy, Closed.AddDays(2));
        Assert.False(_journal.Forget("dec"));
        Assert.NotNull(_journal.Find("exit"));
        Assert.Equal(3, _journal.Fills.Count());

        await AddAsync("another", "dec3", OrderSide.Buy, Closed.AddDays(2).AddSeconds(1));
        Assert.True(_journal.Forget("dec"));
        Assert.Null(_journal.Find("entry"));
        Assert.Null(_journal.EndOf("exit"));
        Assert.Equal(["other", "another"], _journal.Fills.Select(f => f.ClientOrderId));
        Assert.Empty(_journal.OrdersOf("dec"));
        Assert.False(_journal.Forget("dec2"));
    }

    [Fact]
    public async Task Forget_OrderThatHasNotEnded_Keeps()
    {
        await _ledger.AppendAsync([OrderOf("stop", "dec", OrderSide.Sell, Closed)]);
        await AddAsync("other", "dec2", OrderSide.Buy, Closed.AddDays(30));
        Assert.False(_journal.Forget("dec"));
        Assert.Equal(["stop"], _journal.Pending);
    }

    /// <summary>Brokers are asked for the fills of the day before the latest one.</summary>
    [Fact]
    public async Task Knows_FillThatIsToldAgain_UntilNobodyTellsOfItAnyMore()
    {
        Fill told = _journal.FillsOf("exit").Single();
        await AddAsync("other", "dec2", OrderSide.Buy, Closed + TradeJournal.MostDelay);
        Assert.True(_journal.Knows(told));
        await AddAsync("another", "dec3", OrderSide.Buy, Closed + (3 * TradeJournal.MostDelay));
        Assert.False(_journal.Knows(told));
        Assert.Equal(4, _journal.Fills.Count());
    }

    [Fact]
    public void SymbolsUnderWay_NothingHeldAnyMore_IsNone()
    {
        var shares = new ShareCount(
            new UncertainBroker(null!),
            new Dictionary<string, BarSeries>(StringComparer.Ordinal),
            Closed
        );
        Assert.Empty(_journal.SymbolsUnderWay(shares));
        Assert.Equal(["AAA"], _journal.SymbolsTraded);
    }

    [Fact]
    public void TakeNew_GivesEachOrderOnce()
    {
        Assert.Equal(["entry", "exit"], _journal.TakeNew().Select(o => o.ClientOrderId));
        Assert.Empty(_journal.TakeNew());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(59, 1)]
    [InlineData(60, 0)]
    [InlineData(-1, 0)]
    public void CountOfMinute_CountsTheMinuteUpToTheMoment(int secondsAfter, int expected) =>
        Assert.Equal(expected, _journal.CountOfMinute(Closed.AddSeconds(secondsAfter)));

    private static Order OrderOf(string id, string decision, OrderSide side, DateTimeOffset at) =>
        new()
        {
            ClientOrderId = id,
            Symbol = "AAA",
            Side = side,
            Quantity = 10,
            DecisionId = decision,
            CreatedAt = at,
        };

    /// <summary>Writes down an order that was filled at once.</summary>
    private async Task AddAsync(string id, string decision, OrderSide side, DateTimeOffset at)
    {
        var fill = new Fill
        {
            FillId = $"fill of {id}",
            ClientOrderId = id,
            Symbol = "AAA",
            Side = side,
            Quantity = 10,
            Price = 100,
            Costs = 0,
            At = at,
        };
        var filled = new OrderState
        {
            ClientOrderId = id,
            Symbol = "AAA",
            Side = side,
            Status = OrderStatus.Filled,
            Quantity = 10,
            FilledQuantity = 10,
            AveragePrice = 100,
            UpdatedAt = at,
        };
        await _ledger.AppendAsync(new LedgerBatch().Add(OrderOf(id, decision, side, at)).Add(fill).Add(OrderUpdate.Of(filled)));
        await _journal.RefreshAsync(CancellationToken.None);
    }
}
