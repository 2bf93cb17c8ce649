using System.Text.Json;
using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Validation;

namespace Rlaif.Tests.Validation;

public sealed class PairedComparisonTests
{
    private static SettledCandidate[] Arm(int contexts, DeterministicRandom random, double edge = 0) =>
        [
            .. Enumerable
                .Range(0, contexts)
                .Select(i => SettledData.Candidate("A", i, netReturn: edge + (0.02 * random.NextGaussian()), hold: 1)),
        ];

    [Fact]
    public void Compare_HandComputedArms_GivesMeansOfSizeTimesNetReturn()
    {
        SettledCandidate[] baseline = [SettledData.Candidate("A", 0, 0.02, 0.5), SettledData.Candidate("A", 1, -0.04, 0.25)];
        SettledCandidate[] improved =
        [
            SettledData.Candidate("A", 1, 0.04, 0.25),
            SettledData.Candidate("A", 0, 0.02, 0.5),
            SettledData.Candidate("B", 0, 1),
        ];
        PairedComparison comparison = PairedComparison.Compare(baseline, improved, new DeterministicRandom(1));
        Assert.Equal(0, comparison.BaselineMean, 1e-15);
        Assert.Equal(0.01, comparison.ImprovedMean, 1e-15);
        Assert.Equal(0.01, comparison.Difference, 1e-15);
        Assert.Equal((2, 1, 1), (comparison.Decisions, comparison.Unpaired, comparison.Different));
        Assert.Equal(Verdict.NotEnoughEvidence, comparison.Verdict);
    }

    // Null control: the same arm twice.
    [Fact]
    public void Compare_IdenticalArms_DifferByZeroWithoutEvidence()
    {
        SettledCandidate[] arm = Arm(60, new DeterministicRandom(2));
        PairedComparison comparison = PairedComparison.Compare(arm, arm, new DeterministicRandom(1));
        Assert.Equal(0, comparison.Difference);
        Assert.Equal(1, comparison.PValue);
        Assert.Null(comparison.NeededDecisions);
        Assert.Equal(
            "not enough evidence: 0.000% of equity per decision [0.000%, 0.000%], the arms did not differ",
            comparison.Sentence
        );
    }

    // Null control: two arms without a difference in truth.
    [Fact]
    public void Compare_ArmsWithoutATrueDifference_ClaimOneAtTheNominalRateOnly()
    {
        const int Repetitions = 300;
        var root = new DeterministicRandom(31);
        int claims = Enumerable
            .Range(0, Repetitions)
            .Count(r =>
                PairedComparison.Compare(Arm(80, root.Fork($"a{r}")), Arm(80, root.Fork($"b{r}")), root.Fork($"boot{r}")).Verdict
                != Verdict.NotEnoughEvidence
            );
        // 5% of 300 is 15 with a standard deviation of 3.8.
        Assert.InRange(claims, 4, 27);
    }

    [Theory]
    [InlineData(0.02, Verdict.Improved, "improved: +0.1")]
    [InlineData(-0.02, Verdict.Worse, "worse: -0.2")]
    public void Compare_ClearDifference_IsClaimed(double edge, Verdict expected, string sentence)
    {
        var root = new DeterministicRandom(6);
        PairedComparison comparison = PairedComparison.Compare(Arm(100, root.Fork("a")), Arm(100, root.Fork("b"), edge), root);
        Assert.Equal(expected, comparison.Verdict);
        Assert.StartsWith(sentence, comparison.Sentence, StringComparison.Ordinal);
        Assert.EndsWith("%]", comparison.Sentence, StringComparison.Ordinal);
        Assert.True(comparison.PValue < 0.05);
    }

    [Fact]
    public void Sentence_WithoutEvidence_SaysHowMuchMoreIsNeeded()
    {
        var comparison = new PairedComparison
        {
            Decisions = 400,
            Unpaired = 0,
            Different = 300,
            BaselineMean = 0,
            ImprovedMean = 0.00011,
            Difference = 0.00011,
            Interval = new BootstrapInterval(0.00011, -0.00008, 0.00031, 0.95, 0.0001, 0.26, 400, 100),
            NeededDecisions = 1281,
        };
        Assert.Equal(
            "not enough evidence: +0.011% of equity per decision [-0.008%, +0.031%], about 890 more decisions needed",
            comparison.Sentence
        );
    }

    [Fact]
    public void NeededDecisions_SmallEdge_IsAboutWhatThePowerFormulaSays()
    {
        var root = new DeterministicRandom(8);
        SettledCandidate[] baseline = Arm(300, root.Fork("a"));
        SettledCandidate[] improved = Arm(300, root.Fork("b"), 0.001);
        PairedComparison comparison = PairedComparison.Compare(baseline, improved, root);
        double[] differences =
        [
            .. baseline.Zip(improved, (a, b) => PairedComparison.Contribution(b) - PairedComparison.Contribution(a)),
        ];
        double ratio = 2.8016 * ReturnStatistics.StandardDeviation(differences)!.Value / comparison.Difference;
        Assert.Equal(ratio * ratio, comparison.NeededDecisions!.Value, 0.1 * ratio * ratio);
    }

    [Fact]
    public void Verdict_AsJson_HasTheExactTexts()
    {
        Assert.Equal(
            """["improved","not enough evidence","worse"]""",
            JsonSerializer.Serialize(new[] { Verdict.Improved, Verdict.NotEnoughEvidence, Verdict.Worse }, RlaifJson.Compact)
        );
        Assert.All(
            Enum.GetValues<Verdict>(),
            v => Assert.Equal($"\"{v.ToText()}\"", JsonSerializer.Serialize(v, RlaifJson.Compact))
        );
    }

    [Fact]
    public void Compare_TwiceTheSameMomentOrNothingInCommon_Throws()
    {
        SettledCandidate one = SettledData.Candidate("A", 0);
        var random = new DeterministicRandom(1);
        Assert.Throws<ArgumentException>(() => PairedComparison.Compare([one, one], [one], random));
        Assert.Throws<NotEnoughDataException>(() => PairedComparison.Compare([one], [SettledData.Candidate("B", 0)], random));
    }

    [Fact]
    public void Improvement_TrueExpectation_IsTheBestChoiceAgainstTheFirst()
    {
        SettledCandidate[] candidates =
        [
            .. Enumerable
                .Range(0, 30)
                .SelectMany(s =>
                    Enumerable.Range(0, 3).Select(i => SettledData.Candidate("A", s, 0.01 * ((i + s) % 3), index: i))
                ),
        ];
        PairedComparison attainable = Attainable.Improvement(candidates, c => c.Outcome.NetReturn, new DeterministicRandom(1));
        Assert.Equal(0.1 * 0.01, attainable.Difference, 1e-12);
        Assert.Equal(Verdict.Improved, attainable.Verdict);
        Assert.Equal(0, Attainable.Improvement(candidates, _ => 0, new DeterministicRandom(1)).Difference);
    }
}
