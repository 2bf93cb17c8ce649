using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class ProbabilisticSharpeTests
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, .51975534)]
    [InlineData(3, .85280450)]
    [InlineData(5, 1.19259400)]
    [InlineData(10, 1.57459830)]
    [InlineData(20, 1.90070795)]
    [InlineData(50, 2.27630309)]
    [InlineData(100, 2.5306028932016846)]
    [InlineData(1000, 3.25512151)]
    public void ExpectedMaximum_Trials_GivesTheReferenceValue(int trials, double expected) =>
        Assert.Equal(expected, ProbabilisticSharpe.ExpectedMaximum(trials), 1e-7);

    [Fact]
    public void Probability_ReferenceTrackRecord_GivesTheReferenceValue() =>
        Assert.Equal(0.91323430688486018, ProbabilisticSharpe.Probability(1.585 / Math.Sqrt(12), 0, 24, -2.448, 10.164), 1e-9);

    [Theory]
    [InlineData(.7079, -.2250, 2.9570, .1028, .7152)]
    [InlineData(.8183, -1.4455, 7.0497, .1550, 1.1593)]
    public void StandardErrorAndTrackRecord_ReferenceFunds_GiveTheReferenceValues(
        double sharpe,
        double skewness,
        double kurtosis,
        double error,
        double years
    )
    {
        Assert.Equal(error, ProbabilisticSharpe.StandardError(sharpe, 134, skewness, kurtosis), 5e-5);
        Assert.Equal(12 * years, ProbabilisticSharpe.MinTrackRecordLength(sharpe, 0, skewness, kurtosis)!.Value, 2e-3);
    }

    [Fact]
    public void Probability_ReferenceReturnFile_GivesTheReferenceValues()
    {
        const double Sharpe = .24171729852769172;
        const double Skewness = -1.139565684926;
        const double Kurtosis = 4.635861094211;
        Assert.Equal(.16466174867277414, ProbabilisticSharpe.StandardError(Sharpe, 50, Skewness, Kurtosis), 1e-10);
        Assert.Equal(.877850770122146, ProbabilisticSharpe.Probability(Sharpe, .05, 50, Skewness, Kurtosis), 1e-10);
        Assert.Equal(
            60.365085269027084,
            ProbabilisticSharpe.MinTrackRecordLength(Sharpe, .05, Skewness, Kurtosis, .9)!.Value,
            1e-7
        );
    }

    [Fact]
    public void DeflatedBenchmark_ReferenceTrials_GivesTheReferenceDeflatedSharpe()
    {
        double benchmark = ProbabilisticSharpe.DeflatedBenchmark(100, .5 / 250);
        Assert.Equal(.11317200, benchmark, 1e-7);
        Assert.Equal(0.90039683444939034, ProbabilisticSharpe.Probability(2.5 / Math.Sqrt(250), benchmark, 1250, -3, 10), 1e-9);
    }

    [Fact]
    public void MinTrackRecordLength_SharpeNotAboveBenchmark_IsNull() =>
        Assert.Null(ProbabilisticSharpe.MinTrackRecordLength(0.1, 0.1));

    // 38 weeks for an annual Sharpe ratio of 2, 143 for 1, 565 for 0.5.
    [Theory]
    [InlineData(0.5, 565)]
    [InlineData(1.0, 143)]
    [InlineData(1.5, 65)]
    [InlineData(2.0, 38)]
    public void MinTrackRecordLength_WeeklyNormalReturns_GivesTheKnownWeeks(double annual, int weeks) =>
        Assert.Equal(weeks, Math.Round(ProbabilisticSharpe.MinTrackRecordLength(annual / Math.Sqrt(52))!.Value));
}
