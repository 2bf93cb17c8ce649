using System.Globalization;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// Finds amounts of money in a text: numbers with a currency sign, code or word, or per share; whole ranges of them; the levels of indices; and bare
/// numbers near the last close beside a word that says price. Large amounts ("$2.5 billion") are scaled as well and keep their word. Percentages
/// and counts are left.
/// </summary>
internal sealed class LevelFinder(PriceScale scale)
{
    private const double NearFactor = 5;
    private const double CloseFactor = 2;
    private const double SmallestIndexLevel = 1000;
    private const int LookBack = 64;
    private const int LookAhead = 24;
    private const int WordsBack = 5;
    private const string Signs = "$\u20ac\u00a3\u00a5";

    /// <summary>Every amount, in the order of the text.</summary>
    internal IEnumerable<MaskedSpan> Find(string text)
    {
        int moneyEnd = -1;
        foreach (Match match in LevelForms.Numbers.Matches(text))
        {
            if (
                IsPartOfWord(text, match)
                || !double.TryParse(
                    match.ValueSpan,
                    NumberStyles.Float | NumberStyles.AllowThousands,
                    CultureInfo.InvariantCulture,
                    out double amount
                )
            )
            {
                continue;
            }

            (int start, int end, double unit) = Extent(text, match);
            if (start == match.Index && HasLetterBehind(text, end))
            {
                continue;
            }

            bool isMoney = start < match.Index || unit < 1 || IsMoney(text, match, amount, moneyEnd);
            if (isMoney)
            {
                moneyEnd = end;
                yield return new MaskedSpan(start, end - start, scale.Mask(amount * unit));
            }
        }
    }

    // Versions (1.2.3), codes (A380) and times are no numbers.
    private static bool IsPartOfWord(string text, Match match)
    {
        char before = match.Index > 0 ? text[match.Index - 1] : ' ';
        bool isVersion = before is '.' or ',' or ':' && match.Index > 1 && char.IsAsciiDigit(text[match.Index - 2]);
        return char.IsLetterOrDigit(before) || isVersion;
    }

    // "3M", "21st": without a currency only a magnitude may follow.
    private static bool HasLetterBehind(string text, int end) =>
        end < text.Length && char.IsLetter(text[end]) && !LevelForms.Magnitude.IsMatch(After(text, end));

    // The number with its currency sign or code, or with the word cents.
    private static (int Start, int End, double Unit) Extent(string text, Match match)
    {
        int start = match.Index;
        int end = start + match.Length;
        int sign = start > 0 && text[start - 1] is ' ' or '\u00a0' ? start - 2 : start - 1;
        if (sign >= 0 && Signs.Contains(text[sign], StringComparison.Ordinal))
        {
            bool isUs =
                sign >= 2
                && text[sign - 2] == 'U'
                && text[sign - 1] == 'S'
                && (sign == 2 || !char.IsLetterOrDigit(text[sign - 3]));
            return (isUs ? sign - 2 : sign, end, 1);
        }

        Match cents = LevelForms.Cents.Match(After(text, end));
        if (cents.Success)
        {
            return (start, end + cents.Length, 0.01);
        }

        Match code = LevelForms.Code.Match(Before(text, start));
        return (start - code.Length, end, 1);
    }

    private bool IsMoney(string text, Match match, double amount, int moneyEnd)
    {
        int end = match.Index + match.Length;
        string after = After(text, end);
        Match magnitude = LevelForms.Magnitude.Match(after);
        if (LevelForms.MoneyWord.IsMatch(after[magnitude.Length..]))
        {
            return true;
        }

        bool isPrice = !magnitude.Success && !LevelForms.Counted.IsMatch(after) && scale.IsNear(amount, NearFactor);
        if (moneyEnd >= 0 && match.Index - moneyEnd is > 0 and < LookAhead && IsRange(text[moneyEnd..match.Index]))
        {
            return isPrice || magnitude.Success;
        }

        return !magnitude.Success && !LevelForms.Counted.IsMatch(after) && IsNamedLevel(text, match, amount, isPrice);
    }

    // "$180-190", "$1.2 billion to 1.4 billion".
    private static bool IsRange(string between)
    {
        string joint = between[LevelForms.Magnitude.Match(between).Length..].Trim();
        return joint is "-" or "\u2013" or "to" or "and" or "or";
    }

    private bool IsNamedLevel(string text, Match match, double amount, bool isPrice)
    {
        bool isIndexLevel = amount >= SmallestIndexLevel;
        if (!isPrice && !isIndexLevel)
        {
            return false;
        }

        string before = Before(text, match.Index);
        List<Word> words = Word.Split(before);
        bool isExact =
            match.Value.Length - match.Value.IndexOf('.', StringComparison.Ordinal) - 1 == 2
            && match.Value.Contains('.', StringComparison.Ordinal);
        string last = words.Count > 0 ? before.Substring(words[^1].Start, words[^1].Length) : string.Empty;
        if (
            isPrice
            && isExact
            && LevelForms.NearWords.Contains(last)
            && scale.IsNear(amount, CloseFactor)
            && !LevelForms.Oscillator.IsMatch(before)
        )
        {
            return true;
        }

        for (int i = words.Count - 1; i >= Math.Max(0, words.Count - WordsBack); i--)
        {
            string word = before.Substring(words[i].Start, words[i].Length);
            int next = i + 1 < words.Count ? words[i + 1].Start : before.Length;
            if (before.AsSpan(words[i].End, next - words[i].End).ContainsAny(".;,\n"))
            {
                return false;
            }

            if ((isPrice && LevelForms.PriceWords.Contains(word)) || (isIndexLevel && LevelForms.IndexWords.Contains(word)))
            {
                return !LevelForms.Oscillator.IsMatch(before[words[i].Start..]);
            }

            if (!LevelForms.Fillers.Contains(word))
            {
                return false;
            }
        }

        return false;
    }

    private static string After(string text, int end) => text.Substring(end, Math.Min(LookAhead, text.Length - end));

    private static string Before(string text, int start) => text[Math.Max(0, start - LookBack)..start];
}
