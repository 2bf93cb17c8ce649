using System.IO.Compression;
using Rlaif.Data;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Outcomes;

/// <summary>Daily bars from a gzipped CSV with the columns symbol, date, open, high, low, close in front.</summary>
internal static class RealBars
{
    public static BarSeries Read(string file, string symbol, params CorporateAction[] actions)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(SharedData.Require(file)), CompressionMode.Decompress));
        var bars = new List<Bar>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith($"{symbol},", StringComparison.Ordinal))
            {
                string[] f = line.Split(',');
                bars.Add(
                    Given.Bar(
                        DateOnly.Parse(f[1]),
                        decimal.Parse(f[2]),
                        decimal.Parse(f[3]),
                        decimal.Parse(f[4]),
                        decimal.Parse(f[5])
                    )
                );
            }
        }

        return new BarSeries(symbol, bars, actions);
    }

    public static MarketPath Path(BarSeries series) =>
        new(series, new SessionCalendar(Enumerable.Range(0, series.Count).Select(i => series[i].Session)));
}
