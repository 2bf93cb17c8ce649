using System.Globalization;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>The version that a verb uses.</summary>
internal static class DeployedModel
{
    /// <summary>How several models are named together.</summary>
    public const string BlendSyntax = "several with their weights: v0001:0.7,v0002:0.3";

    /// <summary>Loads the version that was named, or several with their weights (<c>v0001:0.7,v0002:0.3</c>).</summary>
    /// <exception cref="NotEnoughDataException">There is no model yet.</exception>
    /// <exception cref="RlaifInputException">There is no such version, or a weight is not a positive number.</exception>
    public static async Task<(RewardBlend Rewards, string Version)> LoadAsync(
        CommandContext context,
        ModelRegistry registry,
        string? version
    )
    {
        if (version?.Contains(':', StringComparison.Ordinal) is not true)
        {
            string name = Choose(context, registry, version);
            return (new RewardBlend(await context.LoadModelAsync(registry, name)), name);
        }

        var models = new List<(RewardModel Model, double Weight)>();
        var names = new List<string>();
        foreach (string part in version.Split(',', StringSplitOptions.TrimEntries))
        {
            int colon = part.LastIndexOf(':');
            if (
                colon < 1
                || !double.TryParse(part.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
            )
            {
                throw new RlaifInputException($"'{part}' is not a version and a weight; name {BlendSyntax}.");
            }

            string name = Choose(context, registry, part[..colon]);
            models.Add((await context.LoadModelAsync(registry, name), weight));
            names.Add($"{name}:{part[(colon + 1)..]}");
        }

        return (new RewardBlend(models), string.Join(',', names));
    }

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
