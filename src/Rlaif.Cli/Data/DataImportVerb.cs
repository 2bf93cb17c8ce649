using System.CommandLine;
using Rlaif.Data;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif data import</c>.</summary>
internal sealed class DataImportVerb : Verb
{
    private const int ProblemsShown = 20;
    private static readonly string[] Formats = ["auto", "generic", "yahoo", "stooq", "alpaca", "lean"];

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Files (CSV, CSV.GZ) or folders of them",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _symbol = new("--symbol")
    {
        Description = "Symbol of files without a symbol column [default: the file name]",
        HelpName = "S",
    };

    private readonly Option<string> _format = new("--format")
    {
        Description = "Layout of the files",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string[]> _actions = new("--actions")
    {
        Description = "Splits and dividends: symbol,date,split,dividend, or LEAN factors",
        HelpName = "FILE",
    };

    private readonly Option<bool> _raw = new("--raw") { Description = "Prices reflect no split: keep all splits beside them" };

    private readonly Option<bool> _adjusted = new("--adjusted") { Description = "Prices reflect all splits: keep none" };

    public DataImportVerb()
        : base(
            "import",
            "Add bars to the ledger. A bar that is there is never changed; what cannot be used is listed with file and line",
            "rlaif data import prices/ --actions corporate_actions.csv"
        )
    {
        Arguments.Add(_paths);
        _format.AcceptOnlyFromAmong(Formats);
        foreach (Option option in (Option[])[_symbol, _format, _actions, _raw, _adjusted])
        {
            Options.Add(option);
        }

        Validators.Add(result =>
        {
            if (result.GetValue(_raw) && result.GetValue(_adjusted))
            {
                result.AddError("--raw and --adjusted exclude each other.");
            }
        });
    }

    public override string JsonFields =>
        "files, symbols, bars_added, bars_skipped, actions_added, splits[{symbol,ex_date,ratio,jump,kept,reason}], notes[], problems[{file,line,field,value,rule}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var options = new BarImportOptions
        {
            Symbol = context.Get(_symbol),
            Format = Enum.Parse<BarFormat>(context.Get(_format)!, ignoreCase: true),
            ActionFiles = context.Get(_actions) ?? [],
            Basis =
                context.Get(_raw) ? PriceBasis.Raw
                : context.Get(_adjusted) ? PriceBasis.Adjusted
                : PriceBasis.Detect,
        };
        BarImportResult read = await context.Output.ProgressAsync(
            "reading files",
            progress => BarImport.ReadAsync(context.Get(_paths)!, options, progress, context.CancellationToken)
        );
        var change = new BarStoreChange(0, 0, 0, []);
        if (read.Series.Count > 0)
        {
            var store = new BarStore(await context.OpenLedgerAsync());
            change = await context.Output.ProgressAsync(
                "writing bars",
                _ => store.AddAsync(read.Series, context.CancellationToken)
            );
        }

        foreach (string jump in Jumps(read).Take(ProblemsShown))
        {
            context.Output.Warn(jump);
        }

        Report(context.Output, read, change);
        return read.Series.Count > 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    // A split that neither prices nor actions explain would be settled as a crash or a windfall.
    private static IEnumerable<string> Jumps(BarImportResult read) =>
        read
            .Series.SelectMany(s =>
                DataCheck.Run(s.Symbol, [.. Enumerable.Range(0, s.Count).Select(i => s[i])], s.Actions, new SessionCalendar([]))
            )
            .Where(f => f.Kind == DataFindingKind.Jump)
            .Select(f =>
                $"{f.Symbol} {f.Date:yyyy-MM-dd}: {f.Detail}; if it is a split, import it with --actions (rlaif data check lists all)"
            );

    private static void Report(Output output, BarImportResult read, BarStoreChange change)
    {
        ImportProblem[] problems = [.. read.Problems, .. change.Conflicts.Select(read.Locate)];
        int skipped = read.Duplicates + change.BarsSkipped;
        foreach (string note in read.Notes)
        {
            output.Note(note);
        }

        if (read.Series.Count == 0)
        {
            output.Warn("no bars were found; nothing was imported");
        }

        output.Result(
            new
            {
                Files = read.Files.Count,
                Symbols = read.Series.Count,
                change.BarsAdded,
                BarsSkipped = skipped,
                change.ActionsAdded,
                read.Splits,
                read.Notes,
                Problems = problems,
            },
            console =>
            {
                console.WriteLine($"{read.Files.Count} files, {read.Series.Count} symbols");
                console.WriteLine(
                    $"{change.BarsAdded} bars added, {skipped} skipped (there already), {change.ActionsAdded} actions added"
                );
                foreach (SplitDecision split in read.Splits)
                {
                    string kept = split.Kept ? "kept" : "not kept";
                    console.WriteLine(
                        $"split {split.Symbol} {split.ExDate:yyyy-MM-dd} {split.Ratio:0.####}:1 {kept}: {split.Reason}"
                    );
                }

                ShowProblems(console, problems);
            }
        );
    }

    private static void ShowProblems(IAnsiConsole console, ImportProblem[] problems)
    {
        if (problems.Length == 0)
        {
            return;
        }

        console.WriteLine($"{problems.Length} problems:");
        foreach (ImportProblem problem in problems.Take(ProblemsShown))
        {
            console.WriteLine($"  {problem}");
        }

        if (problems.Length > ProblemsShown)
        {
            console.WriteLine($"  and {problems.Length - ProblemsShown} more (--json lists all)");
        }
    }
}
