using BenchmarkDotNet.Running;
using Rlaif.Benchmarks;

// --quick NAME: one warm-up and three runs in this process, one line of JSON. Anything else goes to BenchmarkDotNet.
if (args is ["--quick", string name])
{
    return QuickRun.Execute(name);
}

BenchmarkSwitcher.FromAssembly(typeof(RewardBenchmarks).Assembly).Run(args);
return 0;
