using Rlaif.Decisions.Llm;

namespace Rlaif.Cli;

/// <summary>The models of a provider when none are set: a cheap one for analysts, a strong one for who decides and judges.</summary>
internal static class DefaultModels
{
    /// <summary>The providers that have defaults.</summary>
    public static IReadOnlyList<string> Providers { get; } = ["claude", "openai"];

    /// <summary>The default model of a role.</summary>
    public static string Of(string provider, ModelRole role) =>
        (provider, IsStrong(role)) switch
        {
            ("claude", true) => "claude-sonnet-5-5",
            ("claude", false) => "claude-haiku-5-5",
            ("openai", true) => "gpt-6.2-sol",
            ("openai", false) => "gpt-6-luna",
            _ => throw new RlaifInputException(
                $"There is no provider '{provider}'. Providers: {string.Join(", ", Providers)}; openai serves every server that speaks its chat API (models:default:base_url)."
            ),
        };

    private static bool IsStrong(ModelRole role) => role is ModelRole.Manager or ModelRole.Judge;
}
