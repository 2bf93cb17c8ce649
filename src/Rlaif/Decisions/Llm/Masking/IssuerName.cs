using System.Buffers;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>One way in which texts call an issuer.</summary>
internal sealed class IssuerName
{
    private const int MaxSeparator = 3;

    private static readonly SearchValues<char> Separators = SearchValues.Create(" \u00a0&-\u2010\u2011'\u2019.*!/+");

    private readonly string[] _words;
    private readonly bool _hasAmpersand;

    internal IssuerName(Issuer issuer, string text, bool isTicker, bool isOrdinaryWord)
    {
        Issuer = issuer;
        IsTicker = isTicker;
        IsOrdinaryWord = isOrdinaryWord;
        _words = [.. Word.Split(text).Select(w => text.Substring(w.Start, w.Length))];
        _hasAmpersand = text.Contains('&', StringComparison.Ordinal);
        Key = KeyOf(text);
    }

    internal Issuer Issuer { get; }

    /// <summary>Whether it is a ticker; else a name, a product or a person.</summary>
    internal bool IsTicker { get; }

    /// <summary>Whether it is a word of the language too, so that more than the word must speak for it.</summary>
    internal bool IsOrdinaryWord { get; }

    /// <summary>Its words in upper case, with blanks between them.</summary>
    internal string Key { get; }

    internal int WordCount => _words.Length;

    /// <summary>The first word in upper case.</summary>
    internal string FirstWord => _words[0].ToUpperInvariant();

    /// <summary>The words of a text in upper case, with blanks between them.</summary>
    internal static string KeyOf(string text) =>
        string.Join(' ', Word.Split(text).Select(w => text.Substring(w.Start, w.Length))).ToUpperInvariant();

    /// <summary>Whether the words of a text, equal to these but for case, are written as this name is: in its own case or in capitals.</summary>
    internal bool IsWrittenAs(string text, ReadOnlySpan<Word> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            ReadOnlySpan<char> written = text.AsSpan(words[i].Start, words[i].Length);
            if (!HasCaseOf(_words[i], written) || (i > 0 && !IsSeparator(text, words[i - 1].End, words[i].Start)))
            {
                return false;
            }
        }

        return !_hasAmpersand || text.AsSpan(words[0].Start, words[^1].End - words[0].Start).Contains('&');
    }

    private bool HasCaseOf(string own, ReadOnlySpan<char> written)
    {
        bool isAcronym = own.Length > 1 && !own.AsSpan().ContainsAnyInRange('a', 'z');
        return IsTicker || isAcronym ? written.SequenceEqual(own) : !char.IsUpper(own[0]) || char.IsUpper(written[0]);
    }

    private static bool IsSeparator(string text, int start, int end) =>
        end - start is > 0 and <= MaxSeparator && !text.AsSpan(start, end - start).ContainsAnyExcept(Separators);
}
