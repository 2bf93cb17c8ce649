using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif models history</c>.</summary>
internal sealed class ModelsHistoryVerb()
    : Verb("history", "What happened to the versions, oldest first: who won, against whom, and why", "rlaif models history")
{
    public const string EventFields =
        "{at,action (promote|rollback|tag|untag|prune),version,previous|null,forced,tag,criteria[{name,value,threshold,passed,text}]}";

    public override string JsonFields => $"history[{EventFields}]; tag and criteria only where they apply";

    protected override Task<int> RunAsync(CommandContext context)
    {
        IReadOnlyList<ModelEvent> history = new ModelRegistry(context.Home.Models, context.Time).ReadHistory();
        context.Output.Result(
            new { History = history },
            console =>
            {
                if (history.Count == 0)
                {
                    console.WriteLine("nothing yet: rlaif models promote V");
                    return;
                }

                Show(console, history);
            }
        );
        return Task.FromResult(ExitCode.Done);
    }

    /// <summary>One row an event.</summary>
    public static void Show(IAnsiConsole console, IEnumerable<ModelEvent> history)
    {
        Table table = new Table().AddColumns("when (UTC)", "what", "version", "before", "why");
        foreach (ModelEvent e in history)
        {
            table.AddRow(
                $"{e.At:yyyy-MM-dd HH:mm}",
                $"{e.Action}".ToLowerInvariant(),
                e.Version,
                e.Previous ?? "-",
                Markup.Escape(Why(e))
            );
        }

        console.Write(table);
    }

    private static string Why(ModelEvent happened)
    {
        PromotionCriterion[] failed = [.. (happened.Criteria ?? []).Where(c => !c.Passed)];
        string forced = happened.Forced ? "forced; " : string.Empty;
        return happened.Action switch
        {
            ModelAction.Promote when failed.Length == 0 => $"{forced}all {happened.Criteria?.Count ?? 0} criteria met",
            ModelAction.Promote => $"{forced}not met: {string.Join(", ", failed.Select(Short))}",
            ModelAction.Tag or ModelAction.Untag => happened.Tag ?? "-",
            _ => "-",
        };
    }

    private static string Short(PromotionCriterion criterion) =>
        $"{criterion.Name.Replace('_', ' ')} ({(criterion.Value is { } value ? $"{value:0.0000}" : "unknown")}, threshold {criterion.Threshold:0.0000})";
}
