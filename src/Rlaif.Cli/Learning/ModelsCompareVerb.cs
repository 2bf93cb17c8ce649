using System.CommandLine;
using Rlaif.Rewards;
using Rlaif.Validation;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models compare</c>.</summary>
internal sealed class ModelsCompareVerb : Verb
{
    private readonly Argument<string> _first = new("V1") { Description = $"The version to beat: {ModelsCommand.VersionNames}" };
    private readonly Argument<string> _second = new("V2") { Description = "The other version" };

    private readonly Option<string?> _metric = new("--metric")
    {
        Description =
            "What says which side of a pair did better, a name or an expression [default: the metric that V2 was trained on]",
        HelpName = "NAME|EXPRESSION",
    };

    public ModelsCompareVerb()
        : base(
            "compare",
            "Let two versions order the pairs of the settled decisions that came after both, and say whether one is better",
            "rlaif models compare champion latest"
        )
    {
        Arguments.Add(_first);
        Arguments.Add(_second);
        Options.Add(_metric);
    }

    public override string JsonFields =>
        "first{version,accuracy,accuracy_ci,log_loss}, second{the same}, metric (that says which side of a pair did better), pairs (formed of all settled decisions that came after both, without a margin), dates, first_date, last_date, difference{mean (of the second minus the first),ci,p_value}, agreement, verdict (V1 better|V2 better|not enough evidence, with the names of the versions)";

    private sealed record Side(string Version, double Accuracy, double[]? AccuracyCi, double LogLoss)
    {
        public static Side Of(string version, PairwiseAccuracy figures) =>
            new(version, figures.Accuracy, figures.Interval?.ToArray(), figures.LogLoss);
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        string first = registry.Resolve(context.Get(_first)!);
        string second = registry.Resolve(context.Get(_second)!);
        ModelDuel duel = await ModelDuel.RunAsync(context, registry, first, second, context.Get(_metric));
        ModelComparison found =
            duel.Comparison
            ?? throw new NotEnoughDataException(
                $"No pair of settled decisions came after both {first} and {second}. Decide on later dates and settle them first."
            );
        string verdict = found.Verdict switch
        {
            Verdict.Improved => $"{second} better",
            Verdict.Worse => $"{first} better",
            _ => found.Verdict.ToText(),
        };
        Side[] sides = [Side.Of(first, found.First), Side.Of(second, found.Second)];
        context.Output.Result(
            new
            {
                First = sides[0],
                Second = sides[1],
                duel.Metric,
                found.Pairs,
                found.Dates,
                found.FirstDate,
                found.LastDate,
                Difference = new
                {
                    Mean = found.Difference,
                    Ci = found.Interval?.ToArray(),
                    found.PValue,
                },
                found.Agreement,
                Verdict = verdict,
            },
            console => Show(console, sides, duel.Metric, found, verdict)
        );
        return ExitCode.Done;
    }

    private static void Show(IAnsiConsole console, Side[] sides, string metric, ModelComparison found, string verdict)
    {
        Table table = new Table().AddColumns("model", "accuracy (%)", "interval (%)", "log-loss");
        foreach (Side side in sides)
        {
            table.AddRow(side.Version, $"{100 * side.Accuracy:0.00}", Interval(side.AccuracyCi), $"{side.LogLoss:0.0000}");
        }

        console.Write(table);
        console.WriteLine(
            $"{found.Pairs} pairs by metric {metric} of {found.Dates} dates, {found.FirstDate:yyyy-MM-dd} to {found.LastDate:yyyy-MM-dd}, later than all that either was fitted to; {100 * found.Agreement:0.0}% ordered alike"
        );
        string p = found.PValue is { } value ? $", p = {value:0.000}" : string.Empty;
        console.WriteLine(
            $"{sides[1].Version} minus {sides[0].Version}: {100 * found.Difference:+0.00;-0.00;0.00} points {Interval(found.Interval?.ToArray())}{p}: {verdict}"
        );
    }

    private static string Interval(double[]? ends) =>
        ends is [var lower, var upper] ? $"({100 * lower:0.00} to {100 * upper:0.00})" : "(no interval)";
}
