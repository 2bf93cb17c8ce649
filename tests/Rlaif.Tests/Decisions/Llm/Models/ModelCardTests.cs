using CsCheck;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

public sealed class ModelCardTests
{
    private static readonly ModelCard Card = new()
    {
        Provider = "claude",
        Model = "test",
        InputUsd = 4,
        OutputUsd = 20,
        CachedInputUsd = 0.2,
        CacheWriteUsd = 5,
    };

    private static readonly ModelCard[] Cards = [Card, .. ModelTable.Load().Rows];

    [Fact]
    public void CostUsd_CachedAndWritten_EachAtItsPrice()
    {
        double? cost = Card.CostUsd(new TokenUsage(1_000_000, 100_000, CachedInput: 600_000, CacheWrite: 300_000));
        Assert.Equal((0.1 * 4) + (0.6 * 0.2) + (0.3 * 5) + (0.1 * 20), cost!.Value, 12);
    }

    [Fact]
    public void CostUsd_NoPricesOfTheCache_CountsAsInput() =>
        Assert.Equal(
            4.0,
            (Card with { CachedInputUsd = null, CacheWriteUsd = null })
                .CostUsd(new TokenUsage(1_000_000, 0, 400_000, 500_000))!
                .Value,
            12
        );

    [Fact]
    public void CostUsd_UnknownPrice_IsUnknown()
    {
        Assert.Null((Card with { InputUsd = null }).CostUsd(new TokenUsage(1, 1)));
        Assert.Null((Card with { OutputUsd = null }).CostUsd(new TokenUsage(1, 1)));
        Assert.Null((Card with { OutputUsd = null }).WorstCaseUsd(1, 1));
        Assert.Equal(
            0.0,
            (Card with { InputUsd = 0, OutputUsd = 0, CachedInputUsd = 0, CacheWriteUsd = 0 }).CostUsd(new TokenUsage(5, 5))
        );
    }

    [Fact]
    public void CostUsd_LongPrompt_AllTokensAtThePricesOfLongPrompts()
    {
        ModelCard haiku = ModelTable.Load().Find("claude", "claude-haiku-5-5")!;
        Assert.Equal(0.01, haiku.CostUsd(new TokenUsage(100_000, 0))!.Value, 12);
        Assert.Equal(100_001 * 0.5 / 1e6, haiku.CostUsd(new TokenUsage(100_001, 0))!.Value, 12);
        Assert.Equal(
            ((50_001 * 0.5) + (100_000 * 0.05) + (50_000 * 0.625) + (1000 * 2.5)) / 1e6,
            haiku.CostUsd(new TokenUsage(200_001, 1000, 100_000, 50_000))!.Value,
            12
        );
    }

    [Fact]
    public void WorstCaseUsd_AnyUsageWithinIt_CostsNoMore() =>
        Gen.Select(
                Gen.Int[0, 600_000],
                Gen.Int[0, 100_000],
                Gen.Double[0, 1],
                Gen.Double[0, 1],
                Gen.Double[0, 1],
                Gen.Int[0, Cards.Length - 1]
            )
            .Sample(
                (input, output, share, cached, written, row) =>
                {
                    ModelCard card = Cards[row];
                    long used = (long)(input * share);
                    long fromCache = (long)(used * cached);
                    var usage = new TokenUsage(used, (long)(output * share), fromCache, (long)((used - fromCache) * written));
                    Assert.True(card.CostUsd(usage) <= card.WorstCaseUsd(input, output) + 1e-12, $"{card.Model} {usage}");
                },
                iter: 2000
            );
}
