using System.ComponentModel.DataAnnotations;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What calls of language models may take; null is no limit. Tokens are input and output together.</summary>
public sealed record BudgetOptions : IValidatableObject
{
    private const double MostUsd = 1_000_000;

    /// <summary>Money of one run in US dollars; 0 to 1,000,000, default 5.</summary>
    [Range(0.0, MostUsd, ErrorMessage = "{0} must be from {1} to {2}.")]
    public decimal? RunUsd { get; init; } = 5;

    /// <summary>Money of one day (UTC), all runs together, in US dollars; 0 to 1,000,000, default 20.</summary>
    [Range(0.0, MostUsd, ErrorMessage = "{0} must be from {1} to {2}.")]
    public decimal? DayUsd { get; init; } = 20;

    /// <summary>Tokens of one run; default none.</summary>
    [Range(0.0, double.MaxValue, ErrorMessage = "{0} must be 0 or more.")]
    public long? RunTokens { get; init; }

    /// <summary>Tokens of one day (UTC), all runs together; default none.</summary>
    [Range(0.0, double.MaxValue, ErrorMessage = "{0} must be 0 or more.")]
    public long? DayTokens { get; init; }

    /// <summary>What single roles may take in a run, within the limits above; default none.</summary>
    public IReadOnlyDictionary<ModelRole, RoleBudget> Roles { get; init; } = new Dictionary<ModelRole, RoleBudget>();

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach ((ModelRole role, RoleBudget budget) in Roles.OrderBy(r => r.Key))
        {
            if ((double?)budget.Usd is < 0 or > MostUsd)
            {
                yield return new ValidationResult($"Usd of {role} must be from 0 to {MostUsd}.");
            }

            if (budget.Tokens < 0)
            {
                yield return new ValidationResult($"Tokens of {role} must be 0 or more.");
            }
        }
    }

    /// <summary>The limits that a call of a role must keep.</summary>
    internal IEnumerable<SpendLimit> For(ModelRole role)
    {
        RoleBudget own = Roles.GetValueOrDefault(role) ?? new RoleBudget();
        string key = $"budget:roles:{role.ToString().ToLowerInvariant()}";
        SpendLimit?[] limits =
        [
            SpendLimit.Money("budget:run_usd", SpendSpan.Run, RunUsd),
            SpendLimit.Money("budget:day_usd", SpendSpan.Day, DayUsd),
            SpendLimit.Money($"{key}:usd", SpendSpan.RoleInRun, own.Usd),
            SpendLimit.Count("budget:run_tokens", SpendSpan.Run, RunTokens),
            SpendLimit.Count("budget:day_tokens", SpendSpan.Day, DayTokens),
            SpendLimit.Count($"{key}:tokens", SpendSpan.RoleInRun, own.Tokens),
        ];
        return limits.OfType<SpendLimit>();
    }
}
