using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Rlaif.Data;
using Rlaif.Decisions.Llm.Masking;

namespace Rlaif.Tests.Decisions.Llm.Masking;

/// <summary>What real headlines still tell after masking, as far as patterns that know nothing of the masker can see.</summary>
public sealed class MaskerLeakTests
{
    private const int Stride = 5;
    private const decimal Close = 200m;

    private static readonly (string What, Regex Pattern, double Allowed)[] Leaks =
    [
        ("year", Of(@"\b(19|20)\d\d\b"), 0.001),
        (
            "month",
            Of(
                @"\b(January|February|March|April|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b"
            ),
            0.001
        ),
        ("date", Of(@"\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{4}-\d\d-\d\d\b"), 0.0005),
        ("quarter", Of(@"\bQ[1-4]\b|\b[1-4]Q\b|(first|second|third|fourth)[- ]quarter\b"), 0.001),
        ("money", Of(@"[$€£]\s?\d"), 0.001),
        ("ticker behind its exchange, of a company unknown here", Of(@"\b(NYSE|NASDAQ|Nasdaq): ?[A-Z]+"), 0.02),
    ];

    [Fact]
    public void Text_MarketHeadlines_HardlyLeak()
    {
        string file = SharedData.Require("sp500_headlines/headlines.csv.gz");
        Regex row = Of("^(?<date>[0-9-]+),(?<title>.*),[0-9.]+$");
        Check(
            Lines(file)
                .Skip(1)
                .Select(line => row.Match(line))
                .Where(m => m.Success)
                .Select(m =>
                    (
                        "SPY",
                        DateTimeOffset.Parse(m.Groups["date"].Value + "T21:00Z", CultureInfo.InvariantCulture),
                        m.Groups["title"].Value
                    )
                )
        );
    }

    [Fact]
    public void Text_CompanyNews_HardlyLeaks()
    {
        string file = SharedData.Require("stockbench_djia/news.jsonl.gz");
        Check(
            Lines(file)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(e =>
                    (
                        e.GetProperty("symbol").GetString()!,
                        e.GetProperty("utc").GetDateTimeOffset(),
                        $"{e.GetProperty("title").GetString()} | {e.GetProperty("summary").GetString()}"
                    )
                )
        );
    }

    [Fact]
    public void Text_NewsInLongForm_HardlyLeaks()
    {
        string file = SharedData.Require("investorbench/price_news_filings.jsonl.gz");
        Check(
            Lines(file)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .SelectMany(e =>
                    e.GetProperty("news")
                        .EnumerateArray()
                        .Select(n =>
                            (
                                e.GetProperty("symbol").GetString()!,
                                DateTimeOffset.Parse(e.GetProperty("date").GetString() + "T21:00Z", CultureInfo.InvariantCulture),
                                n.GetString()!
                            )
                        )
                )
        );
    }

    private static void Check(IEnumerable<(string Symbol, DateTimeOffset At, string Text)> texts)
    {
        int count = 0;
        var leaks = Leaks.ToDictionary(l => l.What, _ => new List<string>(), StringComparer.Ordinal);
        foreach ((string symbol, DateTimeOffset at, string text) in texts.Where((_, i) => i % Stride == 0))
        {
            MarketSnapshot snapshot = MaskedMoment.Snapshot(symbol, Close, at);
            Masker masker = Masker.Hide(snapshot, MaskedMoment.Symbols);
            string masked = masker.Text(text);
            count++;
            Assert.Equal(masked, masker.Text(masked));
            AssertHidden(symbol, masked);
            // Levels are rightly numbers such as 2024.
            string plain = Regex.Replace(
                masked,
                @"idx [0-9.]+|[-+][0-9]+",
                string.Empty,
                RegexOptions.None,
                TimeSpan.FromSeconds(5)
            );
            foreach ((string what, Regex pattern, _) in Leaks.Where(l => l.Pattern.IsMatch(plain)))
            {
                leaks[what].Add(plain);
            }
        }

        Assert.InRange(count, 100, int.MaxValue);
        foreach ((string what, _, double allowed) in Leaks)
        {
            string examples = string.Join(Environment.NewLine, leaks[what].Take(3));
            Assert.True(
                leaks[what].Count <= Math.Max(1, allowed * count),
                $"{what}: {leaks[what].Count} of {count}, for example {examples}"
            );
        }
    }

    private static void AssertHidden(string symbol, string masked)
    {
        string company = CompanyNames.Find(symbol)!.Name;
        foreach (string said in new[] { symbol, company })
        {
            Assert.DoesNotMatch(Of($@"(^|[^\w]){Regex.Escape(said)}($|[^\w])"), masked);
        }
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static Regex Of(string pattern) => new(pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
}
