using System.Globalization;
using CsCheck;
using Rlaif.Core;
using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class BarImportRoundTripTests
{
    private static readonly Gen<decimal> Price = Gen.Select(
        Gen.Long[1, 99_999_999],
        Gen.Int[0, 6],
        (n, d) => n / (decimal)Math.Pow(10, d)
    );

    private static readonly Gen<(int Days, decimal A, decimal B, decimal C, decimal D, decimal Volume)> Row = Gen.Select(
        Gen.Int[1, 4],
        Price,
        Price,
        Price,
        Price,
        Gen.Long[0, 10_000_000_000].Select(v => v / 100m)
    );

    /// <summary>Whatever bars are written, in whatever order of rows, are read back exactly.</summary>
    [Fact]
    public void ReadAsync_RandomBarsWrittenToCsv_GivesThemBackExactly() =>
        Gen.Select(Gen.Dictionary(Gen.String[Gen.Char['A', 'Z'], 1, 5], Row.List[1, 20])[1, 5], Gen.UInt, Gen.Bool)
            .Sample(
                (symbols, seed, zipped) =>
                {
                    Dictionary<string, Bar[]> expected = symbols.ToDictionary(s => s.Key, s => Bars(s.Value));
                    string[] lines = [.. expected.SelectMany(s => s.Value.Select(b => Line(s.Key, b)))];
                    new DeterministicRandom(seed).Shuffle<string>(lines);
                    using var folder = new TempFolder();
                    string path = folder.Write(
                        zipped ? "x.csv.gz" : "x.csv",
                        "close,symbol,low,date,high,volume,open\n" + string.Concat(lines)
                    );
                    BarImportResult result = BarImport.ReadAsync([path]).GetAwaiter().GetResult();
                    Assert.Empty(result.Problems);
                    Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), result.Series.Select(s => s.Symbol));
                    foreach (BarSeries series in result.Series)
                    {
                        Assert.Equal(expected[series.Symbol], Enumerable.Range(0, series.Count).Select(i => series[i]));
                    }
                },
                iter: 100
            );

    /// <summary>Changing the prices of all rows after a date changes no bar and no decision on a split before it.</summary>
    [Fact]
    public void ReadAsync_LaterRowsPerturbed_ChangesNothingEarlier() =>
        Gen.Select(Row.List[4, 30], Gen.Int[1, 3], Gen.Double[0.1, 10])
            .Sample(
                (rows, keep, factor) =>
                {
                    Bar[] bars = Bars(rows);
                    int split = Math.Max(1, keep - 1);
                    BarImportResult plain = Import(bars, split);
                    BarImportResult other = Import(
                        [.. bars.Select((b, i) => i < keep ? b : Scaled(b, (decimal)Math.Round(factor, 3)))],
                        split
                    );
                    for (int i = 0; i < keep; i++)
                    {
                        Assert.Equal(plain.Series[0][i], other.Series[0][i]);
                    }

                    if (split < keep)
                    {
                        Assert.Equal(plain.Splits, other.Splits);
                    }
                },
                iter: 60
            );

    private static BarImportResult Import(Bar[] bars, int split)
    {
        using var folder = new TempFolder();
        IEnumerable<string> lines = bars.Select((b, i) => Line("A", b).TrimEnd() + (i == split ? ",2\n" : ",\n"));
        string path = folder.Write("x.csv", "close,symbol,low,date,high,volume,open,split\n" + string.Concat(lines));
        return BarImport.ReadAsync([path]).GetAwaiter().GetResult();
    }

    private static Bar Scaled(Bar b, decimal by) =>
        b with
        {
            Open = b.Open * by,
            High = b.High * by,
            Low = b.Low * by,
            Close = b.Close * by,
        };

    private static Bar[] Bars(List<(int Days, decimal A, decimal B, decimal C, decimal D, decimal Volume)> rows)
    {
        var day = new DateTime(2020, 1, 1);
        return
        [
            .. rows.Select(r =>
            {
                day = day.AddDays(r.Days);
                decimal[] sorted = [.. ((decimal[])[r.A, r.B, r.C, r.D]).Order()];
                (DateTimeOffset open, DateTimeOffset close) = Exchange.Of("A").Session(day);
                return new Bar(open, close, sorted[1], sorted[3], sorted[0], sorted[2], r.Volume);
            }),
        ];
    }

    private static string Line(string symbol, Bar b) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{b.Close},{symbol},{b.Low},{b.Session:yyyy-MM-dd},{b.High},{b.Volume},{b.Open}\n"
        );
}
