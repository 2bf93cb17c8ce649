namespace Rlaif.Data.Indicators;

/// <summary>Every indicator by name, for those who ask in text: <c>rsi(14), macd(12,26,9), bollinger(20,2).upper</c>.</summary>
public static class IndicatorCatalog
{
    /// <summary>All indicators, by name.</summary>
    public static IReadOnlyList<IndicatorDefinition> All { get; } =
    [
        .. IndicatorDefinitions.Averages,
        .. IndicatorDefinitions.Oscillators,
        .. IndicatorDefinitions.Ranges,
        .. IndicatorDefinitions.Volumes,
    ];

    /// <summary>
    /// Reads a list of indicators separated by commas, each a name with its parameters in parentheses and, if only one column is wanted,
    /// a dot and the output. Parameters left out take their defaults.
    /// </summary>
    /// <exception cref="RlaifInputException">Lists everything that was not understood, with the nearest name and what is allowed.</exception>
    public static IReadOnlyList<IndicatorRequest> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new IndicatorParser(All).Parse(text);
    }

    /// <summary>
    /// Computes the columns of <paramref name="requests"/> over <paramref name="series"/>: one value per bar, in the order asked for, null in the
    /// warm-up and where the indicator is not defined. A value depends on bars up to its own only. Outputs in currency or shares are as quoted on
    /// their bar; windows that span a split are computed across it without a jump.
    /// </summary>
    public static IReadOnlyDictionary<string, double?[]> Compute(IReadOnlyList<IndicatorRequest> requests, BarSeries series)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(series);
        var columns = new OrderedDictionary<string, double?[]>(StringComparer.Ordinal);
        foreach (IndicatorRequest request in requests)
        {
            IReadOnlyList<IndicatorOutput> outputs = request.Indicator.Outputs;
            double[][] values = [.. outputs.Select(_ => new double[series.Count])];
            request.Indicator.Kernel(series.Columns, request.Values, values);
            for (int i = 0; i < outputs.Count; i++)
            {
                if (request.Output is null || request.Output == outputs[i].Name)
                {
                    columns[request.ColumnOf(outputs[i])] = AsQuoted(values[i], outputs[i].Unit, series.Columns.Shares);
                }
            }
        }

        return columns;
    }

    private static double?[] AsQuoted(double[] values, IndicatorUnit unit, double[] shares)
    {
        var quoted = new double?[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            double value = unit switch
            {
                IndicatorUnit.Price => values[i] / shares[i],
                IndicatorUnit.Shares => values[i] * shares[i],
                _ => values[i],
            };
            quoted[i] = double.IsFinite(value) ? value : null;
        }

        return quoted;
    }
}
