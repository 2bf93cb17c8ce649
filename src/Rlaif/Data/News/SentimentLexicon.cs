using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace Rlaif.Data.News;

/// <summary>
/// The tone of a text by a word list: AFINN-165 with additions for financial news (Nielsen 2011, arXiv:1103.2903). It sees single
/// words only: no negation, no context, no list entries of several words or with hyphens. Safe to use from any thread.
/// </summary>
public static class SentimentLexicon
{
    private const string ResourceName = "Rlaif.Data.Resources.sentiment-lexicon.tsv";
    private const int MaxValence = 5;
    private const int MaxWordLength = 32;
    private const char Apostrophe = '\'';
    private const char CurlyApostrophe = '\u2019';

    private static readonly Lazy<FrozenDictionary<string, int>> Valences = new(Load);

    /// <summary>
    /// The mean valence of the listed words of <paramref name="text"/>, from -1 (bad) to 1 (good); 0 when it has none. A word is a
    /// run of letters with apostrophes inside; case does not matter.
    /// </summary>
    public static double Score(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var valences = Valences.Value.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> word = stackalloc char[MaxWordLength];
        int sum = 0;
        int listed = 0;
        int position = 0;
        while (NextWord(text, ref position) is { IsEmpty: false } raw)
        {
            // No listed word is longer than the buffer.
            if (raw.Length <= MaxWordLength && valences.TryGetValue(Fold(raw, word), out int valence))
            {
                sum += valence;
                listed++;
            }
        }

        return listed == 0 ? 0 : (double)sum / (listed * MaxValence);
    }

    // The next run of letters and apostrophes, without the apostrophes around it (those are quotation marks); empty at the end.
    private static ReadOnlySpan<char> NextWord(ReadOnlySpan<char> text, ref int position)
    {
        while (position < text.Length)
        {
            int start = position;
            while (position < text.Length && (char.IsLetter(text[position]) || IsApostrophe(text[position])))
            {
                position++;
            }

            ReadOnlySpan<char> word = text[start..position].Trim([Apostrophe, CurlyApostrophe]);
            if (!word.IsEmpty)
            {
                return word;
            }

            position++;
        }

        return [];
    }

    private static ReadOnlySpan<char> Fold(ReadOnlySpan<char> word, Span<char> buffer)
    {
        for (int i = 0; i < word.Length; i++)
        {
            buffer[i] = IsApostrophe(word[i]) ? Apostrophe : char.ToLowerInvariant(word[i]);
        }

        return buffer[..word.Length];
    }

    private static bool IsApostrophe(char c) => c is Apostrophe or CurlyApostrophe;

    private static FrozenDictionary<string, int> Load()
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is not in the assembly.");
        using var reader = new StreamReader(stream);
        var valences = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                int tab = line.IndexOf('\t', StringComparison.Ordinal);
                valences.Add(line[..tab], int.Parse(line.AsSpan(tab + 1), CultureInfo.InvariantCulture));
            }
        }

        return valences.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
