using Rlaif.Data.News;

namespace Rlaif.Tests.Data.News;

public sealed class SentimentLexiconTests
{
    // Valences: abandon -2, bankruptcy -3, crashing -2, superb 5, raises 1, don't -1, naïve -2, ability 2.
    [Theory]
    [InlineData("", 0)]
    [InlineData("the of 42 !!", 0)]
    [InlineData("bankruptcy", -0.6)]
    [InlineData("superb", 1)]
    [InlineData("BANKRUPTCY: crashing!", -0.5)]
    [InlineData("The company raises capital; the ability is superb", 8.0 / 15)]
    [InlineData("don't", -0.2)]
    [InlineData("don\u2019t", -0.2)]
    [InlineData("'superb'", 1)]
    [InlineData("NA\u00CFVE", -0.4)]
    [InlineData("abandon/bankruptcy", -0.5)]
    [InlineData("bankruptcy2", -0.6)]
    [InlineData("xbankruptcyx", 0)]
    [InlineData("' '' '''", 0)]
    public void Score_Text_IsMeanValenceOfListedWords(string text, double expected) =>
        Assert.Equal(expected, SentimentLexicon.Score(text), 12);

    [Fact]
    public void Score_VeryLongWord_IsNotListed() => Assert.Equal(0, SentimentLexicon.Score(new string('a', 10_000)));

    [Fact]
    public void Score_ManyThreads_AgreesWithOne()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? "record profit" : "lawsuit and bankruptcy fears")];
        double[] expected = [.. texts.Select(SentimentLexicon.Score)];

        Assert.Equal(expected, texts.AsParallel().AsOrdered().Select(SentimentLexicon.Score));
    }
}
