using Rlaif.Decisions.Llm;

namespace Rlaif.Cli;

/// <summary>The section <c>budget</c> of the settings: what may be spent.</summary>
internal static class BudgetSettings
{
    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        "budget:run_usd",
        "budget:day_usd",
        "budget:run_tokens",
        "budget:day_tokens",
        .. Enum.GetValues<ModelRole>().SelectMany(role => (string[])[UsdOf(role), TokensOf(role)]),
    ];

    private static string UsdOf(ModelRole role) => $"budget:{ModelSettings.NameOf(role)}:usd";

    private static string TokensOf(ModelRole role) => $"budget:{ModelSettings.NameOf(role)}:tokens";
}
