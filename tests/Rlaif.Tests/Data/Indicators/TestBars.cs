using CsCheck;
using Rlaif.Data;

namespace Rlaif.Tests.Data.Indicators;

/// <summary>Series for tests: from reference files, from returns, and split.</summary>
internal static class TestBars
{
    private static readonly TimeSpan Open = new(14, 30, 0);
    private static readonly TimeSpan Close = new(21, 0, 0);
    private static readonly DateOnly Start = new(2015, 1, 1);

    /// <summary>Price paths of up to <paramref name="longest"/> bars with gaps, ranges and volumes, some of them flat.</summary>
    internal static Gen<BarSeries> Paths(int shortest, int longest) =>
        Gen.Select(Gen.Double[-0.08, 0.08], Gen.Double[0, 0.03], Gen.Double[0, 0.03], Gen.Long[0, 1_000_000], Gen.Int[0, 9])
            .Array[shortest, longest]
            .Select(steps => FromSteps(steps));

    internal static Bar At(DateOnly date, decimal open, decimal high, decimal low, decimal close, decimal volume)
    {
        var midnight = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero);
        return new Bar(midnight + Open, midnight + Close, open, high, low, close, volume);
    }

    internal static BarSeries Read(ReferenceTable table, string dateColumn = "date", string symbol = "REF")
    {
        string[] dates = table.Text(dateColumn);
        decimal[] open = table.Decimals("open");
        decimal[] high = table.Decimals("high");
        decimal[] low = table.Decimals("low");
        decimal[] close = table.Decimals("close");
        decimal[] volume = table.Decimals("volume");
        return new BarSeries(
            symbol,
            dates.Select((d, i) => At(DateOnly.ParseExact(d, "yyyy-MM-dd"), open[i], high[i], low[i], close[i], volume[i]))
        );
    }

    internal static BarSeries Constant(int count, decimal price, decimal volume) =>
        new("FLAT", Enumerable.Range(0, count).Select(i => At(Start.AddDays(i), price, price, price, price, volume)));

    internal static Bar[] Bars(BarSeries series) => [.. Enumerable.Range(0, series.Count).Select(i => series[i])];

    /// <summary>The same series in other units of price and volume.</summary>
    internal static BarSeries Scaled(BarSeries series, decimal price, decimal volume) =>
        new(series.Symbol, Bars(series).Select(b => Scaled(b, price, volume)));

    /// <summary>The series as it would have been quoted with a split before the bar at <paramref name="index"/>, and the action.</summary>
    internal static BarSeries Split(BarSeries adjusted, int index, decimal ratio)
    {
        var action = new CorporateAction(adjusted[index].Session, CorporateActionKind.Split, ratio);
        return new BarSeries(
            adjusted.Symbol,
            Bars(adjusted).Select((b, i) => i < index ? Scaled(b, ratio, 1 / ratio) : b),
            [action]
        );
    }

    internal static Bar Scaled(Bar bar, decimal price, decimal volume) =>
        bar with
        {
            Open = bar.Open * price,
            High = bar.High * price,
            Low = bar.Low * price,
            Close = bar.Close * price,
            Volume = bar.Volume * volume,
        };

    private static BarSeries FromSteps((double Move, double Up, double Down, long Volume, int Kind)[] steps)
    {
        var bars = new Bar[steps.Length];
        double close = 100;
        for (int i = 0; i < steps.Length; i++)
        {
            (double move, double up, double down, long volume, int kind) = steps[i];

            // Now and then a bar without any movement, so that ties occur.
            bool isFlat = kind == 0;
            double open = close;
            close *= isFlat ? 1 : 1 + move;
            double high = Math.Max(open, close) * (isFlat ? 1 : 1 + up);
            double low = Math.Min(open, close) * (isFlat ? 1 : 1 - down);
            bars[i] = At(Start.AddDays(i), Cents(open), Cents(high), Cents(low), Cents(close), volume);
        }

        return new BarSeries("PATH", bars);
    }

    private static decimal Cents(double price) => Math.Max(0.01m, Math.Round((decimal)price, 2));
}
