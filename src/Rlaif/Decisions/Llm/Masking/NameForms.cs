namespace Rlaif.Decisions.Llm.Masking;

/// <summary>What stands around tickers and names of companies in texts.</summary>
internal static class NameForms
{
    private const int MaxLegalForms = 3;
    private const int LongestListed = 14;

    private static readonly string[] ExchangeSuffixes = ["US", "O", "OQ", "N", "K"];

    private static readonly string[] Exchanges =
    [
        "NYSE",
        "NASDAQ",
        "NASDAQGS",
        "NASDAQGM",
        "NASDAQCM",
        "NYSEARCA",
        "ARCA",
        "AMEX",
        "NYSEAMERICAN",
        "BATS",
        "CBOE",
        "OTC",
        "OTCMKTS",
        "TSX",
        "LSE",
        "XNAS",
        "XNYS",
    ];

    private static readonly string[] CompanyWords = ["stock", "shares", "CEO", "CFO", "earnings"];

    private static readonly string[] LegalForms =
    [
        "Inc",
        "Incorporated",
        "Corp",
        "Corporation",
        "Co",
        "Company",
        "Companies",
        "Ltd",
        "Limited",
        "plc",
        "PLC",
        "LLC",
        "NV",
        "AG",
        "SE",
        "SA",
        "Holdings",
        "Holding",
        "Group",
    ];

    /// <summary>Whether a ticker is written as one: <c>$T</c>, <c>(T)</c>, <c>NYSE:T</c>, <c>T.US</c>.</summary>
    internal static bool IsTickerForm(string text, List<Word> words, int at, int end)
    {
        int start = words[at].Start;
        char before = start > 0 ? text[start - 1] : ' ';
        char after = end < text.Length ? text[end] : ' ';
        return before is '$' or '#' or '^'
            || (before == '(' && after == ')')
            || ExchangeStart(text, words, at) is not null
            || SuffixEnd(text, end) != end;
    }

    /// <summary>Whether something follows that only a company has: a legal form, a possessive, a ticker in parentheses, its stock.</summary>
    internal static bool IsNamedAsCompany(string text, List<Word> words, int next)
    {
        int end = words[next - 1].End;
        ReadOnlySpan<char> rest = text.AsSpan(end);
        return rest.StartsWith("'s", StringComparison.Ordinal)
            || rest.StartsWith("\u2019s", StringComparison.Ordinal)
            || rest.StartsWith(" (", StringComparison.Ordinal)
            || LegalFormEnd(text, words, next) != end
            || (
                next < words.Count
                && words[next].Start == end + 1
                && CompanyWords.Contains(Spelling(text, words[next]), StringComparer.OrdinalIgnoreCase)
            );
    }

    /// <summary>Where "NASDAQ:" or "NYSE: " before a ticker begins; null when it does not stand there.</summary>
    internal static int? ExchangeStart(string text, List<Word> words, int at)
    {
        if (at == 0 || words[at].Start - words[at - 1].End > 3)
        {
            return null;
        }

        Word before = words[at - 1];
        bool isColon = text.AsSpan(before.End, words[at].Start - before.End).Trim().SequenceEqual(":");

        return isColon && IsExchange(text, before) ? before.Start : null;
    }

    /// <summary>Whether a word names an exchange.</summary>
    internal static bool IsExchange(string text, Word word) =>
        Exchanges.Contains(Spelling(text, word), StringComparer.OrdinalIgnoreCase);

    /// <summary>The end of a ticker with the exchange behind it: <c>T.US</c>.</summary>
    internal static int SuffixEnd(string text, int end)
    {
        foreach (string suffix in ExchangeSuffixes)
        {
            int after = end + 1 + suffix.Length;
            if (
                after <= text.Length
                && text[end] == '.'
                && text.AsSpan(end + 1, suffix.Length).SequenceEqual(suffix)
                && (after == text.Length || !char.IsLetterOrDigit(text[after]))
            )
            {
                return after;
            }
        }

        return end;
    }

    /// <summary>The end of a name with the legal forms behind it: "Apple Inc.", "Merck &amp; Co., Inc.".</summary>
    internal static int LegalFormEnd(string text, List<Word> words, int next)
    {
        int end = LegalForms.Contains(Spelling(text, words[next - 1]))
            ? PastPeriod(text, words[next - 1].End)
            : words[next - 1].End;
        for (int i = next; i < Math.Min(words.Count, next + MaxLegalForms); i++)
        {
            Word word = words[i];
            ReadOnlySpan<char> between = text.AsSpan(end, word.Start - end);
            bool isJoined = between.Length is > 0 and <= 3 && !between.ContainsAnyExcept(" ,&");
            bool isHyphenated = word.End < text.Length && text[word.End] is '-' or '\'';
            if (!isJoined || isHyphenated || !LegalForms.Contains(Spelling(text, word)))
            {
                break;
            }

            end = PastPeriod(text, word.End);
        }

        return end;
    }

    private static int PastPeriod(string text, int end) => end < text.Length && text[end] == '.' ? end + 1 : end;

    // Long words are none of ours; their beginning is enough.
    private static string Spelling(string text, Word word) => text.Substring(word.Start, Math.Min(word.Length, LongestListed));
}
