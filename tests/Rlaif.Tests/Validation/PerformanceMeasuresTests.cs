using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Rlaif.Core;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class PerformanceMeasuresTests
{
    private static readonly double[] Mixed = [.01, .10, -.04, .02, .03, .02, .01, -.10];

    [Fact]
    public void Of_ReferenceReturns_GivesTheReferenceValues()
    {
        PerformanceMeasures measures = PerformanceMeasures.Of(Mixed);
        Assert.Equal(1.7238613961706866, measures.Sharpe!.Value, 1e-12);
        Assert.Equal(2.605531251673693, measures.Sortino!.Value, 1e-12);
        Assert.Equal(-0.1, measures.MaxDrawdown!.Value, 1e-12);
        Assert.Equal(23.302927973004394, measures.Calmar!.Value, 1e-9);
        Assert.Equal(8, measures.N);
        Assert.Equal(["deflated_sharpe"], measures.Undefined.Keys);
    }

    [Fact]
    public void Of_WeeklyReferenceReturns_GivesTheReferenceValues()
    {
        PerformanceMeasures measures = PerformanceMeasures.Of([0, .. Mixed], new PerformanceOptions { PeriodsPerYear = 52 });
        Assert.Equal(2.4690830513998208, measures.Calmar!.Value, 1e-12);
        Assert.Equal(1.1158901056866439, measures.Sortino!.Value, 1e-12);
    }

    [Fact]
    public void Of_ConstantReturns_LeavesRatiosUndefinedWithReasons()
    {
        PerformanceMeasures measures = PerformanceMeasures.Of(
            [.. Enumerable.Repeat(.01, 9)],
            new PerformanceOptions { Trials = 3 }
        );
        Assert.Null(measures.Sharpe);
        Assert.Null(measures.Calmar);
        Assert.Equal("the returns do not vary", measures.Undefined["sharpe"]);
        Assert.Equal("there was no drawdown", measures.Undefined["calmar"]);
        Assert.Equal("no return is below the target", measures.Undefined["sortino"]);
        Assert.Equal(0, measures.MaxDrawdown);
        Assert.Equal(Math.Pow(1.01, 252) - 1, measures.AnnualizedReturn!.Value, 1e-9);
    }

    [Fact]
    public void Of_NoReturns_EverythingIsUndefined()
    {
        PerformanceMeasures measures = PerformanceMeasures.Of([]);
        Assert.Equal(11, measures.Undefined.Count);
        Assert.Null(measures.MaxDrawdown);
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(measures, RlaifJson.Compact), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ReturnsBelowZero_HasNoTrackRecordLength() =>
        Assert.Equal(
            "the Sharpe ratio is not above zero",
            PerformanceMeasures.Of([-.01, .005, -.02]).Undefined["min_track_record_length"]
        );

    [Fact]
    public void Of_MoreTrials_DeflateMore()
    {
        double?[] deflated =
        [
            .. new[] { 1, 10, 100 }.Select(n =>
                PerformanceMeasures.Of(Mixed, new PerformanceOptions { Trials = n }).DeflatedSharpe
            ),
        ];
        Assert.Equal(PerformanceMeasures.Of(Mixed).ProbabilisticSharpe!.Value, deflated[0]!.Value, 1e-12);
        Assert.True(deflated[0] > deflated[1] && deflated[1] > deflated[2]);
    }

    [Fact]
    public void Of_ReturnThatIsNotFinite_SaysWhichOne()
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => PerformanceMeasures.Of([.01, double.NaN]));
        Assert.Contains("Return 2 of 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_RealReturns_EqualsTheReferenceImplementation()
    {
        using JsonDocument expected = JsonDocument.Parse(
            File.ReadAllText(SharedData.Require("oracle_performance_empyrical/expected.json"))
        );
        List<(string Symbol, double Return)> rows = ReadReturns();
        int start = 0;
        foreach (JsonElement result in expected.RootElement.GetProperty("results").EnumerateArray())
        {
            int n = result.GetProperty("n").GetInt32();
            List<(string Symbol, double Return)> own = rows.GetRange(start, n);
            start += n;
            Assert.All(own, r => Assert.Equal(result.GetProperty("symbol").GetString(), r.Symbol));
            PerformanceMeasures measures = PerformanceMeasures.Of([.. own.Select(r => r.Return)]);
            Check("annual_return", measures.AnnualizedReturn);
            Check("annual_volatility", measures.Volatility);
            Check("sharpe", measures.Sharpe);
            Check("sortino", measures.Sortino);
            Check("max_drawdown", measures.MaxDrawdown);
            Check("calmar", measures.Calmar);
            // The reference gives unbiased moments; ours are the population's, as the Sharpe statistics need them.
            double excess = measures.Kurtosis!.Value - 3;
            Check("skew", measures.Skewness * Math.Sqrt((double)n * (n - 1)) / (n - 2));
            Check("kurtosis_excess", (n - 1.0) / ((n - 2.0) * (n - 3.0)) * (((n + 1.0) * excess) + 6));

            void Check(string name, double? value) => Assert.Equal(result.GetProperty(name).GetDouble(), value!.Value, 1e-9);
        }

        Assert.Equal(rows.Count, start);
    }

    private static List<(string Symbol, double Return)> ReadReturns()
    {
        using FileStream file = File.OpenRead(SharedData.Require("oracle_performance_empyrical/returns.csv.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        reader.ReadLine();
        var rows = new List<(string, double)>();
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split(',');
            rows.Add((cells[0], double.Parse(cells[2], CultureInfo.InvariantCulture)));
        }

        return rows;
    }
}
