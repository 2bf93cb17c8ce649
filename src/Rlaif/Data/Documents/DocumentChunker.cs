using System.Text;

namespace Rlaif.Data.Documents;

/// <summary>
/// Splits a text into passages of 120 to 180 words that overlap by about 30, at the end of a paragraph or sentence where there is one.
/// Every word of the text is in a passage; the white space between words is not kept. A text without spaces is split by length.
/// </summary>
internal static class DocumentChunker
{
    /// <summary>No passage has more words.</summary>
    internal const int MostWords = 180;

    /// <summary>No passage is longer, in UTF-16 units.</summary>
    internal const int MostCharacters = 2000;

    private const int LeastWords = 120;
    private const int Overlap = 30;

    // A longer run of letters is no word: it is cut, so that passages stay bounded.
    private const int LongestWord = 200;

    // A passage of few long words overlaps by less, so that the next one always starts later.
    private const int OverlapShare = 4;

    private enum Break
    {
        /// <summary>Nothing: the next piece continues the same word.</summary>
        None,

        /// <summary>A space.</summary>
        Word,

        /// <summary>The end of a sentence.</summary>
        Sentence,

        /// <summary>A blank line.</summary>
        Paragraph,
    }

    private readonly record struct Word(int Start, int Length, Break After);

    /// <summary>The passages in the order of the text; none for a text without words.</summary>
    internal static IEnumerable<string> Split(string text)
    {
        List<Word> words = ReadWords(text);
        int start = 0;
        while (start < words.Count)
        {
            int end = End(words, start);
            yield return Join(text, words, start, end);
            start = end == words.Count ? end : NextStart(words, start, end);
        }
    }

    private static List<Word> ReadWords(string text)
    {
        var words = new List<Word>();
        int at = SkipSpace(text, 0, out _);
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            while (end - at > LongestWord)
            {
                int length = char.IsHighSurrogate(text[at + LongestWord - 1]) ? LongestWord - 1 : LongestWord;
                words.Add(new Word(at, length, Break.None));
                at += length;
            }

            int next = SkipSpace(text, end, out bool hasBlankLine);
            Break after =
                hasBlankLine ? Break.Paragraph
                : EndsSentence(text.AsSpan(at, end - at)) ? Break.Sentence
                : Break.Word;
            words.Add(new Word(at, end - at, after));
            at = next;
        }

        return words;
    }

    private static int SkipSpace(string text, int at, out bool hasBlankLine)
    {
        int lines = 0;
        for (; at < text.Length && char.IsWhiteSpace(text[at]); at++)
        {
            lines += text[at] == '\n' ? 1 : 0;
        }

        hasBlankLine = lines > 1;
        return at;
    }

    private static bool EndsSentence(ReadOnlySpan<char> word)
    {
        word = word.TrimEnd("\"')]}\u201D\u2019\u00BB");
        return word.Length > 0 && word[^1] is '.' or '!' or '?' or '\u2026' or '\u3002' or '\uFF01' or '\uFF1F';
    }

    private static int End(List<Word> words, int start)
    {
        int most = start;
        int characters = 0;
        while (most < words.Count && most - start < MostWords && characters + words[most].Length < MostCharacters)
        {
            characters += words[most].Length + 1;
            most++;
        }

        if (most == words.Count)
        {
            return most;
        }

        int least = start + Math.Max(1, (most - start) * LeastWords / MostWords);
        return LastBreak(words, least, most, Break.Paragraph) ?? LastBreak(words, least, most, Break.Sentence) ?? most;
    }

    private static int? LastBreak(List<Word> words, int least, int most, Break kind)
    {
        for (int end = most; end >= least; end--)
        {
            if (words[end - 1].After >= kind)
            {
                return end;
            }
        }

        return null;
    }

    // The beginning of the sentence that is nearest to the wanted overlap, between half of it and one and a half.
    private static int NextStart(List<Word> words, int start, int end)
    {
        int overlap = Math.Min(Overlap, (end - start) / OverlapShare);
        for (int away = 0; away <= overlap / 2; away++)
        {
            foreach (int at in (ReadOnlySpan<int>)[end - overlap + away, end - overlap - away])
            {
                if (words[at - 1].After >= Break.Sentence)
                {
                    return at;
                }
            }
        }

        return end - overlap;
    }

    private static string Join(string text, List<Word> words, int start, int end)
    {
        var passage = new StringBuilder();
        for (int i = start; i < end; i++)
        {
            passage.Append(text, words[i].Start, words[i].Length);
            bool isLast = i == end - 1;
            passage.Append(
                isLast || words[i].After == Break.None ? string.Empty
                : words[i].After == Break.Paragraph ? "\n"
                : " "
            );
        }

        return passage.ToString();
    }
}
