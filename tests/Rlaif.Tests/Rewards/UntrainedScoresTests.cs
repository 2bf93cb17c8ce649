using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Rewards.Baselines;
using Rlaif.Tests.Preferences;

namespace Rlaif.Tests.Rewards;

public sealed class UntrainedScoresTests
{
    [Fact]
    public void SmallerPosition_PrefersTheSmallerOne() =>
        Assert.True(ScoreOf("smaller_position", TradeAction.Buy, 0.02) > ScoreOf("smaller_position", TradeAction.Buy, 0.05));

    [Fact]
    public void Coin_PrefersNone() =>
        Assert.Equal(ScoreOf("coin", TradeAction.Buy, 0.05), ScoreOf("coin", TradeAction.Sell, 0.02));

    [Theory]
    [InlineData("agent_score")]
    [InlineData("momentum")]
    [InlineData("reversal")]
    public void OfASide_BuyAndSellAreOpposite(string name) =>
        Assert.Equal(-ScoreOf(name, TradeAction.Sell, 0.05), ScoreOf(name, TradeAction.Buy, 0.05));

    private static double ScoreOf(string name, TradeAction action, double size)
    {
        SettledCandidate any = SettledSamples.Single("AAPL", 0, action, 0.05, size);
        return UntrainedScores.All[name](any);
    }
}
