using CsCheck;
using Rlaif.Data.Text;
using Rlaif.Rewards;

namespace Rlaif.Tests.Data.Text;

public sealed class HashedTextEncoderTests
{
    private static readonly HashedTextEncoder Encoder = new();

    [Fact]
    public void Encode_AnyText_HasUnitLengthOrIsZero() =>
        Gen.String.Sample(
            text =>
            {
                double norm = Math.Sqrt(Encode(text).Sum(v => (double)v * v));
                Assert.Equal(text.Any(c => char.IsLetter(c) || char.IsAsciiDigit(c)) ? 1 : 0, norm, 1e-6);
            },
            iter: 500
        );

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ...")]
    public void Encode_NoTokens_IsZero(string text) => Assert.All(Encode(text), v => Assert.Equal(0, v));

    [Theory]
    [InlineData("Shares ROSE sharply", "shares rose, sharply!")]
    [InlineData("up 3.1% after 1,200 orders", "up 47% after 9 orders")]
    [InlineData("don't sell", "don\u2019t sell")]
    [InlineData("it said 'buy' loudly", "it said \"buy\" loudly")]
    [InlineData("down -2.5 points", "down -7 points")]
    public void Encode_SameWordsInOtherDress_IsEqual(string a, string b) => Assert.Equal(Encode(a), Encode(b));

    [Theory]
    [InlineData("guidance raised", "raised guidance")]
    [InlineData("up 3%", "up 3")]
    [InlineData("returned 3%", "returned -3%")]
    [InlineData("sell", "buy")]
    public void Encode_OtherMeaning_Differs(string a, string b) => Assert.NotEqual(Encode(a), Encode(b));

    [Fact]
    public void Encode_HyphenBetweenWords_IsNoMinus() => Assert.Equal(Encode("top 10 5 day"), Encode("top 10-5 day"));

    [Fact]
    public void Encode_RepeatedWord_GrowsByTheLogarithm()
    {
        // One token a thousand times: the pair (a, a) 999 times; both components are 1 + ln(count).
        float[] vector = Encode(string.Join(' ', Enumerable.Repeat("profit", 1000)));
        double[] parts = [.. vector.Where(v => v != 0).Select(v => Math.Abs((double)v)).Order()];
        Assert.Equal(2, parts.Length);
        Assert.Equal((1 + Math.Log(999)) / (1 + Math.Log(1000)), parts[0] / parts[1], 1e-6);
    }

    [Fact]
    public void Encode_KnownText_KeepsItsVectorForEver()
    {
        // From an independent implementation in another language.
        double[] expected =
        [
            0.0,
            -0.2425,
            -0.2425,
            0.0,
            0.0,
            0.0,
            -0.2425,
            0.0,
            -0.2425,
            0.0,
            0.0,
            0.0,
            0.0,
            -0.4851,
            -0.2425,
            -0.2425,
            0.0,
            0.0,
            -0.2425,
            -0.2425,
            0.4851,
            0.0,
            0.0,
            -0.2425,
        ];
        float[] vector = new float[expected.Length];
        new HashedTextEncoder(expected.Length).Encode(
            "Apple raises guidance by 5%; shares don't fall, they rose -2.5% (up)",
            vector
        );
        Assert.Equal(expected, vector.Select(v => Math.Round((double)v, 4)));
    }

    [Fact]
    public void Encode_ManyWords_SpreadsOverSignsAndDimensions()
    {
        float[] vector = Encode(string.Join(". ", Enumerable.Range(0, 400).Select(i => $"w{i}")));
        Assert.Equal(0.5, vector.Count(v => v > 0) / (double)vector.Count(v => v != 0), 0.08);
        Assert.InRange(vector.Count(v => v != 0), 400, 700);
    }

    [Fact]
    public void Id_NamesVersionAndDimensions()
    {
        Assert.Equal("hashed-ngram-v1/768", Encoder.Id);
        Assert.Equal(768, Encoder.Dimensions);
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashedTextEncoder(0));
        Assert.Throws<ArgumentException>(() => Encoder.Encode("x", new float[767]));
    }

    [Fact]
    public void Encode_Again_AllocatesNothing()
    {
        string text = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"word{i % 50} rose {i}%"));
        float[] vector = new float[768];
        Encoder.Encode(text, vector);
        // When memory is scarce the runtime empties the pools that the encoder borrows from; one that allocates does so in each round.
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Encoder.Encode(text, vector);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void CachedTextEncoder_FullOrNot_GivesTheSameVectors()
    {
        var cached = new CachedTextEncoder(Encoder, capacity: 2);
        Assert.Equal(Encoder.Id, cached.Id);
        foreach (string text in (string[])["one", "two", "one", "three", "two", "one"])
        {
            float[] vector = new float[768];
            cached.Encode(text, vector);
            Assert.Equal(Encode(text), vector);
        }
    }

    private static float[] Encode(string text)
    {
        float[] vector = new float[Encoder.Dimensions];
        Encoder.Encode(text, vector);
        return vector;
    }
}
