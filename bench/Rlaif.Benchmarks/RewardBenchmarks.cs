using BenchmarkDotNet.Attributes;

namespace Rlaif.Benchmarks;

/// <summary>The workloads under BenchmarkDotNet.</summary>
[MemoryDiagnoser]
public class RewardBenchmarks
{
    private Action _run = () => { };

    /// <summary>Which workload.</summary>
    [Params("train-1000x10", "train-6000x10", "train-1000000x10-factored", "score-1", "score-10000")]
    public string Workload { get; set; } = "";

    /// <summary>Makes the data.</summary>
    [GlobalSetup]
    public void Prepare() => _run = RewardWorkload.All.Single(w => w.Name == Workload).Prepare();

    /// <summary>One run; <c>score-1</c> scores 10,000 candidates one by one.</summary>
    [Benchmark]
    public void Run() => _run();
}
