using System.Globalization;
using BenchmarkDotNet.Running;
using Rlaif.Benchmarks;

// --quick NAME: one warm-up and three runs in this process, one line of JSON (of a team of language models: one run for each limit). Anything else goes to BenchmarkDotNet.
if (args is ["--quick", TeamThroughput.Name])
{
    await TeamThroughput.ExecuteAsync();
    return 0;
}

if (args is ["--quick", PositionThroughput.Name])
{
    return PositionThroughput.Execute();
}

if (args is ["--quick", ReplayThroughput.Minutes or ReplayThroughput.Year])
{
    return await ReplayThroughput.ExecuteAsync(args[1]);
}

// --study planted [SEEDS]: minutes; what ensembles, pairs and candidates are good for where the truth is known.
if (args is ["--study", PlantedStudy.Name, .. string[] rest])
{
    const int DefaultSeeds = 5;
    return await PlantedStudy.ExecuteAsync(
        rest is [string seeds] ? int.Parse(seeds, CultureInfo.InvariantCulture) : DefaultSeeds
    );
}

if (args is ["--quick", string name])
{
    return QuickRun.Execute(name);
}

BenchmarkSwitcher.FromAssembly(typeof(RewardBenchmarks).Assembly).Run(args);
return 0;
