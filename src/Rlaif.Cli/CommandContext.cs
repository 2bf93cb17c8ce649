using System.CommandLine;
using Rlaif.Data;

namespace Rlaif.Cli;

/// <summary>What a running verb is given: its options, the home folder, the ledger when asked for, and where to write.</summary>
internal sealed class CommandContext : IAsyncDisposable
{
    private readonly ParseResult _parsed;
    private Ledger? _ledger;

    public CommandContext(Verb verb, ParseResult parsed, RlaifCommand root, Output output, CancellationToken cancellationToken)
    {
        _parsed = parsed;
        Output = output;
        Time = root.Host.Time;
        CancellationToken = cancellationToken;
        GlobalOptions globals = root.Globals;
        Settings settings = Settings = Settings.Load(parsed.GetValue(globals.Config), root.Host.Environment);
        Environment = root.Host.Environment;
        string? home = root.Host.Environment.GetValueOrDefault("RLAIF_HOME");
        Home = new HomeFolder(
            parsed.GetValue(globals.Home) ?? (string.IsNullOrEmpty(home) ? null : home) ?? settings["home"] ?? verb.DefaultHome
        );
        if (string.IsNullOrWhiteSpace(Home.Root))
        {
            throw new RlaifInputException("The setting home is empty; it takes a folder.");
        }

        if (File.Exists(Home.Root))
        {
            throw new RlaifInputException($"The home '{Home.Root}' is a file; --home takes a folder.");
        }

        Seed = parsed.GetValue(globals.Seed) ?? settings.Number("seed") ?? DefaultSeed;
        Threads = parsed.GetValue(globals.Threads) ?? settings.Number("threads") ?? System.Environment.ProcessorCount;
        if (Threads is < 1 or > MostThreads)
        {
            throw new RlaifInputException($"--threads is {Threads}; it must be in 1..{MostThreads}.");
        }
    }

    private const int MostThreads = 1024;

    /// <summary>The seed when none is named.</summary>
    public const int DefaultSeed = 42;

    /// <summary>Where to write.</summary>
    public Output Output { get; }

    /// <summary>What stands in for options.</summary>
    public Settings Settings { get; }

    /// <summary>Environment variables, by name: where keys are.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>The folder of this user's or project's files.</summary>
    public HomeFolder Home { get; }

    /// <summary>Seed of everything random.</summary>
    public int Seed { get; }

    /// <summary>Number of threads, at least 1.</summary>
    public int Threads { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Cancelled by Ctrl-C.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The value of an option of the verb.</summary>
    public T? Get<T>(Option<T> option) => _parsed.GetValue(option);

    /// <summary>The value of an argument of the verb.</summary>
    public T? Get<T>(Argument<T> argument) => _parsed.GetValue(argument);

    /// <summary>Whether an option stands on the command line, with or without a value.</summary>
    public bool Has(Option option) => _parsed.GetResult(option) is { Implicit: false };

    /// <summary>Whether the home holds a ledger; verbs that only look do not make one.</summary>
    public bool HasLedger => File.Exists(Home.Ledger);

    /// <summary>The ledger of the home, opened on first use, created when it is not there.</summary>
    public async Task<Ledger> OpenLedgerAsync() => _ledger ??= await Ledger.OpenAsync(Home.Ledger, CancellationToken);

    /// <summary>The bars that were imported; null when there are none.</summary>
    public async Task<IMarketData?> FindImportedBarsAsync()
    {
        if (!HasLedger)
        {
            return null;
        }

        IMarketData market = await new BarStore(await OpenLedgerAsync()).LoadAsync(CancellationToken);
        return market.Symbols.Count > 0 ? market : null;
    }

    /// <summary>The bars that were imported.</summary>
    /// <exception cref="NotEnoughDataException">There are none.</exception>
    public async Task<IMarketData> LoadImportedBarsAsync() =>
        await FindImportedBarsAsync()
        ?? throw new NotEnoughDataException($"No bars in '{Home.Root}'. Import some first: rlaif data import PATH");

    /// <summary>Bars straight from files or folders, without a ledger; what cannot be used is a warning.</summary>
    public async Task<IMarketData> ReadBarsAsync(IReadOnlyList<string> paths)
    {
        const int Shown = 5;
        var problems = new List<ImportProblem>();
        IMarketData market = await Output.ProgressAsync(
            "reading bars",
            _ => CsvMarketData.LoadAsync(paths, null, problems.Add, CancellationToken)
        );
        foreach (ImportProblem problem in problems.Take(Shown))
        {
            Output.Warn(problem.ToString());
        }

        if (problems.Count > Shown)
        {
            Output.Warn($"and {problems.Count - Shown} more problems (rlaif data import lists all)");
        }

        return market;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ledger is not null)
        {
            await _ledger.DisposeAsync();
        }
    }
}
