using System.Diagnostics;
using System.Text.Json;
using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Benchmarks;

/// <summary>Measures one workload in a minute or less: the median of three runs after a warm-up, with the machine's own speed beside it.</summary>
internal static class QuickRun
{
    private const int Runs = 3;
    private const double Giga = 1e9;

    public static int Execute(string name)
    {
        RewardWorkload? workload = RewardWorkload.All.FirstOrDefault(w => w.Name == name);
        if (workload is null)
        {
            Console.Error.WriteLine(
                $"There is no workload {name}; there is {string.Join(", ", RewardWorkload.All.Select(w => w.Name).Append(TeamThroughput.Name).Append(PositionThroughput.Name).Append(ReplayThroughput.Minutes).Append(ReplayThroughput.Year))}."
            );
            return 2;
        }

        Action run = workload.Prepare();
        run();
        double[] runs = [.. Enumerable.Range(0, Runs).Select(_ => Measure(run) / workload.Repeats).Order()];
        double seconds = runs[Runs / 2];
        double gflops = MachineGflops();
        using var process = Process.GetCurrentProcess();
        var line = new
        {
            Name = name,
            Seconds = seconds,
            PairsPerS = workload.Pairs > 0 ? workload.Pairs / seconds : (double?)null,
            PeakBytes = process.PeakWorkingSet64,
            MachineGflops = gflops,
            // What the workload needs of the product, over what its cores could do in that time; the rest of its work counts as nothing.
            PeakFraction = workload.Operations / seconds / (Cores(workload) * gflops * Giga),
        };
        Console.WriteLine(JsonSerializer.Serialize(line, RlaifJson.Compact));
        return 0;
    }

    private static int Cores(RewardWorkload workload) => workload.IsSerial ? 1 : Environment.ProcessorCount;

    /// <summary>The peak of the matrix product on one core here and now, in billions of operations a second: the best of many tries on operands that fit its caches.</summary>
    private static double MachineGflops()
    {
        const int Rows = 96;
        const int Columns = 64;
        const int Depth = 256;
        const int Tries = 2_000;
        (float[] a, int aStart) = AlignedMemory.Allocate(Rows * Depth);
        (float[] b, int bStart) = AlignedMemory.Allocate(Depth * Columns);
        (float[] c, int cStart) = AlignedMemory.Allocate(Rows * Columns);
        var result = new MatrixView(c, cStart, Columns);
        var left = new MatrixView(a, aStart, Depth);
        var right = new PanelView(b, bStart, PanelView.Width, Depth * PanelView.Width);
        var shape = new GemmShape(Rows, Columns, Depth);
        double best = Enumerable
            .Range(0, Tries)
            .Min(_ => Measure(() => MatrixProduct.Multiply(result, result, left, right, shape)));
        return 2.0 * Rows * Columns * Depth / best / Giga;
    }

    private static double Measure(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
