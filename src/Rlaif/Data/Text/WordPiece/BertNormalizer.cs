using System.Globalization;
using System.Text;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>
/// Cleans a text the way BERT's tokenizers do (<c>BertNormalizer</c> of a <c>tokenizer.json</c>): control characters go, every space becomes a
/// blank, Chinese characters stand alone, accents go, letters are lowered, in this order.
/// </summary>
internal sealed record BertNormalizer
{
    /// <summary>Whether control characters go and every kind of space becomes a blank.</summary>
    public bool CleanText { get; init; } = true;

    /// <summary>Whether Chinese characters are words of their own.</summary>
    public bool SpaceChinese { get; init; } = true;

    /// <summary>Whether accents go.</summary>
    public bool StripAccents { get; init; } = true;

    /// <summary>Whether letters are lowered.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>The cleaned text.</summary>
    public string Normalize(string text)
    {
        var cleaned = new StringBuilder(text.Length + 1);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (CleanText && IsDropped(rune))
            {
                continue;
            }

            if (CleanText && Rune.IsWhiteSpace(rune))
            {
                cleaned.Append(' ');
            }
            else if (SpaceChinese && IsChinese(rune.Value))
            {
                cleaned.Append(' ');
                AppendLetter(rune, cleaned);
                cleaned.Append(' ');
            }
            else
            {
                AppendLetter(rune, cleaned);
            }
        }

        if (Lowercase)
        {
            Lower(cleaned);
        }

        return cleaned.ToString();
    }

    private void AppendLetter(Rune rune, StringBuilder to)
    {
        if (StripAccents)
        {
            BaseLetters.Append(rune, to);
        }
        else if (Lowercase && rune.Value == 'İ')
        {
            // The one letter whose lower case is two characters.
            to.Append("i\u0307");
        }
        else
        {
            to.Append(rune);
        }
    }

    private static void Lower(StringBuilder text)
    {
        Span<char> pair = stackalloc char[2];
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length)
            {
                Rune.ToLowerInvariant(new Rune(text[i], text[i + 1])).EncodeToUtf16(pair);
                text[i] = pair[0];
                text[++i] = pair[1];
            }
            else
            {
                text[i] = char.ToLowerInvariant(text[i]);
            }
        }
    }

    private static bool IsDropped(Rune rune) =>
        rune.Value is not ('\t' or '\n' or '\r')
        && (
            rune.Value == 0
            || rune == Rune.ReplacementChar
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
        );

    // The blocks of CJK unified ideographs; U+2B820 to U+2B91F are left out, as in the tokenizers that models were trained with.
    private static bool IsChinese(int point) =>
        point
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x2F800 and <= 0x2FA1F);
}
