using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>The version that a verb uses.</summary>
internal static class DeployedModel
{
    /// <summary>The version that was named; else the champion; before the first promotion the newest, with a warning.</summary>
    /// <exception cref="NotEnoughDataException">There is no model yet.</exception>
    /// <exception cref="RlaifInputException">There is no such version.</exception>
    public static string Choose(CommandContext context, ModelRegistry registry, string? version)
    {
        if (!registry.HasVersions)
        {
            throw new NotEnoughDataException($"No reward model in '{context.Home.Models}'. Train one first: rlaif train");
        }

        if ((version ?? registry.FindChampion()) is { } chosen)
        {
            return registry.Resolve(chosen);
        }

        string latest = registry.Resolve(ModelRegistry.Latest);
        context.Output.Warn(
            $"{latest} is not promoted; it is used because there is no champion yet (rlaif models promote {latest})"
        );
        return latest;
    }
}
