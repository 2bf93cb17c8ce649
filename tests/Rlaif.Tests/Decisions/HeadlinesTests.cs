using CsCheck;
using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Tests.Decisions;

public sealed class HeadlinesTests
{
    [Theory]
    [InlineData("Acme beats \"all\" estimates", "Acme beats \"all\" estimates")]
    [InlineData("Gewinn von Müller & Söhne: +5% \U0001F680", "Gewinn von Müller & Söhne: +5% \U0001F680")]
    [InlineData(" two\r\nlines\u2028and\u2029three\u0085four\tfive ", "two lines and three four five")]
    [InlineData("be\u0007ll nul\0 esc\u001b[31m", "bell nul esc[31m")]
    [InlineData("right\u202eto\u200bleft\ufeff", "righttoleft")]
    [InlineData("\r\n\u0000", "")]
    public void Clean_Text_KeepsWordsAndDropsWhatCannotBeSeen(string text, string expected) =>
        Assert.Equal(expected, Headlines.Clean(text));

    [Fact]
    public void Clean_UnpairedSurrogate_IsDropped() => Assert.Equal("half pair", Headlines.Clean($"half {'\ud83d'} pair"));

    [Fact]
    public void Clean_LongText_IsCutWithoutSplittingACharacter()
    {
        Assert.Equal(new string('a', 160), Headlines.Clean(new string('a', 500)));
        string cut = Headlines.Clean(new string('a', 159) + "\U0001F680");
        Assert.Equal(new string('a', 159), cut);
    }

    [Fact]
    public void Clean_AnyText_IsOneShortLineAndStable()
    {
        Gen.String.Sample(text =>
        {
            string clean = Headlines.Clean(text);
            Assert.InRange(clean.Length, 0, 160);
            Assert.DoesNotContain(clean, c => char.IsControl(c) || c is '\u2028' or '\u2029');
            Assert.Equal(clean, Headlines.Clean(clean));
        });
    }

    [Fact]
    public void Quoted_ManyHeadlines_TakesTheNewestFiveOfTheLastSevenDays()
    {
        MarketSnapshot plain = SimulatedDesk.Snapshot(1, news: false);
        double[] ages = [8, 7, 6.9, 3, 0, 1, 2, 0.5, 4];
        MarketSnapshot snapshot = SimulatedDesk.Snapshot(
            1,
            news: false,
            extraNews: ages.Select(a => SimulatedDesk.Headline(plain, $"age {a}", a))
        );
        Assert.Equal(["age 0", "age 0.5", "age 1", "age 2", "age 3"], Headlines.Quoted(snapshot).Select(n => n.Headline));

        MarketSnapshot old = SimulatedDesk.Snapshot(
            1,
            news: false,
            extraNews: ages.Where(a => a > 6).Select(a => SimulatedDesk.Headline(plain, $"age {a}", a))
        );
        Assert.Equal(["age 6.9"], Headlines.Quoted(old).Select(n => n.Headline));
    }
}
