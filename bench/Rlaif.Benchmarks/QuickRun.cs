using System.Diagnostics;
using System.Text.Json;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Benchmarks;

/// <summary>Measures one workload in a minute or less: the median of three runs after a warm-up, with the machine's own speed beside it.</summary>
internal static class QuickRun
{
    private const int Runs = 3;

    public static int Execute(string name)
    {
        RewardWorkload? workload = RewardWorkload.All.FirstOrDefault(w => w.Name == name);
        if (workload is null)
        {
            Console.Error.WriteLine(
                $"There is no workload {name}; there is {string.Join(", ", RewardWorkload.All.Select(w => w.Name).Append(TeamThroughput.Name))}."
            );
            return 2;
        }

        Action run = workload.Prepare();
        run();
        double[] seconds = [.. Enumerable.Range(0, Runs).Select(_ => Measure(run) / workload.Repeats).Order()];
        using var process = Process.GetCurrentProcess();
        var line = new
        {
            Name = name,
            Seconds = seconds[Runs / 2],
            PairsPerS = workload.Pairs > 0 ? workload.Pairs / seconds[Runs / 2] : (double?)null,
            PeakBytes = process.PeakWorkingSet64,
            MachineGflops = MachineGflops(),
        };
        Console.WriteLine(JsonSerializer.Serialize(line, RlaifJson.Compact));
        return 0;
    }

    /// <summary>What the matrix kernel reaches on one core here and now, in billions of operations a second: the best of many tries.</summary>
    private static double MachineGflops()
    {
        const int Rows = 32;
        const int Columns = 128;
        const int Depth = 768;
        const int Tries = 200;
        const double Giga = 1e9;
        var a = new MatrixView(new float[Rows * Depth], 0, Depth);
        var b = new MatrixView(new float[Depth * Columns], 0, Columns);
        var c = new MatrixView(new float[Rows * Columns], 0, Columns);
        double best = Enumerable
            .Range(0, Tries)
            .Min(_ => Measure(() => MatrixProduct.Multiply(c, c, a, PanelView.Of(b), new GemmShape(Rows, Columns, Depth))));
        return 2.0 * Rows * Columns * Depth / best / Giga;
    }

    private static double Measure(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
