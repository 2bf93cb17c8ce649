using Rlaif.Core;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif.Tests;

public sealed class LearningOptionsTests
{
    [Fact]
    public void RequireValid_Defaults_Pass() => new LearningOptions().RequireValid();

    [Fact]
    public void RequireValid_OneBadKnobPerStage_NamesThemAll()
    {
        var options = new LearningOptions
        {
            EverySessions = 0,
            Settlement = new SettlementOptions { HoldDays = 0 },
            Preferences = new PreferenceOptions { MinSamples = 0 },
            Split = new PurgedSplitOptions { ValidationFraction = 2 },
            Model = new RewardModelOptions { Device = "cuda" },
            Training = new TrainingOptions { Epochs = 0 },
        };
        string message = Assert.Throws<RlaifInputException>(options.RequireValid).Message;
        string[] names = ["EverySessions", "HoldDays", "MinSamples", "ValidationFraction", "Device", "Epochs"];
        Assert.All(names, name => Assert.Contains(name, message, StringComparison.Ordinal));
    }
}
