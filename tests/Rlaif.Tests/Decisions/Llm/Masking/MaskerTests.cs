using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Tests.Decisions.Llm.Masking;

public sealed class MaskerTests
{
    [Theory]
    [InlineData("AAPL rises", "ASSET rises")]
    [InlineData("Buy $AAPL now", "Buy ASSET now")]
    [InlineData("aapl calls, #AAPL", "ASSET calls, ASSET")]
    [InlineData("Apple Inc. (NASDAQ: AAPL) jumps", "ASSET (ASSET) jumps")]
    [InlineData("Apple (AAPL.US) jumps", "ASSET (ASSET) jumps")]
    [InlineData("Apple's iPhone and APPLE\u2019S Tim Cook", "ASSET's ASSET and ASSET\u2019S ASSET")]
    [InlineData("A pineapple, an apple and Apples", "A pineapple, an apple and Apples")]
    [InlineData("S&P 500 and SPY fall", "INDEX and INDEX fall")]
    [InlineData("Applebee's", "Applebee's")]
    public void Text_DecidedCompany_IsTheAsset(string text, string expected) =>
        Assert.Equal(expected, MaskedMoment.Masker().Text(text));

    [Theory]
    [InlineData("Microsoft Corporation", "MSFT")]
    [InlineData("MSFT", "MSFT")]
    [InlineData("JPMorgan Chase & Co.", "JPM")]
    [InlineData("J.P. Morgan", "JPM")]
    [InlineData("AT&T", "T")]
    [InlineData("(T)", "(T)")]
    [InlineData("$F", "F")]
    [InlineData("NYSE:F", "F")]
    [InlineData("Coca Cola", "KO")]
    [InlineData("McDonald's", "MCD")]
    [InlineData("Target Corp.", "TGT")]
    [InlineData("GOOG", "GOOGL")]
    [InlineData("ZZZ", "ZZZ")]
    [InlineData("Berkshire Hathaway", "BRK-B")]
    [InlineData("BRK.A", "BRK-B")]
    [InlineData("ChatGPT", "OpenAI")]
    [InlineData("3M Co.", "MMM")]
    public void Text_OtherCompany_HasALetterAndIsRestoredToItsTicker(string name, string restored)
    {
        Masker masker = MaskedMoment.Masker();
        string masked = masker.Text(name);
        Assert.Matches("^[(]?ASSET-[A-Z]+[)]?$", masked);
        Assert.Equal(restored, masker.Restore(masked));
    }

    [Theory]
    [InlineData("Target prices rise in all sectors")]
    [InlineData("IT spending, A better way, ALL eyes ON F words")]
    [InlineData("Square deal, Block trade, Snap decision")]
    [InlineData("T bills")]
    [InlineData("$3M raised")]
    public void Text_OrdinaryWord_StaysUnlessItsFormSaysTicker(string text)
    {
        string masked = MaskedMoment.Masker().Text(text);
        Assert.DoesNotContain("ASSET", masked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("F", "F falls, Ford rallies", "ASSET falls, ASSET rallies")]
    [InlineData("TGT", "Target cuts outlook; target price", "ASSET cuts outlook; target price")]
    [InlineData("AAA", "AAA gains, Aaa too", "ASSET gains, ASSET too")]
    [InlineData("BRK-B", "BRK.B, BRK-B and Berkshire", "ASSET, ASSET and ASSET")]
    [InlineData("SPY", "S&P 500 (SPY)", "ASSET (ASSET)")]
    [InlineData("600028.SH", "600028.SH up", "ASSET up")]
    public void Text_AnyDecidedSymbol_IsTheAsset(string symbol, string text, string expected) =>
        Assert.Equal(expected, MaskedMoment.Masker(symbol).Text(text));

    [Fact]
    public void Text_NamedBenchmark_IsTheIndex()
    {
        Masker masker = MaskedMoment.Masker(benchmark: "MARKET");
        Assert.Equal("INDEX", masker.Text("MARKET"));
        Assert.Equal("MARKET", masker.Restore("INDEX"));
    }

    [Theory]
    [InlineData("2024-06-28", "day 0")]
    [InlineData("2024-06-16T14:30", "day -12 14:30")]
    [InlineData("2024/07/03", "day +5")]
    [InlineData("20240627", "day -1")]
    [InlineData("June 27, 2024", "day -1")]
    [InlineData("Jun. 27th", "day -1")]
    [InlineData("JUNE 27", "day -1")]
    [InlineData("27 June 2024", "day -1")]
    [InlineData("27th of June", "day -1")]
    [InlineData("27-Jun-24", "day -1")]
    [InlineData("6/27/2024", "day -1")]
    [InlineData("27/6/24", "day -1")]
    [InlineData("27.06.2024", "day -1")]
    [InlineData("June 24-28", "day -4 to day 0")]
    [InlineData("Dec. 31", "day -180")]
    [InlineData("April 2024", "month -2")]
    [InlineData("2024-04", "month -2")]
    [InlineData("in April", "in month -2")]
    [InlineData("since May", "since month -1")]
    [InlineData("May Apple march on", "May ASSET march on")]
    [InlineData("10 May 2024", "day -49")]
    [InlineData("Q2 2024", "Q0")]
    [InlineData("Q4 FY23", "Q-2")]
    [InlineData("1Q24", "Q-1")]
    [InlineData("2023Q1", "Q-5")]
    [InlineData("Q1 earnings", "Q-1 earnings")]
    [InlineData("first quarter of 2024", "Q-1")]
    [InlineData("FY2025", "year +1")]
    [InlineData("fiscal 2023", "year -1")]
    [InlineData("1H24", "1H year 0")]
    [InlineData("2023-24", "year -1 to year 0")]
    [InlineData("the 1990s", "the decade -3")]
    [InlineData("in 2008,", "in year -16,")]
    [InlineData("on Friday at 10:30", "on Friday at 10:30")]
    [InlineData("12,024 jobs, 2024% and 1.2024", "12,024 jobs, 2024% and 1.2024")]
    [InlineData("Mar-a-Lago", "Mar-a-Lago")]
    [InlineData("2024-13-45", "year 0-13-45")]
    public void Text_Date_IsADistance(string text, string expected) => Assert.Equal(expected, MaskedMoment.Masker().Text(text));

    [Theory]
    [InlineData("at $200.00", "at idx 100")]
    [InlineData("US$210", "idx 105")]
    [InlineData("USD 210", "idx 105")]
    [InlineData("190 dollars", "idx 95 dollars")]
    [InlineData("$180-190", "idx 90-idx 95")]
    [InlineData("EPS of $1.53 a share", "EPS of idx 0.765 a share")]
    [InlineData("a 24 cents dividend", "a idx 0.12 dividend")]
    [InlineData("$2.5 billion", "idx 1.25 billion")]
    [InlineData("$400M", "idx 200M")]
    [InlineData("price target of 225", "price target of idx 112.5")]
    [InlineData("closed at 187.20", "closed at idx 93.6")]
    [InlineData("fell to 187.20 on volume", "fell to idx 93.6 on volume")]
    [InlineData("- Last close: 187.20", "- Last close: idx 93.6")]
    [InlineData("support near 180", "support near idx 90")]
    [InlineData("the Dow hits 20,000", "the DOW hits idx 10000")]
    [InlineData("up 42% to 3% of 187 stores", "up 42% to 3% of 187 stores")]
    [InlineData("RSI fell to 62.26", "RSI fell to 62.26")]
    [InlineData("200-day average, at 10 a.m., 5.2 million shares", "200-day average, at 10 a.m., 5.2 million shares")]
    [InlineData("A380, v1.2.3", "A380, v1.2.3")]
    public void Text_Money_IsALevel(string text, string expected)
    {
        Masker masker = MaskedMoment.Masker();
        Assert.Equal(expected, masker.Text(text).Replace(masker.Text("Dow"), "DOW", StringComparison.Ordinal));
    }

    [Fact]
    public void Text_Link_IsLeftOut() =>
        Assert.Equal("see (link) now", MaskedMoment.Masker().Text("see https://x.com/2024/06/28/apple-aapl-jumps now"));

    [Fact]
    public void Restore_Reply_HasTrueNamesDatesAndLevels() =>
        Assert.Equal(
            "AAPL beat MSFT on 2024-06-16; stop at $190.00, target $220.00-$230.00, cash $2.5 billion, since April 2024, Q1 2024 and 2023.",
            MaskedMoment
                .Masker()
                .Restore(
                    $"ASSET beat {MaskedMoment.Masker().Text("MSFT")} on day -12; stop at idx 95, target idx 110-115, cash idx 1.25 billion, since month -2, Q-1 and year -1."
                )
        );

    [Theory]
    [InlineData("ASSET-BACKED and ASSETS")]
    [InlineData("day 5, day -9999999, year -9999")]
    [InlineData("idx, idx x, INDEXED")]
    public void Restore_NoToken_LeavesTheText(string text) => Assert.Equal(text, MaskedMoment.Masker().Restore(text));

    [Fact]
    public void PriceAndDate_Moment_AreDistancesAndLevels()
    {
        Masker masker = MaskedMoment.Masker();
        Assert.Equal("idx 100", masker.Price(200m));
        Assert.Equal("idx 103.405", masker.Price(206.81m));
        Assert.Equal("day -12", masker.Date(MaskedMoment.AsOf.AddDays(-12)));
        Assert.Equal("ASSET", masker.Symbol);
        Assert.Contains("idx 100", masker.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void None_Anything_StaysAsItIs()
    {
        Masker none = Masker.None(MaskedMoment.Snapshot());
        const string Text = "Apple (AAPL) at $187.20 on 2024-06-28, ASSET day -12 idx 3";
        Assert.Equal(Text, none.Text(Text));
        Assert.Equal(Text, none.Restore(Text));
        Assert.Equal("187.20", none.Price(187.2m));
        Assert.Equal("2024-06-28", none.Date(MaskedMoment.AsOf));
        Assert.Equal("AAPL", none.Symbol);
        Assert.Equal(string.Empty, none.Note);
        Assert.False(none.IsMasking);
    }

    [Fact]
    public void Text_AnotherMoment_DealsOtherLetters()
    {
        string first = MaskedMoment.Masker().Text("Microsoft, Nvidia, Intel, Pfizer");
        string again = MaskedMoment.Masker().Text("Microsoft, Nvidia, Intel, Pfizer");
        string later = MaskedMoment.Masker(asOf: MaskedMoment.AsOf.AddDays(7)).Text("Microsoft, Nvidia, Intel, Pfizer");
        Assert.Equal(first, again);
        Assert.NotEqual(first, later);
    }
}
