using System.Diagnostics;
using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Benchmarks;

/// <summary>
/// How busy a team of language models keeps a slow server: the time that its calls would take if as many as allowed were always in flight,
/// over the time that they take. Every reply is recorded and booked, as in a backtest.
/// </summary>
internal static class TeamThroughput
{
    public const string Name = "llm-throughput";

    private const int ContextsInFlight = 8;
    private const int ContextsPerPlace = 5;
    private const int FirstSession = 300;
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(500);
    private static readonly int[] Limits = [8, 32];

    /// <summary>Measures each limit and writes a line of JSON for it.</summary>
    public static async Task ExecuteAsync()
    {
        foreach (int limit in Limits)
        {
            Console.WriteLine(JsonSerializer.Serialize(await MeasureAsync(limit), RlaifJson.Compact));
        }
    }

    private static async Task<object> MeasureAsync(int limit)
    {
        string folder = Directory.CreateTempSubdirectory("rlaif-bench-").FullName;
        try
        {
            using var server = new LatencyServer(Latency);
            await using SpendBook book = await SpendBook.OpenAsync(Path.Combine(folder, "spend.db"));
            await using ModelGateway gateway = await ModelGateway.OpenAsync(
                Roster(server.Address, limit),
                LlmMode.Record,
                Path.Combine(folder, "recording.jsonl"),
                book,
                null,
                TimeProvider.System
            );
            var team = new LlmTeam(gateway, new LlmOptions { Tools = false }, "bench", PromptSet.Default);
            var manager = ManagerAgent.OnModels(team, new ManagerOptions());
            MarketSnapshot[] snapshots = await SnapshotsAsync((limit * ContextsPerPlace) + 1);
            await manager.AnalyzeAsync(snapshots[^1], "warm-up", 0);
            server.Reset();
            long start = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(
                0,
                snapshots.Length - 1,
                new ParallelOptions { MaxDegreeOfParallelism = ContextsInFlight },
                async (i, token) => await manager.AnalyzeAsync(snapshots[i], "run", 0, token)
            );
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double ideal = server.Calls * Latency.TotalSeconds / limit;
            return new
            {
                Name,
                Concurrency = limit,
                Contexts = snapshots.Length - 1,
                ContextsInFlight,
                server.Calls,
                server.PeakInFlight,
                IdealSeconds = ideal,
                Seconds = seconds,
                Efficiency = ideal / seconds,
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<MarketSnapshot[]> SnapshotsAsync(int count)
    {
        SimulatedMarket market = SimulatedMarket.Create(
            new SimulationOptions { Sessions = FirstSession + count, Symbols = ["AAPL"] }
        );
        BarSeries bars = await market.GetBarsAsync("AAPL", DateTimeOffset.MaxValue);
        var snapshots = new MarketSnapshot[count];
        for (int i = 0; i < count; i++)
        {
            snapshots[i] = await market.GetSnapshotAsync("AAPL", bars[FirstSession + i].CloseTime);
        }

        return snapshots;
    }

    private static ModelRoster Roster(Uri address, int limit)
    {
        var options = new ModelOptions
        {
            Provider = "claude",
            Model = "bench",
            BaseUrl = address,
            KeyVariable = "BENCH_KEY",
            Concurrency = limit,
            InputUsdPerMillion = 1,
            OutputUsdPerMillion = 5,
        };
        return ModelRoster.Create(
            Enum.GetValues<ModelRole>().ToDictionary(r => r, _ => options),
            _ => "bench-key",
            ModelTable.Load(),
            TimeProvider.System
        );
    }
}
