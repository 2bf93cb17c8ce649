using System.Collections.Immutable;

namespace Rlaif.Data;

/// <summary>
/// The prices of a series as doubles for the numeric kernels: the one place where money becomes floating point. Prices are carried
/// forward through splits: column value = price * shares that one share of the first bar has become. That factor depends on past
/// splits only, so appending bars or later splits changes no earlier value, and ratios across a split are true returns.
/// </summary>
internal sealed class BarColumns
{
    internal BarColumns(ReadOnlySpan<Bar> bars, ImmutableArray<CorporateAction> actions)
    {
        Open = new double[bars.Length];
        High = new double[bars.Length];
        Low = new double[bars.Length];
        Close = new double[bars.Length];
        Volume = new double[bars.Length];
        Shares = new double[bars.Length];
        double shares = 1;
        int next = 0;
        for (int i = 0; i < bars.Length; i++)
        {
            Bar bar = bars[i];
            for (; next < actions.Length && actions[next].ExDate <= bar.Session; next++)
            {
                // A split before the first bar changes nothing that the series shows.
                shares *= actions[next].Kind == CorporateActionKind.Split && i > 0 ? (double)actions[next].Value : 1;
            }

            Shares[i] = shares;
            Open[i] = (double)bar.Open * shares;
            High[i] = (double)bar.High * shares;
            Low[i] = (double)bar.Low * shares;
            Close[i] = (double)bar.Close * shares;
            Volume[i] = (double)bar.Volume / shares;
        }
    }

    internal double[] Open { get; }

    internal double[] High { get; }

    internal double[] Low { get; }

    internal double[] Close { get; }

    internal double[] Volume { get; }

    internal double[] Shares { get; }
}
