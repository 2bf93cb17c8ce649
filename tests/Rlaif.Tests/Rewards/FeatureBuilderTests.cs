using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class FeatureBuilderTests
{
    private static readonly PlantedPreferences Planted = new() { Features = 5, MissingShare = 0.2 };

    [Fact]
    public void Build_TrainingCandidates_AreStandardizedOverContexts()
    {
        PreferenceDataset data = Planted.Create(0, 200);
        FeatureBuilder builder = Fit(data);
        var rows = data.Candidates.DistinctBy(c => c.Context.ContextId).Select(c => Build(builder, c)).ToList();
        int column = Column(builder, "f01");
        Assert.Equal(0, rows.Average(r => r[column]), 0.02);
        Assert.Equal(1, rows.Average(r => r[column] * r[column]), 0.05);
    }

    [Fact]
    public void Build_Candidates_WritesSideExposureAndInteractions()
    {
        PreferenceDataset data = Planted.Create(0, 100);
        FeatureBuilder builder = Fit(data);
        foreach (SettledCandidate settled in data.Candidates)
        {
            float[] row = Build(builder, settled);
            int side = settled.Candidate.Action switch
            {
                TradeAction.Buy => 1,
                TradeAction.Sell => -1,
                _ => 0,
            };
            Assert.Equal(side, row[Column(builder, "side")]);
            Assert.Equal(side == 0 ? 1 : 0, row[Column(builder, "is_hold")]);
            Assert.Equal(side, Math.Sign(row[Column(builder, "exposure")]));
            Assert.Equal(row[Column(builder, "exposure")] * row[Column(builder, "f02")], row[Column(builder, "exposure_x_f02")]);
        }
    }

    [Fact]
    public void BuildSibling_CandidatesOfOneContext_EqualsBuild()
    {
        PreferenceDataset data = Planted.Create(0, 100);
        FeatureBuilder builder = Fit(data);
        float[] found = new float[builder.Schema.Columns.Count];
        for (int i = 1; i < data.Candidates.Count; i++)
        {
            (SettledCandidate sibling, SettledCandidate settled) = (data.Candidates[i - 1], data.Candidates[i]);
            if (sibling.Context == settled.Context)
            {
                builder.BuildSibling(Build(builder, sibling), settled.Candidate, found);
                Assert.Equal(Build(builder, settled), found);
            }
        }
    }

    [Fact]
    public void Build_MissingValue_IsZeroWithItsIndicator()
    {
        PreferenceDataset data = Planted.Create(0, 100);
        FeatureBuilder builder = Fit(data);
        Assert.Equal(
            ["f03_missing"],
            builder.Schema.Columns.Where(c => c.Name.EndsWith("_missing", StringComparison.Ordinal)).Select(c => c.Name)
        );
        foreach (SettledCandidate settled in data.Candidates)
        {
            float[] row = Build(builder, settled);
            bool missing = settled.Context.Features["f03"] is null;
            Assert.Equal(missing ? 1 : 0, row[Column(builder, "f03_missing")]);
            Assert.Equal(missing, row[Column(builder, "f03")] == 0);
        }
    }

    [Fact]
    public void Fit_ConstantOrEmptyFeature_BecomesNoColumn()
    {
        PreferenceDataset data = With(Planted.Create(0, 50), f => f.Append(new("constant", 0.1)).Append(new("never", null)));
        FeatureBuilder builder = Fit(data);
        Assert.DoesNotContain(builder.Schema.Columns, c => c.Name.Contains("constant", StringComparison.Ordinal));
        Assert.DoesNotContain(builder.Schema.Columns, c => c.Name.Contains("never", StringComparison.Ordinal));
        Build(builder, data.Candidates[0]);
    }

    [Fact]
    public void Build_OtherNamesThanInTraining_NamesTheDifference()
    {
        PreferenceDataset data = Planted.Create(0, 50);
        FeatureBuilder builder = Fit(data);
        PreferenceDataset other = With(data, f => f.Where(p => p.Key != "f04").Append(new("rsi", 50)));
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => Build(builder, other.Candidates[0]));
        Assert.Contains("missing f04; unknown rsi", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_TrainingContextsDifferedInNames_NamesAreOptional()
    {
        PreferenceDataset data = With(Planted.Create(0, 50), (f, i) => i % 2 == 0 ? f.Append(new("extra", i * 0.01)) : f);
        FeatureBuilder builder = Fit(data);
        PreferenceDataset other = With(data, f => f.Where(p => p.Key != "f04").Append(new("rsi", 50)));
        float[] row = Build(builder, other.Candidates[0]);
        Assert.Equal(0, row[Column(builder, "f04")]);
        Assert.Contains(builder.Schema.Columns, c => c.Name == "extra_missing");
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(1e160, "1E+160")]
    [InlineData(-double.MaxValue, "-1.7976931348623157E+308")]
    public void BuildAndFit_ValueThatIsNoFeature_IsRefusedByName(double value, string shown)
    {
        PreferenceDataset data = Planted.Create(0, 50);
        FeatureBuilder builder = Fit(data);
        PreferenceDataset other = With(data, f => f.Select(p => p.Key == "f02" ? new("f02", value) : p));
        foreach (Action act in (Action[])[() => Build(builder, other.Candidates[0]), () => Fit(other)])
        {
            string message = Assert.Throws<RlaifInputException>(act).Message;
            Assert.Contains("f02", message, StringComparison.Ordinal);
            Assert.Contains($" is {shown}; a feature must be in -1e100..1e100", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Build_WildValue_IsClipped()
    {
        PreferenceDataset data = Planted.Create(0, 50);
        FeatureBuilder builder = Fit(data);
        PreferenceDataset other = With(data, f => f.Select(p => p.Key == "f02" ? new("f02", 1e9) : p));
        Assert.Equal(5, Build(builder, other.Candidates[0])[Column(builder, "f02")]);
    }

    [Fact]
    public void Fit_FeatureNamedLikeAnOwnColumn_IsRefusedByName()
    {
        PreferenceDataset data = With(Planted.Create(0, 20), f => f.Append(new("side", 1)));
        Assert.Contains("side", Assert.Throws<RlaifInputException>(() => Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireSame_OtherSchema_NamesTheDifference()
    {
        var schema = new FeatureSchema([new("a", "sd"), new("b", "sd")]);
        schema.RequireSame(new FeatureSchema([new("a", "sd"), new("b", "sd")]));
        var other = new FeatureSchema([new("a", "sd"), new("c", "sd")]);
        Assert.Contains(
            "missing b; unknown c",
            Assert.Throws<RlaifInputException>(() => schema.RequireSame(other)).Message,
            StringComparison.Ordinal
        );
        var moved = new FeatureSchema([new("b", "sd"), new("a", "sd")]);
        Assert.Contains(
            "order",
            Assert.Throws<RlaifInputException>(() => schema.RequireSame(moved)).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() => new FeatureSchema([new("a", "sd"), new("a", "flag")]));
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.0, false)]
    public void Fit_InteractionSearch_FindsWhatIsPlantedAndNothingElse(double correlation, bool planted)
    {
        var market = new PlantedPreferences
        {
            Features = 30,
            Text = 0,
            Correlation = correlation,
        };
        PreferenceDataset data = market.Create(0, 400);
        double[] weights = [.. data.Pairs.Select(p => (2 * p.Confidence) - 1)];
        FeatureBuilder builder = FeatureBuilder.Fit(data, weights, maxInteractions: 16, new WorkTeam(1));
        Assert.Equal(planted ? ["f01 f02"] : [], builder.Scaler.Interactions.Select(i => $"{i.First} {i.Second}"));
        Assert.Equal(planted, builder.Schema.Columns.Any(c => c.Name == "exposure_x_f01_x_f02"));
        float[] row = Build(builder, data.Candidates[0]);
        Assert.All(row, v => Assert.True(float.IsFinite(v)));
    }

    private static FeatureBuilder Fit(PreferenceDataset data) =>
        FeatureBuilder.Fit(data, [.. data.Pairs.Select(_ => 1.0)], maxInteractions: 0, new WorkTeam(1));

    private static float[] Build(FeatureBuilder builder, SettledCandidate settled)
    {
        float[] row = new float[builder.Schema.Columns.Count];
        builder.Build(settled.Context, settled.Candidate, row);
        return row;
    }

    private static int Column(FeatureBuilder builder, string name) =>
        builder.Schema.Columns.Select(c => c.Name).ToList().IndexOf(name);

    private static PreferenceDataset With(
        PreferenceDataset data,
        Func<IEnumerable<KeyValuePair<string, double?>>, IEnumerable<KeyValuePair<string, double?>>> change
    ) => With(data, (features, _) => change(features));

    private static PreferenceDataset With(
        PreferenceDataset data,
        Func<IEnumerable<KeyValuePair<string, double?>>, int, IEnumerable<KeyValuePair<string, double?>>> change
    )
    {
        Dictionary<string, DecisionContext> contexts = data
            .Candidates.Select(c => c.Context)
            .DistinctBy(c => c.ContextId)
            .Select((c, i) => c with { Features = new Dictionary<string, double?>(change(c.Features, i)) })
            .ToDictionary(c => c.ContextId);
        return new PreferenceDataset(data.Candidates.Select(c => c with { Context = contexts[c.Context.ContextId] }), data.Pairs);
    }
}
