using CsCheck;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Preferences;

public sealed class ComparisonMetricTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Score_LongWithBenchmark_IsTheFormulaOfEachMetric()
    {
        DecisionContext context = SettledSamples.Context(volatility: 0.02, beta: 1.5);
        SettledCandidate settled = SettledSamples.Settle(
            context,
            SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.1),
            assetReturn: 0.08,
            benchmarkReturn: 0.02
        );

        Assert.Equal(0.079, ComparisonMetric.Return.Score(settled)!.Value, Tolerance);
        Assert.Equal(0.079 / 1.02, ComparisonMetric.RiskAdjusted.Score(settled)!.Value, Tolerance);
        Assert.Equal(0.049, ComparisonMetric.ExcessReturn.Score(settled)!.Value, Tolerance);
        Assert.Equal(0.1 * 0.049 / (0.02 * Math.Sqrt(5)), ComparisonMetric.VolScaled.Score(settled)!.Value, Tolerance);
    }

    [Fact]
    public void ExcessReturn_Short_GainsWhatTheBenchmarkGains()
    {
        DecisionContext context = SettledSamples.Context(beta: 0.5);
        SettledCandidate settled = SettledSamples.Settle(
            context,
            SettledSamples.Candidate(context, 0, TradeAction.Sell, 0.1),
            assetReturn: -0.04,
            benchmarkReturn: 0.02
        );
        Assert.Equal(0.04 + (0.5 * 0.02) - 0.001, ComparisonMetric.ExcessReturn.Score(settled)!.Value, Tolerance);
    }

    [Fact]
    public void ExcessReturn_BetaUnknown_UsesOneAndWithoutBenchmarkNothing()
    {
        DecisionContext context = SettledSamples.Context(beta: null);
        Candidate buy = SettledSamples.Candidate(context, 0, TradeAction.Buy, 0.1);
        Assert.Equal(
            0.029,
            ComparisonMetric.ExcessReturn.Score(SettledSamples.Settle(context, buy, 0.05, 0.02))!.Value,
            Tolerance
        );
        Assert.Equal(0.049, ComparisonMetric.ExcessReturn.Score(SettledSamples.Settle(context, buy, 0.05))!.Value, Tolerance);
    }

    [Fact]
    public void Score_LongThatRisesAndShortThatFallsAlike_AreEqualUnderEveryMetric() =>
        Gen.Select(Gen.Double[-0.5, 0.5], Gen.Double[0.001, 1], Gen.Double[0.001, 0.1])
            .Sample(
                (assetReturn, size, volatility) =>
                {
                    DecisionContext context = SettledSamples.Context(volatility: volatility);
                    SettledCandidate rise = SettledSamples.Settle(
                        context,
                        SettledSamples.Candidate(context, 0, TradeAction.Buy, size),
                        assetReturn
                    );
                    SettledCandidate fall = SettledSamples.Settle(
                        context,
                        SettledSamples.Candidate(context, 1, TradeAction.Sell, size),
                        -assetReturn
                    );
                    Assert.All(ComparisonMetric.BuiltIn, m => Assert.Equal(m.Score(rise), m.Score(fall)));
                }
            );

    [Fact]
    public void Score_Hold_IsZeroUnderEveryBuiltInMetric()
    {
        DecisionContext context = SettledSamples.Context(volatility: null);
        SettledCandidate hold = SettledSamples.Settle(
            context,
            SettledSamples.Candidate(context, 0, TradeAction.Hold, 0),
            0.3,
            0.1
        );
        Assert.All(ComparisonMetric.BuiltIn, m => Assert.Equal(0, m.Score(hold)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.0)]
    public void VolScaled_NoVolatility_IsNullNotZero(double? volatility) =>
        Assert.Null(
            ComparisonMetric.VolScaled.Score(SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05, volatility: volatility))
        );

    [Fact]
    public void Noise_OfTwoSides_IsTheMeanOfTheirVolatilitiesOrUnknown()
    {
        Outcome calm = SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05, volatility: 0.01).Outcome;
        Outcome wild = SettledSamples.Single("TSLA", 0, TradeAction.Buy, 0.05, volatility: 0.03).Outcome with { HoldDays = 20 };
        double expected = ((0.01 * Math.Sqrt(5)) + (0.03 * Math.Sqrt(20))) / 2;
        Assert.Equal(expected, ComparisonMetric.Return.Noise(calm, wild, spread: null)!.Value, Tolerance);
        double ratio = (Math.Sqrt(252.0 / 5) + Math.Sqrt(252.0 / 20)) / 2;
        Assert.Equal(ratio, ComparisonMetric.Sharpe.Noise(calm, wild, spread: null)!.Value, Tolerance);
        Assert.Equal(0.7, ComparisonMetric.Parse("net_return").Noise(calm, wild, spread: 0.7));

        // A side that was held for no day has no volatility that could stand for it.
        Outcome never = calm with
        {
            HoldDays = 0,
        };
        foreach (ComparisonMetric metric in new[] { ComparisonMetric.Return, ComparisonMetric.Sharpe })
        {
            Assert.Null(metric.Noise(never, wild, spread: null));
            Assert.Null(metric.Noise(wild, never, spread: null));
        }

        Assert.Null(ComparisonMetric.Parse("net_return").Noise(calm, wild, spread: 0));
    }

    [Fact]
    public void Sharpe_TooFewReturns_IsNullNotZero()
    {
        SettledCandidate settled = SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05);
        Assert.Null(ComparisonMetric.Sharpe.Score(settled));
        Assert.Null(ComparisonMetric.Sortino.Score(settled));
        Assert.Equal(1.5, ComparisonMetric.Sharpe.Score(settled with { Outcome = settled.Outcome with { Sharpe = 1.5 } }));
    }

    [Fact]
    public void Parse_EveryBuiltInName_FindsTheMetric() =>
        Assert.All(ComparisonMetric.BuiltIn, m => Assert.Same(m, ComparisonMetric.Parse(m.Name)));

    [Fact]
    public void Parse_UnknownName_ListsTheNames()
    {
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => ComparisonMetric.Parse("Sharpe"));
        Assert.Contains(
            "'Sharpe'. Known metrics: vol_scaled, return, sharpe, sortino, risk_adjusted, excess_return",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("sharpe")]
    [InlineData("expr:beta")]
    public void Custom_NameEmptyOrTaken_IsRefused(string name) =>
        Assert.Throws<RlaifInputException>(() => ComparisonMetric.Custom(name, _ => 0));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Custom_ScoreNotFinite_IsNull(double score) =>
        Assert.Null(ComparisonMetric.Custom("odd", _ => score).Score(SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05)));
}
