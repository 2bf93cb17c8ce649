using Rlaif.Rewards;
using Rlaif.Rewards.Training;

namespace Rlaif.Tests.Rewards;

public sealed class LearningRatePlanTests
{
    private const double Rate = 0.1;

    [Fact]
    public void Rate_Plateau_IsHalvedAfterTwoEpochsWithoutBest()
    {
        LearningRatePlan plan = Plan(LearningRateSchedule.Plateau, epochs: 6, stepsPerEpoch: 2);
        double[] losses = [1.0, 0.9, 0.95, 0.9, 0.8, 0.85, double.NaN, 0];
        Assert.Equal([0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025], RatesBefore(plan, losses));
    }

    [Fact]
    public void Rate_PlateauThatLasts_IsHalvedEverySecondEpoch()
    {
        LearningRatePlan plan = Plan(LearningRateSchedule.Plateau, epochs: 7, stepsPerEpoch: 2);
        double[] losses = [1, 2, 2, 2, 2, 2, 2];
        Assert.Equal([0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025], RatesBefore(plan, losses));
    }

    [Fact]
    public void Rate_ConstantOrCosine_IsNotMovedByLosses()
    {
        double[] losses = [1, 2, 3, 4, 5];
        Assert.All(RatesBefore(Plan(LearningRateSchedule.Constant, 5, 2), losses), r => Assert.Equal(Rate, r));
        Assert.All(RatesBefore(Plan(LearningRateSchedule.Cosine, 5, 2), losses), r => Assert.Equal(Rate, r));
    }

    [Fact]
    public void Rate_Cosine_HasItsClosedForm()
    {
        // 12 steps: a quarter, a half and three quarters of the way are steps 3, 6 and 9.
        LearningRatePlan plan = Plan(LearningRateSchedule.Cosine, epochs: 3, stepsPerEpoch: 4);
        Assert.Equal(Rate, plan.Rate(0), 1e-15);
        Assert.Equal(Rate * (2 + Math.Sqrt(2)) / 4, plan.Rate(3), 1e-15);
        Assert.Equal(Rate / 2, plan.Rate(6), 1e-15);
        Assert.Equal(Rate * (2 - Math.Sqrt(2)) / 4, plan.Rate(9), 1e-15);
        Assert.Equal(Rate * (1 - Math.Cos(Math.PI / 12)) / 2, plan.Rate(11), 1e-15);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant)]
    [InlineData(LearningRateSchedule.Plateau)]
    [InlineData(LearningRateSchedule.Cosine)]
    public void Rate_Warmup_RisesInEqualStepsToTheFullRate(LearningRateSchedule schedule)
    {
        // A quarter of 12 steps.
        LearningRatePlan plan = Plan(schedule, epochs: 3, stepsPerEpoch: 4, warmup: 0.25);
        double[] rates = [.. Enumerable.Range(0, 4).Select(s => plan.Rate(s))];
        double[] expected = [Rate / 4, Rate / 2, 3 * Rate / 4, Rate];
        Assert.All(rates.Zip(expected), r => Assert.Equal(r.Second, r.First, 1e-15));
    }

    [Fact]
    public void Rate_CosineAfterWarmup_FallsOverTheRemainingSteps()
    {
        // Three steps up, then nine down: a third and two thirds of those are steps 6 and 9.
        LearningRatePlan plan = Plan(LearningRateSchedule.Cosine, epochs: 3, stepsPerEpoch: 4, warmup: 0.25);
        Assert.Equal(3 * Rate / 4, plan.Rate(6), 1e-15);
        Assert.Equal(Rate / 4, plan.Rate(9), 1e-15);
    }

    [Fact]
    public void Rate_PlateauDuringWarmup_HalvesTheRiseToo()
    {
        LearningRatePlan plan = Plan(LearningRateSchedule.Plateau, epochs: 10, stepsPerEpoch: 1, warmup: 0.5);
        Array.ForEach([1.0, 2.0, 2.0], plan.EpochEnded);
        Assert.Equal(Rate / 2 * 4 / 6, plan.Rate(3), 1e-15);
        Assert.Equal(Rate / 2, plan.Rate(5), 1e-15);
    }

    [Fact]
    public void Rate_LongTrainings_DoNotOverflow()
    {
        LearningRatePlan plan = Plan(LearningRateSchedule.Cosine, epochs: 10_000, stepsPerEpoch: 1_000_000);
        Assert.Equal(Rate / 2, plan.Rate(5_000_000_000), 1e-15);
    }

    private static LearningRatePlan Plan(LearningRateSchedule schedule, int epochs, int stepsPerEpoch, double warmup = 0)
    {
        var options = new TrainingOptions
        {
            LearningRate = Rate,
            Schedule = schedule,
            Epochs = epochs,
            WarmupFraction = warmup,
        };
        return new LearningRatePlan(options, stepsPerEpoch);
    }

    /// <summary>The rate of step 0 before each epoch's loss is taken in: what losses alone do.</summary>
    private static double[] RatesBefore(LearningRatePlan plan, double[] losses) =>
        [
            .. losses.Select(loss =>
            {
                double rate = plan.Rate(0);
                plan.EpochEnded(loss);
                return rate;
            }),
        ];
}
