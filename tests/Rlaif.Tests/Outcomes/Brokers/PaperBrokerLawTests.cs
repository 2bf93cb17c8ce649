using CsCheck;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>What holds for any orders on any prices.</summary>
public sealed class PaperBrokerLawTests
{
    private const int Days = 12;

    private static readonly Gen<(int Day, int Kind, int Shares, bool Buy, double Offset)[]> Orders = Gen.Select(
        Gen.Int[0, Days - 2],
        Gen.Int[0, 6],
        Gen.Int[1, 400],
        Gen.Bool,
        Gen.Double[0.5, 6]
    ).Array[1, 12];

    private static readonly Gen<(double Gap, double Up, double Down, int Volume)[]> Moves = Gen.Select(
        Gen.Double[-0.06, 0.06],
        Gen.Double[0, 0.05],
        Gen.Double[0, 0.05],
        Gen.Int[0, 5_000]
    ).Array[Days];

    /// <summary>A broker that is closed and opened before every call, and shown each bar twice, has the same books.</summary>
    [Fact]
    public Task Restarted_BeforeEveryCall_HasTheSameBooks() =>
        Gen.Select(Orders, Moves)
            .SampleAsync(
                async (orders, moves) =>
                {
                    string steady = await RunAsync(orders, moves, restarts: false);
                    Assert.Equal(steady, await RunAsync(orders, moves, restarts: true));
                },
                iter: 60
            );

    /// <summary>Cash is what it was, less what was bought, plus what was sold, less costs; no order is filled beyond its quantity or against its limit.</summary>
    [Fact]
    public Task Books_AddUp() =>
        Gen.Select(Orders, Moves)
            .SampleAsync(
                async (orders, moves) =>
                {
                    await using PaperDesk desk = await PaperDesk.OpenAsync(
                        new PaperBrokerOptions { CostBps = 7, BorrowBpsPerYear = 0 }
                    );
                    await PlayAsync(desk, orders, moves, restarts: false);
                    IReadOnlyList<Fill> fills = await desk.Broker.GetFillsAsync(DateTimeOffset.MinValue);
                    decimal spent = fills.Sum(f => ((f.Side == OrderSide.Buy ? 1 : -1) * f.Quantity * f.Price) + f.Costs);
                    Assert.Equal(100_000m - spent, await desk.CashAsync());
                    Assert.Equal(fills.Sum(f => (f.Side == OrderSide.Buy ? 1 : -1) * f.Quantity), await desk.SharesAsync());
                    Assert.Equal(fills.Count, fills.Select(f => f.FillId).Distinct().Count());
                    Assert.Equal(fills.Sum(f => f.Quantity * f.Price) * 7 / 10_000, fills.Sum(f => f.Costs));
                    foreach (IGrouping<string, Fill> order in fills.GroupBy(f => f.ClientOrderId))
                    {
                        OrderState state = await desk.StateAsync(order.Key);
                        Assert.Equal(state.FilledQuantity, order.Sum(f => f.Quantity));
                        Assert.True(state.FilledQuantity <= state.Quantity);
                        Assert.Equal(state.Status == OrderStatus.Filled, state.FilledQuantity == state.Quantity);
                    }
                },
                iter: 150
            );

    /// <summary>What comes after a bar changes nothing that the bar did.</summary>
    [Fact]
    public Task Future_Changed_ChangesNothingBefore() =>
        Gen.Select(Orders, Moves, Moves, Gen.Int[1, Days - 1])
            .SampleAsync(
                async (orders, moves, other, cut) =>
                {
                    await using PaperDesk one = await PaperDesk.OpenAsync();
                    await using PaperDesk two = await PaperDesk.OpenAsync();
                    await PlayAsync(one, orders, moves, restarts: false);
                    await PlayAsync(two, orders, [.. moves[..cut], .. other[cut..]], restarts: false);
                    DateTimeOffset until = PaperDesk.Open(cut);
                    Assert.Equal(await BeforeAsync(one, until), await BeforeAsync(two, until));
                },
                iter: 60
            );

    private static async Task<Fill[]> BeforeAsync(PaperDesk desk, DateTimeOffset until) =>
        [.. (await desk.Broker.GetFillsAsync(DateTimeOffset.MinValue)).Where(f => f.At < until)];

    private static async Task<string> RunAsync(
        (int Day, int Kind, int Shares, bool Buy, double Offset)[] orders,
        (double Gap, double Up, double Down, int Volume)[] moves,
        bool restarts
    )
    {
        await using PaperDesk desk = await PaperDesk.OpenAsync();
        await PlayAsync(desk, orders, moves, restarts);
        BrokerAccount account = await desk.Broker.GetAccountAsync();
        IReadOnlyList<Fill> fills = await desk.Broker.GetFillsAsync(DateTimeOffset.MinValue);
        var states = new List<OrderState>();
        for (int i = 0; i < orders.Length; i++)
        {
            states.Add(await desk.StateAsync($"o{i}"));
        }

        return $"{account}\n{string.Join('\n', fills)}\n{string.Join('\n', states)}";
    }

    private static async Task PlayAsync(
        PaperDesk desk,
        (int Day, int Kind, int Shares, bool Buy, double Offset)[] orders,
        (double Gap, double Up, double Down, int Volume)[] moves,
        bool restarts
    )
    {
        decimal close = 100;
        for (int day = 0; day < Days; day++)
        {
            foreach (
                (int index, (int Day, int Kind, int Shares, bool Buy, double Offset) o) in orders
                    .Index()
                    .Where(o => o.Item.Day == day)
            )
            {
                if (restarts)
                {
                    await desk.RestartAsync();
                    await desk.Broker.MarkAsync(PaperDesk.Symbol, close);
                }

                await desk.SubmitAsync(Make(desk, $"o{index}", o, close));
            }

            (double gap, double up, double down, int volume) = moves[day];
            decimal open = Math.Round(close * (decimal)(1 + gap), 2);
            decimal high = Math.Round(open * (decimal)(1 + up), 2);
            decimal low = Math.Round(open * (decimal)(1 - down), 2);
            close = Math.Round((high + low) / 2, 2);
            if (restarts)
            {
                await desk.RestartAsync();
            }

            await desk.DayAsync(open, high, low, close, volume);
            if (restarts)
            {
                await desk.RestartAsync();
                await desk.ShowAsync(day);
            }
        }
    }

    private static Order Make(
        PaperDesk desk,
        string id,
        (int Day, int Kind, int Shares, bool Buy, double Offset) o,
        decimal close
    )
    {
        OrderSide side = o.Buy ? OrderSide.Buy : OrderSide.Sell;
        decimal offset = Math.Round((decimal)o.Offset, 2);
        int sign = o.Buy ? 1 : -1;
        Order order = desk.Order(id, side, o.Shares, OrderType.Market) with
        {
            TimeInForce = o.Shares % 2 == 0 ? TimeInForce.Gtc : TimeInForce.Day,
        };
        return o.Kind switch
        {
            0 => order,
            1 => order with { Type = OrderType.Limit, LimitPrice = close - (sign * offset) },
            2 => order with { Type = OrderType.Stop, StopPrice = close + (sign * offset) },
            3 => order with
            {
                Type = OrderType.StopLimit,
                StopPrice = close + (sign * offset),
                LimitPrice = close + (sign * (offset + 1)),
            },
            4 => order with { Type = OrderType.TrailingStop, TrailPrice = offset },
            5 => order with
            {
                Class = OrderClass.Bracket,
                TargetPrice = close + (sign * offset),
                StopLossPrice = close - (sign * offset),
            },
            _ => order with
            {
                Type = OrderType.Limit,
                LimitPrice = close - (sign * offset),
                Class = OrderClass.Oco,
                StopLossPrice = close + (sign * offset),
            },
        };
    }
}
