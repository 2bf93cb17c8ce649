using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Decisions;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Decisions.RuleBased;

public sealed class TechnicalAnalystTests
{
    private static readonly TechnicalAnalyst Analyst = new();

    [Fact]
    public void AnalyzeAsync_AnySnapshot_KeepsTheLawsOfReports() => AnalystLaws.HoldFor(Analyst);

    [Fact]
    public void AnalyzeAsync_Reasoning_StatesTheFeatures()
    {
        foreach (int seed in Enumerable.Range(0, 40))
        {
            MarketSnapshot snapshot = SimulatedDesk.Snapshot(seed);
            IReadOnlyDictionary<string, double?> f = MarketFeatures.Compute(snapshot);
            string text = string.Join('\n', Analyst.Analyze(snapshot).Reasoning);
            Assert.Contains(
                $"ACME {Wording.Moved(f["return_20"]!.Value)} over 20 sessions and {Wording.Moved(f["return_60"]!.Value)} over 60",
                text,
                StringComparison.Ordinal
            );
            Assert.Contains($"move is {Math.Abs(f["momentum_20"]!.Value):0.0} times", text, StringComparison.Ordinal);
            Assert.Contains(
                $"{Wording.Distance(f["distance_sma_50"]!.Value)} its 50-day average",
                text,
                StringComparison.Ordinal
            );
            Assert.Contains($"RSI(14) is {f["rsi_14"]:0},", text, StringComparison.Ordinal);
            Assert.Contains($"(%b {Wording.Plain(f["bollinger_percent_b"]!.Value)})", text, StringComparison.Ordinal);
            Assert.Contains($"ADX(14) is {f["adx_14"]:0}:", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AnalyzeAsync_DriftlessMarket_LeansNeitherWayAndTakesBoth()
    {
        double[] scores = [.. Enumerable.Range(0, 800).Select(seed => Analyst.Analyze(SimulatedDesk.Snapshot(seed)).Score)];
        double error = Math.Sqrt(scores.Average(s => s * s) / scores.Length);
        Assert.InRange(scores.Average(), -4 * error, 4 * error);
        Assert.Contains(scores, s => s > 0.3);
        Assert.Contains(scores, s => s < -0.3);
    }

    [Fact]
    public void AnalyzeAsync_FewBars_IsLessSure()
    {
        double[] seeds = [.. Enumerable.Range(0, 30).Select(Convert.ToDouble)];
        double little = seeds.Average(s => Analyst.Analyze(SimulatedDesk.Snapshot((int)s, 25)).Confidence);
        double much = seeds.Average(s => Analyst.Analyze(SimulatedDesk.Snapshot((int)s, 300)).Confidence);
        Assert.True(little < much, $"{little} with 25 bars, {much} with 300");
        Assert.Equal(0, Analyst.Analyze(SimulatedDesk.Snapshot(1, 1)).Confidence);
    }
}
