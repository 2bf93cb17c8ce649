using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Cli;

/// <summary>The section <c>budget</c> of the settings: what may be spent. <c>none</c> takes a default limit away.</summary>
internal static class BudgetSettings
{
    private const string RunUsd = "budget:run_usd";
    private const string DayUsd = "budget:day_usd";
    private const string RunTokens = "budget:run_tokens";
    private const string DayTokens = "budget:day_tokens";
    private const string None = "none";
    private const double MostUsd = 1_000_000;
    private const double MostTokens = 1e15;

    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        RunUsd,
        DayUsd,
        RunTokens,
        DayTokens,
        .. Enum.GetValues<ModelRole>().SelectMany(role => (string[])[UsdOf(role), TokensOf(role)]),
    ];

    /// <summary>The limits.</summary>
    /// <exception cref="RlaifInputException">A limit cannot be read, or is out of range.</exception>
    public static BudgetOptions Read(Settings settings)
    {
        var defaults = new BudgetOptions();
        return new BudgetOptions
        {
            RunUsd = Usd(settings, RunUsd, defaults.RunUsd),
            DayUsd = Usd(settings, DayUsd, defaults.DayUsd),
            RunTokens = Tokens(settings, RunTokens),
            DayTokens = Tokens(settings, DayTokens),
            Roles = Enum.GetValues<ModelRole>()
                .Select(role =>
                    (Role: role, Limit: new RoleBudget(Usd(settings, UsdOf(role), null), Tokens(settings, TokensOf(role))))
                )
                .Where(r => r.Limit != new RoleBudget())
                .ToDictionary(r => r.Role, r => r.Limit),
        }.Validated();
    }

    private static decimal? Usd(Settings settings, string key, decimal? fallback) =>
        settings[key] switch
        {
            null => fallback,
            None => null,
            _ => (decimal)Within(settings, key, MostUsd),
        };

    private static long? Tokens(Settings settings, string key) =>
        settings[key] is null or None ? null : (long)Math.Floor(Within(settings, key, MostTokens));

    private static double Within(Settings settings, string key, double most) =>
        settings.Real(key) is { } value && value >= 0 && value <= most
            ? value
            : throw new RlaifInputException(
                $"Setting {key} is '{settings[key]}'; it must be 0 to {most:0}, or none for no limit."
            );

    private static string UsdOf(ModelRole role) => $"budget:roles:{ModelSettings.NameOf(role)}:usd";

    private static string TokensOf(ModelRole role) => $"budget:roles:{ModelSettings.NameOf(role)}:tokens";
}
