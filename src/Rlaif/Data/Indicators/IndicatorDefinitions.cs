namespace Rlaif.Data.Indicators;

/// <summary>The table of indicators: names, parameters, outputs, and the kernel that each one runs.</summary>
internal static class IndicatorDefinitions
{
    private const double MaxPeriod = 1000;
    private const string Wilder = "J. W. Wilder, New Concepts in Technical Trading Systems, 1978";

    private static readonly string[] Close = ["close"];
    private static readonly string[] HighLowClose = ["high", "low", "close"];
    private static readonly string[] CloseVolume = ["close", "volume"];
    private static readonly string[] HighLowCloseVolume = ["high", "low", "close", "volume"];

    /// <summary>A kernel over one column of prices, such as <see cref="Sma.Compute"/>.</summary>
    private delegate void ColumnKernel(ReadOnlySpan<double> values, int period, Span<double> output);

    /// <summary>A kernel over high, low and close, such as <see cref="Atr.Compute"/>.</summary>
    private delegate void RangeKernel(
        ReadOnlySpan<double> highs,
        ReadOnlySpan<double> lows,
        ReadOnlySpan<double> closes,
        int period,
        Span<double> output
    );

    internal static IReadOnlyList<IndicatorDefinition> Averages { get; } =
    [
        OfClose("sma", [], "simple moving average", 20, IndicatorUnit.Price, "arithmetic mean", Sma.Compute),
        OfClose(
            "ema",
            [],
            "exponential moving average",
            20,
            IndicatorUnit.Price,
            "R. G. Brown, 1956; weight 2/(n+1)",
            Ema.Compute
        ),
        OfClose("wma", [], "linearly weighted moving average", 20, IndicatorUnit.Price, "weights 1..n", Wma.Compute),
        OfClose(
            "standard_deviation",
            ["stdev", "stddev"],
            "population standard deviation of the close",
            20,
            IndicatorUnit.Price,
            "divisor n",
            StandardDeviation.Compute
        ),
        new(
            static (c, p, o) =>
            {
                BollingerBands.Compute(c.Close, (int)p[0], p[1], o[0], o[1], o[2]);
                for (int i = 0; i < c.Close.Length; i++)
                {
                    o[3][i] = BollingerBands.PercentB(c.Close[i], o[0][i], o[2][i]);
                    o[4][i] = (o[0][i] - o[2][i]) / o[1][i];
                }
            }
        )
        {
            Name = "bollinger",
            Aliases = ["bb", "bbands"],
            Description = "bands of standard deviations around the average",
            Parameters = [Period(20), new IndicatorParameter("width", 2, 0.1, 10, IsInteger: false)],
            Outputs = [Price("upper"), Price("middle"), Price("lower"), Plain("percent_b"), Plain("width")],
            Inputs = Close,
            Source = "J. Bollinger, Bollinger on Bollinger Bands, 2001",
        },
    ];

    internal static IReadOnlyList<IndicatorDefinition> Oscillators { get; } =
    [
        OfClose("rsi", [], "relative strength index", 14, IndicatorUnit.None, Wilder, Rsi.Compute),
        OfClose("roc", [], "rate of change, percent", 10, IndicatorUnit.None, "100 * (C / C[-n] - 1)", Roc.Compute),
        OfClose("momentum", ["mom"], "change of the close", 10, IndicatorUnit.Price, "C - C[-n]", Momentum.Compute),
        new(static (c, p, o) => Macd.Compute(c.Close, (int)p[0], (int)p[1], (int)p[2], o[0], o[1], o[2]))
        {
            Name = "macd",
            Description = "moving average convergence divergence",
            Parameters =
            [
                new IndicatorParameter("fast", 12, 1, MaxPeriod),
                new IndicatorParameter("slow", 26, 2, MaxPeriod),
                new IndicatorParameter("signal", 9, 1, MaxPeriod),
            ],
            Outputs = [Price("macd"), Price("signal"), Price("histogram")],
            Inputs = Close,
            Source = "G. Appel, 1979",
        },
        new(static (c, p, o) => Stochastic.Compute(c.High, c.Low, c.Close, (int)p[0], (int)p[1], (int)p[2], o[0], o[1]))
        {
            Name = "stochastic",
            Aliases = ["stoch"],
            Description = "place of the close in the range, smoothed",
            Parameters =
            [
                Period(14),
                new IndicatorParameter("smoothing", 3, 1, MaxPeriod),
                new IndicatorParameter("signal", 3, 1, MaxPeriod),
            ],
            Outputs = [Plain("k"), Plain("d")],
            Inputs = HighLowClose,
            Source = "G. Lane, 1984",
        },
        OfRange("cci", [], "commodity channel index", 20, IndicatorUnit.None, "D. Lambert, Commodities, 1980", Cci.Compute),
        OfRange(
            "williams_r",
            ["willr"],
            "place of the close below the highest high",
            14,
            IndicatorUnit.None,
            "L. Williams, How I Made One Million Dollars, 1973",
            WilliamsR.Compute
        ),
    ];

    internal static IReadOnlyList<IndicatorDefinition> Ranges { get; } =
    [
        OfRange("atr", [], "average true range", 14, IndicatorUnit.Price, Wilder, Atr.Compute),
        new(static (c, _, o) => TrueRange.Compute(c.High, c.Low, c.Close, o[0]))
        {
            Name = "true_range",
            Aliases = ["tr", "trange"],
            Description = "range of the bar, the gap before it included",
            Outputs = [Price("true_range")],
            Inputs = HighLowClose,
            Source = Wilder,
        },
        new(static (c, p, o) => Adx.Compute(c.High, c.Low, c.Close, (int)p[0], o[0], o[1], o[2], o[3]))
        {
            Name = "adx",
            Description = "average directional index and directional indicators",
            Parameters = [Period(14)],
            Outputs = [Plain("adx"), Plain("plus_di"), Plain("minus_di"), Plain("dx")],
            Inputs = HighLowClose,
            Source = Wilder,
        },
    ];

    internal static IReadOnlyList<IndicatorDefinition> Volumes { get; } =
    [
        new(static (c, _, o) => Obv.Compute(c.Close, c.Volume, o[0]))
        {
            Name = "obv",
            Description = "on-balance volume, 0 on the first bar",
            Outputs = [new IndicatorOutput("obv", IndicatorUnit.Shares)],
            Inputs = CloseVolume,
            Source = "J. Granville, 1963",
        },
        new(static (c, p, o) => Mfi.Compute(c.High, c.Low, c.Close, c.Volume, (int)p[0], o[0]))
        {
            Name = "mfi",
            Description = "money flow index",
            Parameters = [Period(14)],
            Outputs = [Plain("mfi")],
            Inputs = HighLowCloseVolume,
            Source = "G. Quong and A. Soudack, 1989",
        },
    ];

    private static IndicatorParameter Period(int value) => new("period", value, 1, MaxPeriod);

    private static IndicatorOutput Price(string name) => new(name, IndicatorUnit.Price);

    private static IndicatorOutput Plain(string name) => new(name, IndicatorUnit.None);

    private static IndicatorDefinition OfClose(
        string name,
        IReadOnlyList<string> aliases,
        string description,
        int period,
        IndicatorUnit unit,
        string source,
        ColumnKernel kernel
    ) =>
        new((c, p, o) => kernel(c.Close, (int)p[0], o[0]))
        {
            Name = name,
            Aliases = aliases,
            Description = description,
            Parameters = [Period(period)],
            Outputs = [new IndicatorOutput(name, unit)],
            Inputs = Close,
            Source = source,
        };

    private static IndicatorDefinition OfRange(
        string name,
        IReadOnlyList<string> aliases,
        string description,
        int period,
        IndicatorUnit unit,
        string source,
        RangeKernel kernel
    ) =>
        new((c, p, o) => kernel(c.High, c.Low, c.Close, (int)p[0], o[0]))
        {
            Name = name,
            Aliases = aliases,
            Description = description,
            Parameters = [Period(period)],
            Outputs = [new IndicatorOutput(name, unit)],
            Inputs = HighLowClose,
            Source = source,
        };
}
