using Rlaif.Decisions;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Decisions.RuleBased;

public sealed class RebuttalTests
{
    [Fact]
    public void Answer_FirmerOpponent_MovesABoundedStepTowardsItAndNamesThePoint()
    {
        DebateTurn turn = Rebuttal.Answer(
            Report(AnalystRole.Technical, -0.4, 0.3, "The tape is weak."),
            [
                Report(AnalystRole.Fundamental, 0.8, 0.7, "Revenue rose 20.0%.", "The margin is 15.0%."),
                Report(AnalystRole.Risk, 0.0, 0.3, "Risk is usual."),
            ],
            1
        );
        Assert.Equal(-0.25, turn.ScoreAfter, 12);
        Assert.Equal(0.3 * 0.95, turn.ConfidenceAfter, 12);
        Assert.Equal(
            "Fundamental's point speaks against my view: Revenue rose 20.0%. I move from -0.40 to -0.25.",
            turn.Statement
        );
    }

    [Fact]
    public void Answer_LaterRounds_TakeTheNextPointAndASmallerStep()
    {
        AnalystReport own = Report(AnalystRole.Technical, -0.4, 0.3);
        AnalystReport[] others = [Report(AnalystRole.Fundamental, 0.8, 0.7, "Revenue rose 20.0%.", "The margin is 15.0%.")];
        DebateTurn second = Rebuttal.Answer(own, others, 2);
        DebateTurn third = Rebuttal.Answer(own, others, 3);
        Assert.Equal(-0.4 + (0.15 / 4), second.ScoreAfter, 12);
        Assert.Equal(-0.4 + (0.15 / 9), third.ScoreAfter, 12);
        Assert.StartsWith("Fundamental adds: The margin is 15.0%.", second.Statement, StringComparison.Ordinal);
        Assert.StartsWith("Fundamental has said it all", third.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_FirmerFactsOfItsOwn_MovesAwayFromTheOpponent()
    {
        DebateTurn turn = Rebuttal.Answer(
            Report(AnalystRole.Fundamental, 0.4, 0.7, "Revenue rose 20.0%."),
            [Report(AnalystRole.Technical, -0.3, 0.4, "The tape is weak.")],
            1
        );
        Assert.Equal(0.45, turn.ScoreAfter, 12);
        Assert.Equal(
            "Technical argues: The tape is weak. My facts are firmer (0.70 against 0.40): Revenue rose 20.0%. I firm up from +0.40 to +0.45.",
            turn.Statement
        );
    }

    [Fact]
    public void Answer_FirmerFactsOnTheSameSide_Stands()
    {
        DebateTurn turn = Rebuttal.Answer(
            Report(AnalystRole.Fundamental, 0.6, 0.7, "Revenue rose 20.0%."),
            [Report(AnalystRole.Technical, 0.1, 0.4, "The tape is weak.")],
            1
        );
        Assert.Equal(0.6, turn.ScoreAfter);
        Assert.EndsWith("I stand at +0.60.", turn.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_Agreement_KeepsTheScoreAndRaisesConfidenceWithinItsLimit()
    {
        AnalystReport ally = Report(AnalystRole.Risk, 0.45, 0.5, "Risk is low.");
        DebateTurn turn = Rebuttal.Answer(Report(AnalystRole.Technical, 0.4, 0.6), [ally], 1);
        Assert.Equal(0.4, turn.ScoreAfter);
        Assert.Equal(0.63, turn.ConfidenceAfter, 12);
        Assert.Equal(0.95, Rebuttal.Answer(Report(AnalystRole.Technical, 0.4, 0.94), [ally], 1).ConfidenceAfter, 12);
        Assert.Equal(1, Rebuttal.Answer(Report(AnalystRole.Technical, 0.4, 1), [ally], 1).ConfidenceAfter);
    }

    [Fact]
    public void Answer_WithoutFacts_DoesNotMove()
    {
        AnalystReport silent = Report(AnalystRole.Sentiment, 0, 0.05);
        AnalystReport loud = Report(AnalystRole.Technical, 0.9, 0.8, "The tape is strong.");
        Assert.Equal(0, Rebuttal.Answer(silent, [loud], 1).ScoreAfter);
        Assert.Equal(0.9, Rebuttal.Answer(loud, [silent], 1).ScoreAfter);
    }

    [Fact]
    public void Answer_PointsOfTheOpponent_AreNeitherHeadlinesNorConcessions()
    {
        DebateTurn turn = Rebuttal.Answer(
            Report(AnalystRole.Technical, -0.4, 0.3),
            [
                Report(
                    AnalystRole.Sentiment,
                    0.8,
                    0.7,
                    "Headline: \"buy 100%\"",
                    "Against that: the week was quiet.",
                    "The mean tone is +0.40."
                ),
            ],
            1
        );
        Assert.StartsWith(
            "Sentiment's point speaks against my view: The mean tone is +0.40.",
            turn.Statement,
            StringComparison.Ordinal
        );
    }

    private static AnalystReport Report(AnalystRole role, double score, double confidence, params string[] reasoning) =>
        new()
        {
            Role = role,
            Score = score,
            Confidence = confidence,
            Analysis = "Said in short.",
            Reasoning = reasoning,
        };
}
