namespace Rlaif.Decisions.Llm.Masking;

/// <summary>Names by their words. Immutable once built.</summary>
internal sealed class NameTable
{
    private const int MaxKey = 128;

    private readonly Dictionary<string, List<IssuerName>> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _longest = new(StringComparer.Ordinal);

    internal NameTable(IEnumerable<IssuerName> names)
    {
        // SIRI is a ticker before it is a product in capitals.
        foreach (IssuerName name in names.Where(n => n.Key.Length is > 0 and <= MaxKey).OrderByDescending(n => n.IsTicker))
        {
            _longest[name.FirstWord] = Math.Max(_longest.GetValueOrDefault(name.FirstWord), name.WordCount);
            if (!_byKey.TryGetValue(name.Key, out List<IssuerName>? same))
            {
                _byKey.Add(name.Key, same = []);
            }

            same.Add(name);
        }
    }

    /// <summary>How many words the longest name has that begins with this word of a text; 0 when none does.</summary>
    internal int LongestFrom(string text, Word word)
    {
        Span<char> key = stackalloc char[MaxKey];
        return WriteKey(text, [word], key) is var length and > 0
            ? _longest.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..length], out int longest)
                ? longest
                : 0
            : 0;
    }

    /// <summary>The names that consist of these words, whatever the case; tickers first.</summary>
    internal IReadOnlyList<IssuerName> Find(string text, ReadOnlySpan<Word> words)
    {
        Span<char> key = stackalloc char[MaxKey];
        int length = WriteKey(text, words, key);
        return
            length > 0 && _byKey.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..length], out List<IssuerName>? found)
            ? found
            : [];
    }

    // The length of the key; 0 when it is longer than any name.
    private static int WriteKey(string text, ReadOnlySpan<Word> words, Span<char> key)
    {
        int length = 0;
        foreach (Word word in words)
        {
            if (length + word.Length + 1 > key.Length)
            {
                return 0;
            }

            if (length > 0)
            {
                key[length++] = ' ';
            }

            text.AsSpan(word.Start, word.Length).ToUpperInvariant(key[length..]);
            length += word.Length;
        }

        return length;
    }
}
