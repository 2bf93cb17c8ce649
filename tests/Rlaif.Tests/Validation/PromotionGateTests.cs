using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Rewards;
using Rlaif.Rewards.Baselines;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class PromotionGateTests
{
    private static readonly string[] Names =
    [
        PromotionGate.AboveChance,
        PromotionGate.AboveBaseline,
        PromotionGate.LossBelowChance,
        PromotionGate.NotWorseThanChampion,
    ];

    private static JsonObject Good() =>
        JsonNode
            .Parse(
                """
                {"accuracy":0.60,"accuracy_ci":[0.56,0.64],"log_loss":0.68,
                 "baselines":{"coin":0.5,"momentum":0.55,"agent_score":0.52}}
                """
            )!
            .AsObject();

    private static ModelComparison Against(params double[] second)
    {
        double[] first = [.. second.Select(_ => 0.0)];
        (var data, double[] zero) = MarginPairs.With(first);
        return ModelComparison.Measure(data, zero, MarginPairs.With(second).Rewards, new DeterministicRandom(1));
    }

    private static string[] Failing(IReadOnlyList<PromotionCriterion> criteria) =>
        [.. criteria.Where(c => !c.Passed).Select(c => c.Name)];

    private static PromotionCriterion Judge(string criterion, Action<JsonObject> change)
    {
        JsonObject validation = Good();
        change(validation);
        return PromotionGate.Judge(validation, null, null).Single(c => c.Name == criterion);
    }

    [Fact]
    public void Judge_GoodFiguresAndNoChampion_Passes()
    {
        IReadOnlyList<PromotionCriterion> criteria = PromotionGate.Judge(Good(), null, null);
        Assert.Equal(Names, criteria.Select(c => c.Name));
        Assert.Empty(Failing(criteria));
        Assert.Equal((0.56, 0.5), (criteria[0].Value, criteria[0].Threshold));
        Assert.Equal((0.56, 0.55), (criteria[1].Value, criteria[1].Threshold));
        Assert.Equal((0.68, Math.Log(2)), (criteria[2].Value, criteria[2].Threshold));
        Assert.Contains("56.00%", criteria[0].Text, StringComparison.Ordinal);
        Assert.Contains("momentum", criteria[1].Text, StringComparison.Ordinal);
        Assert.Contains("0.6800", criteria[2].Text, StringComparison.Ordinal);
        Assert.Contains("no champion", criteria[3].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5000001, true)]
    [InlineData(0.5, false)]
    [InlineData(0.49, false)]
    public void Judge_LowerEndOfTheAccuracy_HasToBeAboveACoin(double lower, bool passes)
    {
        PromotionCriterion criterion = Judge(PromotionGate.AboveChance, v => v["accuracy_ci"] = new JsonArray(lower, 0.7));
        Assert.Equal((passes, (double?)lower), (criterion.Passed, criterion.Value));
    }

    [Theory]
    [InlineData("momentum", 0.5599, true)]
    [InlineData("lambdarank", 0.56, false)]
    [InlineData("linear_bradley_terry", 0.57, false)]
    public void Judge_BestBaseline_HasToBeBelowTheLowerEnd(string name, double accuracy, bool passes) =>
        Assert.Equal(passes, Judge(PromotionGate.AboveBaseline, v => v["baselines"]![name] = accuracy).Passed);

    [Fact]
    public void Judge_BaselinesWorseThanACoinOrAbsent_AreBeatenLikeACoin()
    {
        JsonNode? Worse() => JsonNode.Parse("""{"momentum":0.4,"agent_score":null}""");
        Assert.Equal(0.5, Judge(PromotionGate.AboveBaseline, v => v["baselines"] = Worse()).Threshold);
        Assert.Equal(0.5, Judge(PromotionGate.AboveBaseline, v => v.Remove("baselines")).Threshold);
    }

    [Fact]
    public void Judge_BestBaseline_NamesThoseThatWereMeasuredAndThoseThatWereNot()
    {
        PromotionCriterion few = Judge(PromotionGate.AboveBaseline, v => v["baselines"]!["lambdarank"] = null);
        Assert.True(few.Passed);
        Assert.Contains("(compared with agent score, coin, momentum; not measured: ", few.Text, StringComparison.Ordinal);
        Assert.Contains("lambdarank, linear bradley terry", few.Text, StringComparison.Ordinal);
        Assert.Contains("the controls were not run", few.Text, StringComparison.Ordinal);

        PromotionCriterion all = Judge(
            PromotionGate.AboveBaseline,
            v =>
            {
                v["baselines"] = new JsonObject(BaselineNames.All.Select(n => KeyValuePair.Create(n, (JsonNode?)0.5)));
                v["controls"] = new JsonObject();
            }
        );
        Assert.Contains("lambdarank, linear bradley terry, momentum", all.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("not measured", all.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("controls", all.Text, StringComparison.Ordinal);
        PromotionCriterion none = Judge(PromotionGate.AboveBaseline, v => v.Remove("baselines"));
        Assert.Contains("(none was measured; not measured: agent confidence", none.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_LogLoss_TakesTheOneAfterTheTemperature()
    {
        Assert.False(Judge(PromotionGate.LossBelowChance, v => v["log_loss"] = Math.Log(2)).Passed);
        Assert.True(
            Judge(
                PromotionGate.LossBelowChance,
                v =>
                {
                    v["log_loss"] = 0.9;
                    v["log_loss_calibrated"] = 0.69;
                }
            ).Passed
        );
        Assert.False(Judge(PromotionGate.LossBelowChance, v => v["log_loss_calibrated"] = 0.7).Passed);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"accuracy":null,"accuracy_ci":null,"log_loss":null,"baselines":null}""")]
    [InlineData("""{"accuracy":"high","accuracy_ci":["a","b"],"log_loss":"low","baselines":[]}""")]
    public void Judge_NotMeasured_FailsWithoutANumber(string validation)
    {
        IReadOnlyList<PromotionCriterion> criteria = PromotionGate.Judge(JsonNode.Parse(validation)?.AsObject(), null, null);
        Assert.Equal(Names[..3], Failing(criteria));
        Assert.All(criteria, c => Assert.Null(c.Value));
    }

    [Fact]
    public void Judge_Champion_FailsOnlyAChallengerThatIsSignificantlyWorse()
    {
        double[] mixed = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1.0 : -1.0)];
        double[] worse = [.. Enumerable.Range(0, 40).Select(i => i % 10 == 0 ? 1.0 : -1.0)];
        double[] better = [.. worse.Select(m => -m)];
        Assert.Empty(Failing(PromotionGate.Judge(Good(), "v0001", Against(mixed))));
        Assert.Empty(Failing(PromotionGate.Judge(Good(), "v0001", Against(better))));
        Assert.Equal([PromotionGate.NotWorseThanChampion], Failing(PromotionGate.Judge(Good(), "v0001", Against(worse))));
        ModelComparison comparison = Against(worse);
        PromotionCriterion criterion = PromotionGate.Judge(Good(), "v0001", comparison)[3];
        Assert.Equal((comparison.Interval!.Upper, 0.0), (criterion.Value, criterion.Threshold));
        Assert.Contains("v0001", criterion.Text, StringComparison.Ordinal);
        Assert.Contains("40 common later pairs", criterion.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_ChampionThatCannotBeComparedWith_FailsAndSaysWhy()
    {
        Assert.Contains(
            "no pairs came after both",
            FailureOf(PromotionGate.Judge(Good(), "v0001", null)),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "lost file",
            FailureOf(PromotionGate.Judge(Good(), "v0001", null, "lost file")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "too few dates (1)",
            FailureOf(PromotionGate.Judge(Good(), "v0001", Against(1))),
            StringComparison.Ordinal
        );
    }

    private static string FailureOf(IReadOnlyList<PromotionCriterion> criteria) => Assert.Single(criteria, c => !c.Passed).Text;
}
