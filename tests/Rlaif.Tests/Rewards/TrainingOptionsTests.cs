using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Rewards;

namespace Rlaif.Tests.Rewards;

public sealed class TrainingOptionsTests
{
    public static TheoryData<string> Ranged =>
        [.. typeof(TrainingOptions).GetProperties().Where(p => p.IsDefined(typeof(RangeAttribute))).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Ranged))]
    public void Validated_BeyondEitherEnd_NamesTheFieldAndItsRange(string name)
    {
        PropertyInfo property = typeof(TrainingOptions).GetProperty(name)!;
        RangeAttribute range = property.GetCustomAttribute<RangeAttribute>()!;
        Set(property, range.Minimum).Validated();
        Set(property, range.Maximum).Validated();
        object[] bad =
            property.PropertyType == typeof(double)
                ? [(double)range.Minimum - 0.01, (double)range.Maximum + 0.01, double.NaN, double.PositiveInfinity]
                : [(int)range.Minimum - 1, (int)range.Maximum + 1];
        foreach (object value in bad)
        {
            RlaifInputException error = Assert.Throws<RlaifInputException>(() => Set(property, value).Validated());
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains($"{range.Maximum}", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validated_SmoothingAndRobust_ExcludeEachOther()
    {
        new TrainingOptions { LabelSmoothing = 0.1 }.Validated();
        new TrainingOptions { FlipProbability = 0.1 }.Validated();
        string message = Assert
            .Throws<RlaifInputException>(() => new TrainingOptions { LabelSmoothing = 0.1, FlipProbability = 0.1 }.Validated())
            .Message;
        Assert.Contains("FlipProbability and LabelSmoothing exclude each other", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validated_MarginsOfAClassifier_AreRefused()
    {
        new TrainingOptions { Margins = true }.Validated();
        new TrainingOptions { Objective = TrainingObjective.Classification }.Validated();
        string message = Assert
            .Throws<RlaifInputException>(() =>
                new TrainingOptions { Margins = true, Objective = TrainingObjective.Classification }.Validated()
            )
            .Message;
        Assert.Contains("Margins must be false", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Trainer_BadFieldsInBothRecords_AreAllReportedTogether()
    {
        var model = new RewardModelOptions
        {
            HiddenDims = [],
            NumericalDim = 0,
            TextDim = 0,
            Device = "cuda",
            Dropout = 1,
        };
        var training = new TrainingOptions
        {
            Objective = (TrainingObjective)9,
            Schedule = (LearningRateSchedule)9,
            LearningRate = 0,
            WarmupFraction = 1,
            LabelSmoothing = 0.1,
            FlipProbability = 0.6,
        };
        string[] lines = Assert
            .Throws<RlaifInputException>(() => new RewardModelTrainer(model, new HashedTextEncoder(), training))
            .Message.Split(Environment.NewLine);
        string[] expected =
        [
            "RewardModelOptions",
            "HiddenDims",
            "NumericalDim",
            "TextDim",
            "Device must be \"cpu\"",
            "Dropout",
            "TrainingOptions",
            "Objective",
            "Schedule",
            "LearningRate",
            "WarmupFraction",
            "FlipProbability must be",
            "exclude each other",
        ];
        Assert.Equal(expected.Length, lines.Length);
        Assert.All(expected, words => Assert.Single(lines, l => l.Contains(words, StringComparison.Ordinal)));
    }

    private static TrainingOptions Set(PropertyInfo property, object value)
    {
        var options = new TrainingOptions();
        property.SetValue(options, value);
        return options;
    }
}
