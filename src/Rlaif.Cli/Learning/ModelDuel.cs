using Rlaif.Data;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif.Cli;

/// <summary>Two versions on the decisions of the home that came after both.</summary>
internal static class ModelDuel
{
    /// <summary>Compares <paramref name="second"/> with <paramref name="first"/>; null when no pair came after both.</summary>
    /// <exception cref="NotEnoughDataException">Nothing is settled.</exception>
    /// <exception cref="RlaifInputException">A version cannot be loaded or cannot score these decisions, or the metric has to be chosen.</exception>
    public static async Task<ModelComparison?> CompareAsync(
        CommandContext context,
        ModelRegistry registry,
        string first,
        string second,
        string? metric,
        DateTimeOffset? knownAtOrBefore = null
    )
    {
        RecordedPairs data = await context.Output.ProgressAsync(
            "reading the ledger",
            _ => RecordedPairs.LoadAsync(context, metric, knownAtOrBefore)
        );
        SessionCalendar calendar = await DecisionCalendar.LoadAsync(context, data.Settled);
        LearningOptions options = data.Complete(new LearningOptions { Seed = context.Seed, Threads = context.Threads }, calendar);
        RewardModel one = await context.LoadModelAsync(registry, first);
        RewardModel other = await context.LoadModelAsync(registry, second);
        return await context.Output.ProgressAsync(
            "comparing",
            _ => Task.FromResult(ModelMatch.Compare(one, other, data.Settled, options))
        );
    }
}
