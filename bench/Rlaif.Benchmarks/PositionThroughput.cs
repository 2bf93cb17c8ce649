using System.Diagnostics;
using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes;

namespace Rlaif.Benchmarks;

/// <summary>How long live prices take to mark every open position: one tick for each symbol, all positions with target, stop and trailing stop.</summary>
internal static class PositionThroughput
{
    public const string Name = "positions-100000";

    private const int Symbols = 1_000;
    private const int PositionsPerSymbol = 100;
    private const int Sessions = 20;
    private const int WarmUps = 20;
    private const int Batches = 101;

    private static readonly DateOnly[] Days =
    [
        .. NyseCalendar.Sessions(new(2024, 1, 2), new(2024, 3, 1)).Sessions.Take(Sessions + 1),
    ];

    /// <summary>Measures and writes a line of JSON: the median and the slowest of the batches.</summary>
    public static int Execute()
    {
        var random = new DeterministicRandom(1);
        DateTimeOffset now = NyseCalendar.Hours(Days[Sessions]).Open;
        MarketPath[] paths = [.. Enumerable.Range(0, Symbols).Select(i => Path(i, random))];
        OpenPositions positions = new(
            paths.SelectMany(path =>
                Enumerable.Range(0, PositionsPerSymbol).Select(i => PositionBook.Follow(Open(path, i, random), path, now)!)
            ),
            Days[Sessions]
        );
        decimal[] prices = [.. paths.Select(p => p.Bars[Sessions - 1].Close)];
        var seconds = new List<double>();
        int touches = 0;
        long allocated = 0;
        for (int batch = -WarmUps; batch < Batches; batch++)
        {
            PriceTick[] ticks =
            [
                .. paths.Select(
                    (p, i) => new PriceTick(p.Bars.Symbol, Walk(ref prices[i], random), now.AddSeconds(batch + WarmUps))
                ),
            ];
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            long start = Stopwatch.GetTimestamp();
            touches += positions.Update(ticks).Length;
            if (batch >= 0)
            {
                seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                allocated = Math.Max(allocated, GC.GetAllocatedBytesForCurrentThread() - bytes);
            }
        }

        seconds.Sort();
        var line = new
        {
            Name,
            Positions = positions.Count,
            Symbols,
            Seconds = seconds[Batches / 2],
            SlowestSeconds = seconds[^1],
            NanosecondsPerPosition = seconds[Batches / 2] / positions.Count * 1e9,
            AllocatedBytesPerBatch = allocated,
            Touches = touches,
            UnrealizedPnl = decimal.Round(positions.UnrealizedPnl, 2),
        };
        Console.WriteLine(JsonSerializer.Serialize(line, RlaifJson.Compact));
        return 0;
    }

    private static decimal Walk(ref decimal price, DeterministicRandom random) =>
        price = Cents((double)price * Math.Exp(0.002 * random.NextGaussian()));

    private static MarketPath Path(int symbol, DeterministicRandom random)
    {
        decimal price = 20 + random.NextInt(400);
        var bars = new List<Bar>();
        foreach (DateOnly day in Days[..Sessions])
        {
            decimal open = price;
            price = Cents((double)price * Math.Exp(0.02 * random.NextGaussian()));
            (DateTimeOffset from, DateTimeOffset to) = NyseCalendar.Hours(day);
            bars.Add(new Bar(from, to, open, Math.Max(open, price) * 1.005m, Math.Min(open, price) * 0.995m, price, 1_000_000));
        }

        // Half of the symbols split and pay on the way, so that levels and worth are not plain prices.
        CorporateAction[] actions =
            symbol % 2 == 0
                ? []
                : [new(Days[10], CorporateActionKind.Split, 3), new(Days[12], CorporateActionKind.Dividend, 0.37m)];
        return new MarketPath(new BarSeries($"S{symbol:0000}", bars, actions), new SessionCalendar(Days));
    }

    private static PositionOpened Open(MarketPath path, int number, DeterministicRandom random)
    {
        DateTimeOffset asOf = NyseCalendar.Hours(Days[random.NextInt(Sessions)]).Open;
        string id = $"{path.Bars.Symbol}-{number}";
        return new PositionOpened
        {
            PositionId = id,
            DecisionId = id,
            CandidateId = id,
            ContextId = id,
            Symbol = path.Bars.Symbol,
            Side = number % 2 == 0 ? PositionSide.Long : PositionSide.Short,
            PositionSize = 0.05,
            Quantity = null,
            AsOf = asOf,
            OpenedAt = asOf,
            Terms = new SettlementOptions
            {
                HoldDays = 60,
                TargetReturn = 0.15,
                StopReturn = 0.12,
                TrailReturn = 0.1,
            },
        };
    }

    private static decimal Cents(double price) => Math.Max(0.01m, decimal.Round((decimal)price, 2));
}
