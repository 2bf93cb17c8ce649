using System.CommandLine;
using Rlaif.Data;
using Rlaif.Data.Alpaca;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif data pull</c>.</summary>
internal sealed class DataPullVerb : Verb
{
    private const int ProblemsShown = 20;
    private const string Alpaca = "alpaca";

    private readonly Option<string> _source = new("--source")
    {
        Description = "Where from; alpaca needs APCA_API_KEY_ID and APCA_API_SECRET_KEY in the environment or the user secrets",
        DefaultValueFactory = _ => Alpaca,
    };

    private readonly Option<string> _symbols = new("--symbols")
    {
        Description = "Symbols, with commas between them",
        HelpName = "A,B",
        Required = true,
    };

    private readonly Option<DateOnly> _from = new("--from")
    {
        Description = "First session",
        HelpName = "DATE",
        Required = true,
    };

    private readonly Option<DateOnly> _to = new("--to")
    {
        Description = "Last session; what is not over yet is left for the next pull",
        HelpName = "DATE",
        Required = true,
    };

    private readonly Option<string> _timeframe = new("--timeframe")
    {
        Description = "Length of a bar",
        DefaultValueFactory = _ => "1Day",
    };

    private readonly Option<string> _feed = new("--feed")
    {
        Description =
            "Exchanges that count: all (sip) or one (iex). Bars are taken from 16 minutes after their close, when both are free",
        DefaultValueFactory = _ => "sip",
    };

    private readonly Option<string> _adjustment = new("--adjustment")
    {
        Description = "What prices reflect: nothing, with splits and dividends kept beside them (raw), splits, or all",
        DefaultValueFactory = _ => "raw",
    };

    private readonly Option<bool> _news = new("--news")
    {
        Description = "Pull news too: documents, known from their last change on",
    };

    public DataPullVerb()
        : base(
            "pull",
            "Download bars, splits and dividends (and news) into the ledger. What was pulled to its end is not asked for again; after an interruption the same command goes on",
            "rlaif data pull --source alpaca --symbols AAPL,SPY --from 2020-01-02 --to 2024-12-31"
        )
    {
        _source.AcceptOnlyFromAmong(Alpaca);
        _timeframe.AcceptOnlyFromAmong("1Day", "1Hour", "1Min");
        _feed.AcceptOnlyFromAmong("sip", "iex");
        _adjustment.AcceptOnlyFromAmong("raw", "split", "all");
        foreach (Option option in (Option[])[_source, _symbols, _from, _to, _timeframe, _feed, _adjustment, _news])
        {
            Options.Add(option);
        }
    }

    public override string JsonFields =>
        "files (replies that were read), symbols, bars_added, bars_skipped, actions_added, documents_added, documents_skipped, notes[], problems[{file,line,field,value,rule}]";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        if (context.Get(_from) > context.Get(_to))
        {
            throw new RlaifInputException(
                $"--from {context.Get(_from):yyyy-MM-dd} lies after --to {context.Get(_to):yyyy-MM-dd}."
            );
        }

        var options = new AlpacaPullOptions
        {
            Symbols = SymbolList.Parse(context.Get(_symbols))!,
            From = context.Get(_from),
            To = context.Get(_to),
            Timeframe = context.Get(_timeframe) switch
            {
                "1Min" => AlpacaTimeframe.Minute,
                "1Hour" => AlpacaTimeframe.Hour,
                _ => AlpacaTimeframe.Day,
            },
            Feed = context.Get(_feed)!,
            Adjustment = Enum.Parse<AlpacaAdjustment>(context.Get(_adjustment)!, ignoreCase: true),
            News = context.Get(_news),
        }.Validated();
        using AlpacaDataClient client = context.OpenAlpaca();
        var pull = new AlpacaPull(client, await context.OpenLedgerAsync());
        AlpacaPullResult result = await context.Output.ProgressAsync(
            "pulling bars",
            progress => pull.RunAsync(options, progress, context.CancellationToken)
        );
        Report(context.Output, result);
        return result.Symbols.Count > 0 ? ExitCode.Done : ExitCode.BadInput;
    }

    private static void Report(Output output, AlpacaPullResult result)
    {
        foreach (string note in result.Notes)
        {
            output.Note(note);
        }

        output.Result(
            new
            {
                Files = result.Pages,
                Symbols = result.Symbols.Count,
                result.BarsAdded,
                result.BarsSkipped,
                result.ActionsAdded,
                result.DocumentsAdded,
                result.DocumentsSkipped,
                result.Notes,
                result.Problems,
            },
            console => Show(console, result)
        );
    }

    private static void Show(IAnsiConsole console, AlpacaPullResult result)
    {
        console.WriteLine($"{result.Pages} replies, {result.Symbols.Count} symbols");
        console.WriteLine(
            $"{result.BarsAdded} bars added, {result.BarsSkipped} skipped (there already), {result.ActionsAdded} actions added"
        );
        if (result.DocumentsAdded + result.DocumentsSkipped > 0)
        {
            console.WriteLine($"{result.DocumentsAdded} documents added, {result.DocumentsSkipped} skipped (there already)");
        }

        if (result.Problems.Count > 0)
        {
            console.WriteLine($"{result.Problems.Count} problems:");
        }

        foreach (ImportProblem problem in result.Problems.Take(ProblemsShown))
        {
            console.WriteLine($"  {PlainText.Of(problem.ToString())}");
        }

        if (result.Problems.Count > ProblemsShown)
        {
            console.WriteLine($"  and {result.Problems.Count - ProblemsShown} more (--json lists all)");
        }
    }
}
