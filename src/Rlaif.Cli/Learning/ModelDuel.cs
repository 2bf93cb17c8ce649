using Rlaif.Data;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif.Cli;

/// <summary>Two versions on the decisions of the home that came after both.</summary>
/// <param name="Metric">Name of the metric that said which side of a pair did better.</param>
/// <param name="Comparison">What came of it; null when no pair came after both.</param>
internal sealed record ModelDuel(string Metric, ModelComparison? Comparison)
{
    /// <summary>Compares a challenger with the version to beat, and warns where one was trained on another metric than both are judged by.</summary>
    /// <param name="context">The verb.</param>
    /// <param name="registry">Where the versions are.</param>
    /// <param name="first">The version to beat.</param>
    /// <param name="challenger">The other one.</param>
    /// <param name="metric">Name or expression; null for the metric that the challenger was trained on.</param>
    /// <param name="knownAtOrBefore">Only what was known by then; null for all.</param>
    /// <exception cref="NotEnoughDataException">Nothing is settled.</exception>
    /// <exception cref="RlaifInputException">A version cannot be loaded or cannot score these decisions, or the metric has to be chosen.</exception>
    public static async Task<ModelDuel> RunAsync(
        CommandContext context,
        ModelRegistry registry,
        string first,
        string challenger,
        string? metric,
        DateTimeOffset? knownAtOrBefore = null
    )
    {
        ModelVersion[] versions =
        [
            await registry.GetAsync(first, context.CancellationToken),
            await registry.GetAsync(challenger, context.CancellationToken),
        ];
        RecordedPairs data = await context.Output.ProgressAsync(
            "reading the ledger",
            _ => RecordedPairs.LoadToJudgeAsync(context, versions[1], metric, knownAtOrBefore)
        );
        string judgedBy = data.Options.Metric.Name;
        WarnOfOtherMetrics(context, judgedBy, versions);
        LearningOptions options = data.Complete(new LearningOptions { Seed = context.Seed, Threads = context.Threads });
        RewardModel one = await context.LoadModelAsync(registry, first);
        RewardModel other = await context.LoadModelAsync(registry, challenger);
        ModelComparison? comparison = await context.Output.ProgressAsync(
            "comparing",
            _ => Task.FromResult(ModelMatch.Compare(one, other, data.Settled, options))
        );
        return new ModelDuel(judgedBy, comparison);
    }

    /// <summary>Says which versions learnt to order pairs by another metric than the one they are judged by: that speaks against them by itself.</summary>
    public static void WarnOfOtherMetrics(CommandContext context, string judgedBy, params ReadOnlySpan<ModelVersion> versions)
    {
        foreach (ModelVersion version in versions)
        {
            if (StoredTraining.MetricOf(version) is { } own && own != judgedBy)
            {
                context.Output.Warn($"{version.Version} was trained on metric {own}, and is judged by {judgedBy} here");
            }
        }
    }
}
