using CsCheck;
using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Tests.Decisions.RuleBased;

/// <summary>What holds for every rule-based analyst.</summary>
internal static class AnalystLaws
{
    internal static AnalystReport Analyze(this IAnalyst analyst, MarketSnapshot snapshot) =>
        analyst.AnalyzeAsync(snapshot).AsTask().GetAwaiter().GetResult()!;

    internal static void HoldFor(IAnalyst analyst)
    {
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[0, 320], Gen.Bool)
            .Sample(
                (seed, bars, rich) =>
                {
                    MarketSnapshot snapshot = SimulatedDesk.Snapshot(seed, Math.Max(bars, 1), rich, rich, rich);
                    AnalystReport report = analyst.Analyze(snapshot);
                    Assert.Equal(analyst.Role, report.Role);
                    Assert.InRange(report.Score, -1, 1);
                    Assert.InRange(report.Confidence, 0, 1);
                    Assert.EndsWith(".", report.Analysis, StringComparison.Ordinal);
                    Assert.NotEmpty(report.Reasoning);
                    Assert.All(report.Reasoning, step => Assert.DoesNotMatch("NaN|∞|Infinity|\n", step));
                },
                iter: 150
            );
    }
}
