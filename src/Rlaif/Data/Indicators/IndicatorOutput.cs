namespace Rlaif.Data.Indicators;

/// <summary>One column that an indicator gives.</summary>
/// <param name="Name">The name, snake_case.</param>
/// <param name="Unit">What it is measured in.</param>
public sealed record IndicatorOutput(string Name, IndicatorUnit Unit);
