using Rlaif.Core;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Preferences;

namespace Rlaif.Tests.Preferences;

public sealed class ProcessPreferencesTests
{
    private static readonly DateTimeOffset AsOf = new(2024, 1, 5, 21, 0, 0, TimeSpan.Zero);

    [Fact]
    public void From_Preference_IsAPairOfItsOwnMetric()
    {
        PreferencePair pair = Assert.Single(ProcessPreferences.From([Judge("b", 3)]));
        Assert.Equal(("b", "a"), (pair.ChosenId, pair.RejectedId));
        Assert.Equal((PreferencePool.SameContext, "process", 1.0), (pair.Pool, pair.Metric, pair.OutcomeMargin));
        Assert.Equal(0.75, pair.Confidence, 1e-12);
        Assert.Equal(AsOf, pair.KnownAt);
        Assert.DoesNotContain(ComparisonMetric.BuiltIn, m => m.Name == pair.Metric);
        Assert.Throws<RlaifInputException>(() => ComparisonMetric.Custom(pair.Metric, _ => 0));
    }

    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1, 0.5 + (0.5 / 6))]
    [InlineData(6, 0.95)]
    public void From_VotesOfPrinciples_MakeTheConfidence(int votes, double confidence) =>
        Assert.Equal(confidence, ProcessPreferences.From([Judge("a", votes)])[0].Confidence, 1e-12);

    [Fact]
    public void From_Ties_MakeNoPair() => Assert.Empty(ProcessPreferences.From([Judge(null, 6)]));

    [Fact]
    public void From_SeveralJudges_HaveToAgree()
    {
        Judgement[] agree = [Judge("a", 6), Judge("a", 2, model: "other/one")];
        Assert.Equal((0.95 + (0.5 + (0.5 / 3))) / 2, Assert.Single(ProcessPreferences.From(agree)).Confidence, 1e-12);
        Assert.Empty(ProcessPreferences.From([Judge("a", 6), Judge("b", 6, model: "other/one")]));
        Assert.Empty(ProcessPreferences.From([Judge("a", 6), Judge(null, 6, model: "other/one")]));
        Assert.Empty(ProcessPreferences.From([Judge(null, 6), Judge("a", 6, model: "other/one")]));
    }

    [Fact]
    public void From_AnyOrder_GivesTheSamePairs()
    {
        Judgement[] judgements = [Judge("a", 1), Judge("c", 2, "c", "d"), Judge("f", 3, "e", "f")];
        Assert.Equal(ProcessPreferences.From(judgements), ProcessPreferences.From(judgements.Reverse()));
    }

    private static Judgement Judge(
        string? preferred,
        int votes,
        string first = "a",
        string second = "b",
        string model = "claude/m"
    ) =>
        new()
        {
            JudgementId = Judgement.CreateId("ctx", first, second, "judge@1", model),
            ContextId = "ctx",
            FirstId = first,
            SecondId = second,
            PreferredId = preferred,
            OrderDependent = false,
            Choices = [JudgeChoice.First, JudgeChoice.Second],
            Principles = Constitution
                .Standard.Principles.Select((p, i) => (p, i))
                .ToDictionary(x => x.p, x => x.i < votes ? preferred : null),
            Constitution = "constitution@1",
            Model = model,
            BeforeCutoff = null,
            AsOf = AsOf,
        };
}
