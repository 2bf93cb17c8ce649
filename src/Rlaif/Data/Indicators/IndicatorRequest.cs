using System.Globalization;

namespace Rlaif.Data.Indicators;

/// <summary>An indicator with the values of its parameters, as asked for.</summary>
/// <param name="Indicator">The indicator.</param>
/// <param name="Values">One value per parameter, in range.</param>
/// <param name="Output">The one output that is wanted; null for all.</param>
public sealed record IndicatorRequest(IndicatorDefinition Indicator, IReadOnlyList<double> Values, string? Output = null)
{
    /// <summary>The canonical spelling: <c>rsi(14)</c>, <c>macd(12,26,9)</c>, <c>obv</c>.</summary>
    public string Name =>
        Values.Count == 0
            ? Indicator.Name
            : $"{Indicator.Name}({string.Join(',', Values.Select(v => v.ToString(CultureInfo.InvariantCulture)))})";

    /// <summary>The columns it gives: the name alone with a single output, else <c>macd(12,26,9).signal</c>.</summary>
    public IReadOnlyList<string> Columns =>
        [.. Indicator.Outputs.Where(o => Output is null || o.Name == Output).Select(ColumnOf)];

    internal string ColumnOf(IndicatorOutput output) => Indicator.Outputs.Count == 1 ? Name : $"{Name}.{output.Name}";
}
