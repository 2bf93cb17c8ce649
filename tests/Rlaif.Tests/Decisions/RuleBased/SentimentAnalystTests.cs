using Rlaif.Data;
using Rlaif.Data.News;
using Rlaif.Decisions;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Decisions.RuleBased;

public sealed class SentimentAnalystTests
{
    private const string Good = "Acme wins approval and reports strong growth";
    private const string Bad = "Acme warns of losses and faces a lawsuit";

    private static readonly SentimentAnalyst Analyst = new();

    [Fact]
    public void AnalyzeAsync_AnySnapshot_KeepsTheLawsOfReports() => AnalystLaws.HoldFor(Analyst);

    [Fact]
    public void AnalyzeAsync_NoNews_HasNoViewAndSaysSo()
    {
        AnalystReport report = Analyst.Analyze(SimulatedDesk.Snapshot(1, news: false));
        Assert.Equal(0, report.Score);
        Assert.InRange(report.Confidence, 0, 0.1);
        Assert.Equal("No headlines in the last 7 days: no view from the news.", report.Analysis);
    }

    [Fact]
    public void AnalyzeAsync_Headlines_AreQuotedVerbatimNewestFirst()
    {
        AnalystReport report = Report(Good, "Acme's \"Q4\" <special>", Bad);
        Assert.Equal(
            [$"Headline: \"{Good}\"", "Headline: \"Acme's \"Q4\" <special>\"", $"Headline: \"{Bad}\""],
            report.Reasoning.Where(r => r.StartsWith("Headline: ", StringComparison.Ordinal))
        );
        double mean = (SentimentLexicon.Score(Good) + SentimentLexicon.Score(Bad) + SentimentLexicon.Score("special")) / 3;
        Assert.Contains($"last 3 headlines is {Wording.Signed(mean)} ", report.Reasoning[0], StringComparison.Ordinal);
    }

    [Fact]
    public void AnalyzeAsync_Tone_SetsSignAndConflictLowersConfidence()
    {
        AnalystReport good = Report(Good, Good);
        AnalystReport bad = Report(Bad, Bad);
        AnalystReport mixed = Report(Good, Bad);
        Assert.True(good.Score > 0.2);
        Assert.True(bad.Score < -0.2);
        Assert.True(mixed.Confidence < good.Confidence);
        Assert.Contains("disagree", mixed.Analysis, StringComparison.Ordinal);
    }

    private static AnalystReport Report(params string[] headlines)
    {
        MarketSnapshot plain = SimulatedDesk.Snapshot(1, news: false);
        return Analyst.Analyze(
            SimulatedDesk.Snapshot(
                1,
                news: false,
                extraNews: headlines.Select((h, i) => SimulatedDesk.Headline(plain, h, 0.5 + i))
            )
        );
    }
}
