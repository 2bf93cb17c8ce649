using System.CommandLine;
using Rlaif.Data;
using Rlaif.Outcomes;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif decisions import</c>.</summary>
internal sealed class DecisionsImportVerb : Verb
{
    private const int ProblemsShown = 20;

    private readonly Argument<string> _file = new("FILE") { Description = "One JSON object a line (.jsonl or .jsonl.gz)" };

    private readonly Option<bool> _strict = new("--strict")
    {
        Description = "Refuse the whole file for one bad row or unknown field",
    };

    public DecisionsImportVerb()
        : base(
            "import",
            "Add decisions made elsewhere, to be settled and learnt from. Import bars first: market features, volatility and the price that turns shares into a fraction of 100,000 are taken from the bars known at decided_at, and stay unknown without. Importing twice adds nothing",
            "rlaif decisions import decisions.jsonl"
        )
    {
        Arguments.Add(_file);
        Options.Add(_strict);
    }

    public override string JsonFields =>
        "imported, already_there, contexts, outcomes, without_bars, problems[{file,line,field,value,rule}], unknown_fields{name:rows}";

    protected override async Task<int> RunAsync(CommandContext context)
    {
        DecisionFile file = DecisionFile.Read(context.Get(_file)!, context.Time.GetUtcNow(), context.CancellationToken);
        bool isStrict = context.Get(_strict);
        bool isRefused = file.GoodRows == 0 || (isStrict && (file.Problems.Count > 0 || file.UnknownFields.Count > 0));
        // A file that brings nothing makes no ledger; its problems are listed all the same.
        await using Ledger? nothing = isRefused && !context.HasLedger ? await Ledger.OpenAsync(":memory:") : null;
        Ledger ledger = nothing ?? await context.OpenLedgerAsync();
        IMarketData market = await new BarStore(ledger).LoadAsync(context.CancellationToken);
        DecisionImportResult result = await context.Output.ProgressAsync(
            "importing decisions",
            progress =>
                new DecisionImport(ledger, market, context.Time).ImportAsync(file, isStrict, progress, context.CancellationToken)
        );
        Report(context.Output, file, result);
        bool isUsable = result.Imported + result.Known > 0;
        return isUsable ? ExitCode.Done : ExitCode.BadInput;
    }

    private static void Report(Output output, DecisionFile file, DecisionImportResult result)
    {
        if (file.UnknownFields.Count > 0)
        {
            string list = string.Join(", ", file.UnknownFields.Select(f => $"{f.Key} ({f.Value} rows)"));
            output.Warn($"unknown fields were left out: {list}");
        }

        if (result.WithoutBars > 0)
        {
            output.Warn(
                $"{result.WithoutBars} rows have no bars at decided_at: their market features and volatility are unknown. Import bars before decisions"
            );
        }

        if (result.Imported + result.Known == 0)
        {
            output.Warn($"nothing was imported from '{file.Path}'");
        }

        output.Result(
            new
            {
                result.Imported,
                AlreadyThere = result.Known,
                result.Contexts,
                result.Outcomes,
                result.WithoutBars,
                result.Problems,
                file.UnknownFields,
            },
            console =>
            {
                console.WriteLine(
                    $"{result.Imported} decisions imported in {result.Contexts} contexts, {result.Known} there already, {result.Outcomes} with their outcome"
                );
                ShowProblems(console, result.Problems);
            }
        );
    }

    private static void ShowProblems(IAnsiConsole console, IReadOnlyList<ImportProblem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        console.WriteLine($"{problems.Count} problems:");
        foreach (ImportProblem problem in problems.Take(ProblemsShown))
        {
            console.WriteLine($"  {problem}");
        }

        if (problems.Count > ProblemsShown)
        {
            console.WriteLine($"  and {problems.Count - ProblemsShown} more (--json lists all)");
        }
    }
}
