namespace Rlaif.Decisions.Llm.Models;

/// <summary>What is known about a model. Prices are in US dollars per million tokens.</summary>
public sealed record ModelCard
{
    private const double Million = 1_000_000;

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

    /// <summary>Calls with more input tokens than this are charged at the prices of long prompts, all of their tokens; null when there are none.</summary>
    public long? LongContextFrom { get; init; }

    /// <summary>Price of input in calls with long prompts; cached and written input rise in the same proportion. Null for the usual one.</summary>
    public double? LongInputUsd { get; init; }

    /// <summary>Price of output in calls with long prompts; null for the usual one.</summary>
    public double? LongOutputUsd { get; init; }

    /// <summary>Last day of what the model was trained on; null when unknown.</summary>
    public DateOnly? KnowledgeCutoff { get; init; }

    /// <summary>Whether a temperature reaches the model.</summary>
    public bool TakesTemperature { get; init; }

    /// <summary>Whether a reasoning effort may be sent; default true.</summary>
    public bool TakesEffort { get; init; } = true;

    /// <summary>When tools may be offered; default <see cref="ToolSupport.Always"/>.</summary>
    public ToolSupport Tools { get; init; }

    /// <summary>How it is held to a shape.</summary>
    public SchemaSupport Schema { get; init; } = SchemaSupport.JsonSchema;

    /// <summary>When the row was checked; null for a model that is not in the table.</summary>
    public DateOnly? CheckedOn { get; init; }

    /// <summary>Where the row was read.</summary>
    public string? Source { get; init; }

    /// <summary>What a call cost, in US dollars; null when a price is unknown.</summary>
    public double? CostUsd(TokenUsage usage)
    {
        if (InputUsd is not { } inputPrice || OutputUsd is not { } outputPrice)
        {
            return null;
        }

        bool isLong = usage.Input > LongContextFrom;
        double rise = isLong && LongInputUsd is { } longPrice && inputPrice > 0 ? longPrice / inputPrice : 1;
        long rest = usage.Input - usage.CachedInput - usage.CacheWrite;
        double input =
            (rest * inputPrice)
            + (usage.CachedInput * (CachedInputUsd ?? inputPrice))
            + (usage.CacheWrite * (CacheWriteUsd ?? inputPrice));
        double output = usage.Output * (isLong ? LongOutputUsd ?? outputPrice : outputPrice);
        return ((input * rise) + output) / Million;
    }

    /// <summary>
    /// The most that a call can cost, in US dollars, whatever the provider's cache does; null when a price is unknown. A limit that is
    /// reserved with it before the call is kept after it.
    /// </summary>
    /// <param name="inputTokens">Upper bound of the input tokens.</param>
    /// <param name="maxOutputTokens">Upper bound of the output tokens, reasoning included.</param>
    public double? WorstCaseUsd(long inputTokens, long maxOutputTokens)
    {
        double? plain = CostUsd(new TokenUsage(inputTokens, maxOutputTokens));
        double? written = CostUsd(new TokenUsage(inputTokens, maxOutputTokens, CacheWrite: inputTokens));
        return plain is { } p && written is { } w ? Math.Max(p, w) : null;
    }
}
