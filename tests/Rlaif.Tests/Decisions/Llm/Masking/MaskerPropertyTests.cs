using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Tests.Decisions.Llm.Masking;

public sealed class MaskerPropertyTests
{
    private const int Seconds = 5;

    private static readonly Gen<(string Ticker, string Name)> Company = Gen.OneOf(
        CompanyNames
            .All.Where(n => n.IsTicker && !n.IsOrdinaryWord && !n.Issuer.IsIndex)
            .Select(n => (n.Issuer.Tickers[0], n.Issuer.Name))
            .Distinct()
            .ToArray()
    );

    private static readonly Gen<DateOnly> Day = Gen.Int[-2000, 2000].Select(d => new DateOnly(2024, 6, 28).AddDays(d));

    private static readonly Gen<string> DateForm = Gen.OneOf(
        "yyyy-MM-dd",
        "MMMM d, yyyy",
        "MMM d, yyyy",
        "MMM. d yyyy",
        "d MMMM yyyy",
        "M/d/yyyy",
        "yyyyMMdd",
        "dd-MMM-yyyy"
    );

    private static readonly Gen<(decimal Close, decimal Price)> Level = Gen.Select(Gen.Int[100, 500_000], Gen.Int[25, 400])
        .Select((cents, percent) => (cents / 100m, Math.Max(0.01m, Math.Round(cents * percent / 10_000m, 2))));

    private static readonly Gen<string> AnyText = Gen.OneOf(
            Gen.String,
            Gen.OneOf(
                "Apple",
                "AAPL",
                "$",
                "(",
                ")",
                ":",
                "NASDAQ:",
                "S&P 500",
                "June ",
                "28",
                ", ",
                "2024",
                "-",
                "/",
                "Q2",
                "FY",
                "'24",
                " ",
                "at ",
                "price ",
                "187.20",
                "billion",
                "%",
                "ASSET",
                "-B",
                "day ",
                "-12",
                "idx ",
                "0",
                "year ",
                "month ",
                "Microsoft",
                "'s",
                " Inc.",
                "May ",
                "in ",
                "Dow ",
                "20,000",
                "U.S.",
                "AT&T",
                "3M",
                "to ",
                "https://x.y/z",
                "\n",
                "\ud83d\ude00",
                "\ud800"
            )
        )
        .Array[0, 30]
        .Select(string.Concat);

    [Fact]
    public void Text_Headline_HidesNameDateAndLevelAndRestoresThem() =>
        Gen.Select(Company, Day, DateForm, Level, Gen.OneOf(0, 1, 2, 3))
            .Sample(
                (company, day, form, level, shape) =>
                {
                    Masker masker = MaskedMoment.Masker(company.Ticker, level.Close);
                    string date = day.ToString(form, CultureInfo.InvariantCulture);
                    string price = "$" + level.Price.ToString("0.00", CultureInfo.InvariantCulture);
                    string text = shape switch
                    {
                        0 => $"{company.Name} ({company.Ticker}) closes at {price} on {date}",
                        1 => $"{date}: analysts see {company.Name}'s stock at {price}, says note",
                        2 => $"Why ${company.Ticker} fell to {price} ({date})",
                        _ => $"NYSE:{company.Ticker} shares, {price} per share; since {date}",
                    };
                    string masked = masker.Text(text);
                    Assert.DoesNotMatch(Pattern($@"\b{Regex.Escape(company.Ticker)}\b"), masked);
                    Assert.DoesNotContain(company.Name, masked, StringComparison.Ordinal);
                    Assert.DoesNotContain(date, masked, StringComparison.Ordinal);
                    Assert.DoesNotContain("$", masked, StringComparison.Ordinal);
                    Assert.DoesNotMatch(
                        Pattern(@"\b(?:19|20)\d\d\b"),
                        Regex.Replace(masked, "(?:idx |[-+])[0-9.]+", "", RegexOptions.None, TimeSpan.FromSeconds(Seconds))
                    );
                    string restored = masker.Restore(masked);
                    Assert.Contains(company.Ticker, restored, StringComparison.Ordinal);
                    Assert.Contains(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), restored, StringComparison.Ordinal);
                    Assert.Contains(price, restored, StringComparison.Ordinal);
                    Assert.Equal(masked, masker.Text(restored));
                },
                iter: 1000
            );

    [Fact]
    public void Text_AnyText_IsIdempotentAndNeverThrows() =>
        AnyText.Sample(
            text =>
            {
                Masker masker = MaskedMoment.Masker();
                string masked = masker.Text(text);
                Assert.Equal(masked, masker.Text(masked));
                Assert.NotNull(masker.Restore(text));
                Assert.NotNull(masker.Restore(masked));
            },
            iter: 3000
        );

    [Fact]
    public void PriceAndDate_AnyValue_AreRestored() =>
        Gen.Select(Level, Day)
            .Sample(
                (level, day) =>
                {
                    Masker masker = MaskedMoment.Masker(close: level.Close);
                    Assert.Equal(
                        "$" + level.Price.ToString("0.00", CultureInfo.InvariantCulture),
                        masker.Restore(masker.Price(level.Price))
                    );
                    Assert.Equal(
                        day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                        masker.Restore(masker.Date(new DateTimeOffset(day, new TimeOnly(23, 59), TimeSpan.Zero)))
                    );
                }
            );

    [Fact]
    public void Price_AbsurdValues_AreTold()
    {
        Masker masker = MaskedMoment.Masker(close: 0.0001m);
        Assert.StartsWith("idx ", masker.Price(decimal.MaxValue), StringComparison.Ordinal);
        Assert.StartsWith("idx -", masker.Price(decimal.MinValue), StringComparison.Ordinal);
        Assert.NotNull(masker.Restore(masker.Price(decimal.MaxValue)));
    }

    [Theory]
    [InlineData("A ")]
    [InlineData("S & P ")]
    [InlineData("$1")]
    [InlineData("1,000,")]
    [InlineData("June ")]
    [InlineData("price at 187.2 ")]
    [InlineData("idx 1-")]
    [InlineData("JPMorgan Chase & Co., ")]
    [InlineData(" ")]
    [InlineData("((((")]
    [InlineData("2024-")]
    [InlineData("ABCDEFGHIJ")]
    public void Text_LongHostileText_GrowsLinearly(string piece)
    {
        // Doubling the text doubles what is allocated: a quadratic search would quadruple it.
        Masker masker = MaskedMoment.Masker();
        long Cost(int copies)
        {
            string text = string.Concat(Enumerable.Repeat(piece, copies));
            masker.Restore(masker.Text(text));
            long before = GC.GetAllocatedBytesForCurrentThread();
            masker.Restore(masker.Text(text));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        long small = Cost(4000);
        Assert.InRange(Cost(8000), 0, (3 * small) + 100_000);
    }

    [Fact]
    public void CompanyNames_Table_IsWellFormed()
    {
        Assert.InRange(CompanyNames.Issuers.Count, 500, 1000);
        Assert.Equal(CompanyNames.Issuers.Count, CompanyNames.Issuers.Select(i => i.Name).Distinct().Count());
        Assert.All(CompanyNames.All, n => Assert.NotEqual(string.Empty, n.Key));
        Assert.All(CompanyNames.All.Where(n => n.IsTicker && n.Key.Length == 1), n => Assert.True(n.IsOrdinaryWord, n.Key));
        Assert.Equal("S&P 500", CompanyNames.Market.Name);
    }

    private static Regex Pattern(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(Seconds));
}
