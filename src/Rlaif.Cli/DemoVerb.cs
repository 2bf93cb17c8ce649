using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Tuning;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif demo</c>: the whole loop in one go.</summary>
internal sealed class DemoVerb : Verb
{
    private const int HoldDays = 5;
    private const int MostDecisions = ((SimulatedMarket.MostSessions - SimulatedMarket.WarmUpSessions - 1) / HoldDays) + 1;

    private readonly Option<string> _market = new("--market")
    {
        Description = "planted: simulated with an edge to learn; null: simulated without any; sample: the bundled real prices",
        DefaultValueFactory = _ => "planted",
    };

    private readonly Option<string[]> _prices = new("--prices")
    {
        Description = "Your own bars instead: files or folders, CSV or CSV.GZ",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _symbols = new("--symbols") { Description = "Only these symbols, separated by commas" };

    private readonly Option<int> _decisions = new("--decisions-per-symbol")
    {
        Description = $"Decisions on each symbol, one every five sessions ({DemoRun.FewestDecisions} to {MostDecisions})",
        DefaultValueFactory = _ => 200,
        HelpName = "N",
    };

    private readonly Option<int> _candidates = PropertyOption.Of<ManagerOptions, int>(
        "--candidates",
        "Candidates per decision",
        nameof(ManagerOptions.Candidates),
        "N",
        least: DemoRun.FewestCandidates
    );

    public DemoVerb()
        : base(
            "demo",
            "The whole learning loop in one go: decide, settle, prefer, learn, decide better, judge",
            "rlaif demo --market planted --seed 1"
        )
    {
        _decisions.Require(new RangeAttribute(DemoRun.FewestDecisions, MostDecisions));
        _market.AcceptOnlyFromAmong("planted", "null", "sample");
        foreach (Option option in (ReadOnlySpan<Option>)[_market, _prices, _symbols, _decisions, _candidates])
        {
            Options.Add(option);
        }
    }

    /// <inheritdoc/>
    public override string DefaultHome => Path.Combine(".", "data", "rlaif_demo");

    protected override async Task<int> RunAsync(CommandContext context)
    {
        int decisions = context.Get(_decisions);
        IMarketData market = await OpenMarketAsync(context, decisions);
        StartFresh(context.Home);
        var run = new DemoRun(
            market,
            new ManagerOptions { Candidates = context.Get(_candidates), Seed = context.Seed },
            new LearningOptions
            {
                EverySessions = HoldDays,
                Seed = context.Seed,
                Threads = context.Threads,
                Settlement = new SettlementOptions { HoldDays = HoldDays },
                // Two models are trained while somebody waits; rlaif train trains an ensemble, and the slow comparisons too.
                Training = new TrainingOptions { Ensemble = 1 },
                FullEvidence = false,
            },
            context.Home
        );
        DemoResult result = await context.Output.ProgressAsync(
            "learning loop",
            async progress =>
                await run.ExecuteAsync(await context.OpenLedgerAsync(), decisions, progress, context.CancellationToken)
        );
        context.Output.Result(result.ToDocument(), console => DemoSummary.Write(console, result));
        return ExitCode.Done;
    }

    private async Task<IMarketData> OpenMarketAsync(CommandContext context, int decisions)
    {
        string[]? chosen = context
            .Get(_symbols)
            ?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (context.Get(_prices) is { Length: > 0 } paths)
        {
            return Restrict(await context.ReadBarsAsync(paths), chosen);
        }

        if (context.Get(_market) == "sample")
        {
            return Restrict(SampleMarket.Load(), chosen);
        }

        var simulation = new SimulationOptions
        {
            Seed = context.Seed,
            HorizonDays = HoldDays,
            Sessions = SimulatedMarket.WarmUpSessions + ((decisions - 1) * HoldDays) + 1,
        };
        simulation = chosen is null ? simulation : simulation with { Symbols = chosen };
        return SimulatedMarket.Create(context.Get(_market) == "null" ? simulation.WithoutEdge() : simulation);
    }

    private static IMarketData Restrict(IMarketData market, string[]? symbols) =>
        symbols is null ? market : new SelectedSymbols(market, symbols);

    // A run that was there is replaced, so that equal seeds give equal results. Only what a demo wrote goes, and only from a folder that a
    // demo made: anything else may be somebody's records.
    private static void StartFresh(HomeFolder home)
    {
        string mark = Path.Combine(home.Root, "demo.txt");
        if (!File.Exists(mark) && Directory.Exists(home.Root) && Directory.EnumerateFileSystemEntries(home.Root).Any())
        {
            throw new RlaifInputException(
                $"'{home.Root}' is not empty and no demo made it; the demo starts its folder afresh. Choose another with --home."
            );
        }

        Directory.CreateDirectory(home.Root);
        File.WriteAllText(mark, "Made by rlaif demo, which replaces its files in this folder at every run.\n");
        string[] folders = [home.Models, home.FineTuning, home.Reports, home.Decisions, home.Preferences];
        foreach (string folder in folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (string suffix in (ReadOnlySpan<string>)["", "-wal", "-shm"])
        {
            File.Delete(home.Ledger + suffix);
        }
    }
}
