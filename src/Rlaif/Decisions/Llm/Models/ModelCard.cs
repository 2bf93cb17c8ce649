namespace Rlaif.Decisions.Llm.Models;

/// <summary>What is known about a model. Prices are in US dollars per million tokens.</summary>
public sealed record ModelCard
{
    /// <summary>Provider, as in <see cref="ModelOptions.Provider"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Price of input; null when unknown.</summary>
    public required double? InputUsd { get; init; }

    /// <summary>Price of output; null when unknown.</summary>
    public required double? OutputUsd { get; init; }

    /// <summary>Price of input read from the provider's cache; null counts as input.</summary>
    public double? CachedInputUsd { get; init; }

    /// <summary>Price of input written to the provider's cache; null counts as input.</summary>
    public double? CacheWriteUsd { get; init; }

    /// <summary>Last day of what the model was trained on; null when unknown.</summary>
    public DateOnly? KnowledgeCutoff { get; init; }

    /// <summary>Whether a temperature reaches the model.</summary>
    public bool TakesTemperature { get; init; }

    /// <summary>How it is held to a shape.</summary>
    public SchemaSupport Schema { get; init; } = SchemaSupport.JsonSchema;

    /// <summary>When the row was checked; null for a model that is not in the table.</summary>
    public DateOnly? CheckedOn { get; init; }

    /// <summary>Where the row was read.</summary>
    public string? Source { get; init; }
}
