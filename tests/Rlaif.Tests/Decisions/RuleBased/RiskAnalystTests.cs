using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Decisions;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Decisions.RuleBased;

public sealed class RiskAnalystTests
{
    private static readonly RiskAnalyst Analyst = new();

    private static readonly (IReadOnlyDictionary<string, double?> Features, AnalystReport Report)[] Sample =
    [
        .. Enumerable
            .Range(0, 400)
            .Select(seed => SimulatedDesk.Snapshot(seed))
            .Select(s => (MarketFeatures.Compute(s), Analyst.Analyze(s))),
    ];

    [Fact]
    public void AnalyzeAsync_AnySnapshot_KeepsTheLawsOfReports() => AnalystLaws.HoldFor(Analyst);

    [Fact]
    public void AnalyzeAsync_Reasoning_StatesTheFeatures()
    {
        Assert.All(
            Sample,
            s =>
            {
                string text = string.Join('\n', s.Report.Reasoning);
                Assert.Contains(
                    $"Daily volatility is {s.Features["volatility_20"] * 100:0.00}% over 20",
                    text,
                    StringComparison.Ordinal
                );
                Assert.Contains($"against {s.Features["volatility_60"] * 100:0.00}% over 60", text, StringComparison.Ordinal);
                Assert.Contains(
                    $"{Wording.Percent(s.Features["drawdown_250"]!.Value)} below its 250-day high",
                    text,
                    StringComparison.Ordinal
                );
                Assert.Contains($"beta of {Wording.Plain(s.Features["beta_60"]!.Value)}", text, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void AnalyzeAsync_Confidence_RisesWithVolatility()
    {
        double[] confidence = [.. Sample.OrderBy(s => s.Features["volatility_20"]).Select(s => s.Report.Confidence)];
        Assert.Equal(confidence.Order(), confidence);
        Assert.True(confidence[0] < confidence[^1] - 0.2);
    }

    [Fact]
    public void AnalyzeAsync_ExcessRisk_IsLeantAgainst()
    {
        double Mean(Func<IReadOnlyDictionary<string, double?>, bool> which) =>
            Sample.Where(s => which(s.Features)).Average(s => s.Report.Score);
        Assert.True(
            Mean(f => f["volatility_20"] > 1.2 * f["volatility_60"])
                < Mean(f => f["volatility_20"] < 0.8 * f["volatility_60"]) - 0.1
        );
        Assert.True(Mean(f => f["drawdown_250"] < -0.2) < Mean(f => f["drawdown_250"] > -0.05));
    }
}
