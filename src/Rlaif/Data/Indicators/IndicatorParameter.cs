namespace Rlaif.Data.Indicators;

/// <summary>A number that an indicator takes.</summary>
/// <param name="Name">The name, snake_case.</param>
/// <param name="Default">The value when none is given.</param>
/// <param name="Min">The smallest value allowed.</param>
/// <param name="Max">The largest value allowed.</param>
/// <param name="IsInteger">Whether it counts bars.</param>
public sealed record IndicatorParameter(string Name, double Default, double Min, double Max, bool IsInteger = true);
