namespace Rlaif.Validation.Reports;

/// <summary>A number that a reader should see first.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The number with its unit, ready to read.</param>
/// <param name="Note">What to compare it with (an interval, chance level); null for nothing.</param>
public sealed record KeyFigure(string Label, string Value, string? Note = null);
