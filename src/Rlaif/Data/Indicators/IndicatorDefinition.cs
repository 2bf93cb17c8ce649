namespace Rlaif.Data.Indicators;

/// <summary>An indicator that can be asked for by name.</summary>
public sealed record IndicatorDefinition
{
    internal IndicatorDefinition(Action<BarColumns, IReadOnlyList<double>, double[][]> kernel)
    {
        Kernel = kernel;
    }

    /// <summary>The name in requests and columns, snake_case.</summary>
    public required string Name { get; init; }

    /// <summary>Other names that requests may use.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>What it says, in a few words.</summary>
    public required string Description { get; init; }

    /// <summary>The numbers it takes, in order; may be empty.</summary>
    public IReadOnlyList<IndicatorParameter> Parameters { get; init; } = [];

    /// <summary>The columns it gives, in order; at least one.</summary>
    public required IReadOnlyList<IndicatorOutput> Outputs { get; init; }

    /// <summary>The columns of bars it is computed from: <c>high</c>, <c>low</c>, <c>close</c>, <c>volume</c>.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Where the formula comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Fills one column per output from the bars and the values of the parameters.</summary>
    internal Action<BarColumns, IReadOnlyList<double>, double[][]> Kernel { get; }
}
