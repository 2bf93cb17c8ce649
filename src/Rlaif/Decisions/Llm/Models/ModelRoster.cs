namespace Rlaif.Decisions.Llm.Models;

/// <summary>Which model serves each role.</summary>
public sealed class ModelRoster : IDisposable
{
    private readonly IReadOnlyDictionary<ModelRole, ModelSetup> _setups;

    /// <summary>Takes setups as they are.</summary>
    public ModelRoster(IReadOnlyDictionary<ModelRole, ModelSetup> setups) => _setups = setups;

    /// <summary>The roles that have a model.</summary>
    public IReadOnlyCollection<ModelRole> Roles => [.. _setups.Keys.Order()];

    /// <summary>The model of a role.</summary>
    /// <exception cref="RlaifInputException">No model is configured for it.</exception>
    public ModelSetup this[ModelRole role] =>
        _setups.GetValueOrDefault(role)
        ?? throw new RlaifInputException(
            $"No model is configured for the role {role}. Roles with one: {string.Join(", ", Roles)}."
        );

    /// <inheritdoc/>
    public void Dispose() { }
}
