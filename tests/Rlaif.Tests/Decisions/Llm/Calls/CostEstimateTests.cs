using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Tests.Decisions.Llm.Calls;

public sealed class CostEstimateTests
{
    private static readonly PlannedCalls[] Plan =
    [
        new(ModelRole.Technical, Calls: 100, InputTokens: 2_000, OutputTokens: 400),
        new(ModelRole.Manager, Calls: 50, InputTokens: 3_000, OutputTokens: 600),
    ];

    [Fact]
    public void Of_Plan_AddsUpFromAssumedToFullReplies()
    {
        CostEstimate estimate = CostEstimate.Of(CallFixture.Roster(null), Plan);
        Assert.Equal(150, estimate.Calls);
        Assert.Equal(350_000 + 70_000, estimate.LowTokens);
        Assert.Equal(350_000 + 150_000, estimate.HighTokens);
        Assert.Equal(0.35m + 0.35m, estimate.LowUsd);
        Assert.Equal(0.35m + 0.75m, estimate.HighUsd);
        Assert.Empty(estimate.Unpriced);
    }

    [Fact]
    public void Of_PriceUnknown_IsNoFigureButAName()
    {
        CostEstimate estimate = CostEstimate.Of(CallFixture.Roster(null, card: CallFixture.Card with { InputUsd = null }), Plan);
        Assert.Null(estimate.LowUsd);
        Assert.Null(estimate.HighUsd);
        Assert.Equal(["claude/test-model"], estimate.Unpriced);
        Assert.Equal(420_000, estimate.LowTokens);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abcdefg", 2)]
    [InlineData("ééééééé", 4)]
    public void Tokens_Text_GoesByItsBytes(string text, int expected) => Assert.Equal(expected, CostEstimate.Tokens(text));
}
