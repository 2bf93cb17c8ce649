using System.Globalization;
using Rlaif.Data;
using Rlaif.Data.Text;
using Rlaif.Decisions.Llm.Memory;

namespace Rlaif.Tests.Decisions.Llm.Memory;

public sealed class SituationTests
{
    [Fact]
    public void Of_Features_SaysThemInWords()
    {
        var features = new Dictionary<string, double?>
        {
            ["return_5"] = 0.09,
            ["volatility_20"] = 0.02,
            ["volatility_60"] = 0.02,
            ["momentum_20"] = -0.9,
            ["distance_sma_200"] = -0.3,
            ["drawdown_250"] = -0.3,
            ["rsi_14"] = 75,
            ["earnings_yield"] = -0.01,
            ["news_sentiment_7"] = -0.4,
            ["momentum_60"] = null,
            ["debt_to_equity"] = double.NaN,
        };
        Assert.Equal(
            "week soaring; month falling; long average far beneath; high of the year far away; daily swing usual; oscillator overbought; "
                + "earnings yield loss; news bad tone",
            Situation.Of(features)
        );
    }

    [Fact]
    public void Of_NothingKnown_SaysSo() => Assert.Equal("nothing is known", Situation.Of(new Dictionary<string, double?>()));

    [Fact]
    public void Of_AnySnapshot_NamesNoSymbolAndNoFigureAndIsThatOfTheFeatures()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            MarketSnapshot snapshot = SimulatedDesk.Snapshot(seed);
            string situation = Situation.Of(snapshot);
            Assert.Equal(situation, Situation.Of(snapshot.Features));
            Assert.DoesNotContain(SimulatedDesk.Symbol, situation, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(situation, char.IsDigit);
        }
    }

    [Fact]
    public void Of_AnotherFuture_IsTheSame()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(
                Situation.Of(SimulatedDesk.Snapshot(seed, futureSeed: 1)),
                Situation.Of(SimulatedDesk.Snapshot(seed, futureSeed: 2))
            );
        }
    }

    [Fact]
    public void Of_CommaCulture_IsTheSame()
    {
        string expected = Situation.Of(SimulatedDesk.Snapshot(1));
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = culture;
        Assert.Equal(expected, Situation.Of(SimulatedDesk.Snapshot(1)));
    }

    [Fact]
    public void Of_RisingAndFallingTape_IsAlikeToItsOwnKind()
    {
        double up = Similarity(Tape(0.05, 1.2), Tape(0.04, 0.8));
        double down = Similarity(Tape(0.05, 1.2), Tape(-0.05, -1.2));
        Assert.True(up > down + 0.2, $"{up:0.000} is not clearly above {down:0.000}");
    }

    private static string Tape(double week, double momentum) =>
        Situation.Of(
            new Dictionary<string, double?>
            {
                ["return_5"] = week,
                ["volatility_20"] = 0.015,
                ["momentum_20"] = momentum,
                ["momentum_60"] = momentum,
            }
        );

    private static double Similarity(string a, string b)
    {
        var encoder = new HashedTextEncoder();
        var (x, y) = (new float[encoder.Dimensions], new float[encoder.Dimensions]);
        encoder.Encode(a, x);
        encoder.Encode(b, y);
        return x.Zip(y, (p, q) => (double)p * q).Sum();
    }
}
