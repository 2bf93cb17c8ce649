using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>A paper broker on days that a test writes down: one bar a day of one symbol, 9:30 to 16:00 in New York in winter.</summary>
internal sealed class PaperDesk : IAsyncDisposable
{
    public const string Symbol = "AAPL";
    private static readonly DateOnly FirstDay = new(2025, 1, 6);
    private readonly FakeTimeProvider _time = new(Open(0).AddHours(-12));
    private readonly List<Bar> _bars = [];
    private readonly PaperBrokerOptions _options;

    private PaperDesk(Ledger store, PaperBrokerOptions options)
    {
        Store = store;
        _options = options;
        Broker = null!;
    }

    public Ledger Store { get; }

    public PaperBroker Broker { get; private set; }

    public List<CorporateAction> Actions { get; } = [];

    public static DateTimeOffset Open(int day) => new(FirstDay.AddDays(day), new TimeOnly(14, 30), TimeSpan.Zero);

    public static DateOnly Session(int day) => FirstDay.AddDays(day);

    public static async Task<PaperDesk> OpenAsync(PaperBrokerOptions? options = null)
    {
        var desk = new PaperDesk(
            await Ledger.OpenAsync(":memory:"),
            options ?? new PaperBrokerOptions { CostBps = 0, BorrowBpsPerYear = 0 }
        );
        await desk.RestartAsync();
        await desk.Broker.MarkAsync(Symbol, 100);
        return desk;
    }

    /// <summary>As after a kill: nothing but the store is left.</summary>
    public async Task RestartAsync() => Broker = await PaperBroker.OpenAsync(Store, _time, _options);

    /// <summary>The bar of the next day (or a later one).</summary>
    public async Task DayAsync(decimal open, decimal high, decimal low, decimal close, decimal volume = 1_000_000, int skip = 0)
    {
        int day = (_bars.Count == 0 ? 0 : _bars[^1].Session.DayNumber - FirstDay.DayNumber + 1) + skip;
        _bars.Add(new Bar(Open(day), Open(day).AddHours(6.5), open, high, low, close, volume));
        _time.SetUtcNow(_bars[^1].CloseTime);
        await ShowAsync(_bars.Count - 1);
    }

    public Task ShowAsync(int bar) => Broker.ShowAsync(new BarSeries(Symbol, _bars, Actions), _bars[bar]);

    public Order Order(string id, OrderSide side, decimal? quantity, OrderType type = OrderType.Market) =>
        new()
        {
            ClientOrderId = id,
            Symbol = Symbol,
            Side = side,
            Quantity = quantity,
            Type = type,
            CreatedAt = _time.GetUtcNow(),
        };

    public Task<OrderState> SubmitAsync(Order order) => Broker.SubmitAsync(order);

    public Task<OrderState> BuyAsync(decimal quantity) => SubmitAsync(Order($"buy_{quantity}", OrderSide.Buy, quantity));

    public async Task<OrderState> StateAsync(string id) => (await Broker.FindAsync(id))!;

    public async Task<decimal> SharesAsync() => (await Broker.GetPositionsAsync()).SingleOrDefault()?.Quantity ?? 0;

    public async Task<decimal> CashAsync() => (await Broker.GetAccountAsync()).Cash;

    public async ValueTask DisposeAsync()
    {
        Broker.Dispose();
        await Store.DisposeAsync();
    }
}
