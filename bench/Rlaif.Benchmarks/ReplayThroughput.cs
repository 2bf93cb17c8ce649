using System.Diagnostics;
using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;

namespace Rlaif.Benchmarks;

/// <summary>
/// A production loop on replay, as <c>rlaif run --replay</c> drives it: a month of bars of minutes, and a year of daily bars to see whether memory grows. Ten
/// symbols, ledger and broker's books on disk.
/// </summary>
internal static class ReplayThroughput
{
    public const string Minutes = "replay-month-of-minutes";
    public const string Year = "replay-year";

    private const int Symbols = 10;
    private const int MinuteSessionsBefore = 2;
    private const int DaySessionsBefore = 80;

    /// <summary>Measures and writes a line of JSON.</summary>
    public static async Task<int> ExecuteAsync(string name)
    {
        bool isMinutes = name == Minutes;
        DateOnly[] sessions =
        [
            .. NyseCalendar
                .Sessions(new DateOnly(2023, 1, 3), new DateOnly(2024, 12, 31))
                .Sessions.TakeLast(isMinutes ? MinuteSessionsBefore + 21 : DaySessionsBefore + 252),
        ];
        var market = new InMemoryMarketData("walk", Walk(sessions, isMinutes));
        string folder = Directory.CreateTempSubdirectory("rlaif-replay-").FullName;
        try
        {
            await MeasureAsync(name, market, sessions[(isMinutes ? MinuteSessionsBefore : DaySessionsBefore)..], folder);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string name, InMemoryMarketData market, DateOnly[] sessions, string folder)
    {
        await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(folder, "rlaif.db"));
        await using Ledger store = await Ledger.OpenAsync(Path.Combine(folder, "paper.db"));
        var dates = new DateRange(sessions[0], sessions[^1]);
        var clock = new ReplayClock(new DateTimeOffset(dates.From, TimeOnly.MinValue, TimeSpan.Zero));
        using PaperBroker broker = await PaperBroker.OpenAsync(store, clock);
        var options = new ProductionOptions
        {
            EverySessions = 2,
            Settlement = new SettlementOptions
            {
                HoldDays = 2,
                TargetReturn = 0.02,
                StopReturn = 0.01,
            },
        };
        using var loop = new ProductionLoop(market, ManagerAgent.RuleBased(), ledger, broker, clock, market.Symbols, options);
        var replay = new Replay(loop, market, ledger, broker, clock, HourlyAndHalfAnHourBeforeTheClose(sessions));
        var heap = new List<long>();
        int session = 0;
        long start = Stopwatch.GetTimestamp();
        ReplayReport report = await replay.RunAsync(
            dates,
            _ =>
            {
                // What is kept, not what waits to be collected.
                if (++session % (sessions.Length / 4) == 0)
                {
                    heap.Add(GC.GetTotalMemory(forceFullCollection: true));
                }

                return Task.CompletedTask;
            }
        );
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int bars = 0;
        foreach (string symbol in market.Symbols)
        {
            bars += (await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue)).Count;
        }

        var line = new
        {
            Name = name,
            Seconds = seconds,
            Bars = bars,
            report.Sessions,
            report.Decisions,
            report.Orders,
            report.Fills,
            Differences = report.Differences.Count,
            HeapBytesByQuarter = heap,
            PeakBytes = Process.GetCurrentProcess().PeakWorkingSet64,
        };
        Console.WriteLine(JsonSerializer.Serialize(line, RlaifJson.Compact));
    }

    private static Timetable HourlyAndHalfAnHourBeforeTheClose(DateOnly[] sessions)
    {
        Timetable decisions = Timetable.At(sessions.Select(s => NyseCalendar.Hours(s).Close.AddMinutes(-30)));
        return new Timetable(
            new Dictionary<ProductionJob, Func<DateTimeOffset, DateTimeOffset?>>
            {
                [ProductionJob.Settlement] = after => new DateTimeOffset(
                    (after.UtcTicks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour,
                    TimeSpan.Zero
                ),
                [ProductionJob.Decisions] = after => decisions.Next(ProductionJob.Decisions, after),
            }
        );
    }

    private static IEnumerable<BarSeries> Walk(DateOnly[] sessions, bool isMinutes)
    {
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            var random = new DeterministicRandom(symbol);
            var bars = new List<Bar>();
            double price = 100;
            foreach (DateOnly session in sessions)
            {
                (DateTimeOffset open, DateTimeOffset close) = NyseCalendar.Hours(session);
                int count = isMinutes ? (int)(close - open).TotalMinutes : 1;
                TimeSpan length = (close - open) / count;
                double deviation = 0.015 / Math.Sqrt(count);
                for (int i = 0; i < count; i++)
                {
                    double next = price * Math.Exp(deviation * random.NextGaussian());
                    (decimal first, decimal last) = (Cents(price), Cents(next));
                    DateTimeOffset at = open + (length * i);
                    bars.Add(new Bar(at, at + length, first, Math.Max(first, last), Math.Min(first, last), last, 1_000_000));
                    price = next;
                }
            }

            yield return new BarSeries($"S{symbol}", bars);
        }
    }

    private static decimal Cents(double price) => Math.Max(0.01m, decimal.Round((decimal)price, 2));
}
