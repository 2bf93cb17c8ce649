using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>
/// Cuts texts into the tokens of a vocabulary exactly as the tokenizers of BERT and MPNet models do: words at blanks and punctuation
/// (<c>BertPreTokenizer</c>), each from the left into the longest tokens that are known (WordPiece, Wu et al. 2016), or unknown as a whole.
/// Thread-safe.
/// </summary>
internal sealed class WordPieceTokenizer
{
    private readonly WordPieceVocabulary _vocabulary;
    private readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;
    private readonly int _unknown;
    private readonly int _longest;
    private readonly TokenFinder _raw;
    private readonly TokenFinder _cleaned;

    public WordPieceTokenizer(WordPieceVocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _ids = vocabulary.Tokens.GetAlternateLookup<ReadOnlySpan<char>>();
        _unknown = vocabulary.UnknownId;
        _longest = vocabulary.Tokens.Keys.Max(t => t.Length);
        _raw = new TokenFinder(vocabulary.RawTokens.ToDictionary(t => t, t => vocabulary.Tokens[t], StringComparer.Ordinal));
        _cleaned = new TokenFinder(vocabulary.CleanedTokens);
    }

    /// <summary>The tokens of a text, without any before or after it.</summary>
    public List<int> Tokenize(string text)
    {
        var ids = new List<int>(text.Length / 4);
        foreach ((Range range, int? token) in _raw.Split(text))
        {
            if (token is { } id)
            {
                ids.Add(id);
            }
            else
            {
                string cleaned = _vocabulary.Normalizer?.Normalize(text[range]) ?? text[range];
                TokenizeCleaned(cleaned, ids);
            }
        }

        return ids;
    }

    private void TokenizeCleaned(string text, List<int> ids)
    {
        foreach ((Range range, int? token) in _cleaned.Split(text))
        {
            if (token is { } id)
            {
                ids.Add(id);
            }
            else
            {
                SplitWords(text.AsSpan(range), ids);
            }
        }
    }

    /// <summary>Words end at blanks; punctuation characters are words of their own.</summary>
    private void SplitWords(ReadOnlySpan<char> text, List<int> ids)
    {
        int start = 0;
        int at = 0;
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
            bool isPunctuation = IsPunctuation(rune);
            if (isPunctuation || Rune.IsWhiteSpace(rune))
            {
                AddWord(text[start..at], ids);
                if (isPunctuation)
                {
                    AddWord(text.Slice(at, length), ids);
                }

                start = at + length;
            }

            at += length;
        }

        AddWord(text[start..], ids);
    }

    private void AddWord(ReadOnlySpan<char> word, List<int> ids)
    {
        if (word.IsEmpty)
        {
            return;
        }

        int before = ids.Count;
        if (IsTooLong(word) || !TryAddPieces(word, ids))
        {
            ids.RemoveRange(before, ids.Count - before);
            ids.Add(_unknown);
        }
    }

    private bool TryAddPieces(ReadOnlySpan<char> word, List<int> ids)
    {
        string prefix = _vocabulary.ContinuingPrefix;
        char[] rented = ArrayPool<char>.Shared.Rent(prefix.Length + word.Length);
        Span<char> buffer = rented;
        prefix.CopyTo(buffer);
        word.CopyTo(buffer[prefix.Length..]);
        bool isKnown = true;
        for (int start = 0; start < word.Length && isKnown; )
        {
            // In front of the rest of the word stands room for the prefix: what was there has been read.
            int lead = start > 0 ? prefix.Length : 0;
            prefix.AsSpan(0, lead).CopyTo(buffer[start..]);
            int from = start + prefix.Length - lead;
            int taken = LongestToken(buffer[from..(prefix.Length + word.Length)], lead + 1, out int id);
            isKnown = taken > 0;
            ids.Add(id);
            start += taken - lead;
        }

        ArrayPool<char>.Shared.Return(rented);
        return isKnown;
    }

    private int LongestToken(ReadOnlySpan<char> text, int shortest, out int id)
    {
        for (int length = Math.Min(text.Length, _longest); length >= shortest; length--)
        {
            if (_ids.TryGetValue(text[..length], out id))
            {
                return length;
            }
        }

        id = _unknown;
        return 0;
    }

    private bool IsTooLong(ReadOnlySpan<char> word)
    {
        int characters = word.Length;
        foreach (char c in word)
        {
            characters -= char.IsLowSurrogate(c) ? 1 : 0;
        }

        return characters > _vocabulary.MaxCharactersPerWord;
    }

    // Symbols of ASCII ($, +, <, ...) count, those beyond do not.
    private static bool IsPunctuation(Rune rune) =>
        rune.IsAscii ? rune.Value is > ' ' and < 0x7F && !char.IsAsciiLetterOrDigit((char)rune.Value) : Rune.IsPunctuation(rune);
}
