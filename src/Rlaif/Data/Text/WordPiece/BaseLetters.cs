using System.Globalization;
using System.Text;

namespace Rlaif.Data.Text.WordPiece;

/// <summary>
/// What is left of characters when their accents are taken away: the canonical decomposition (Unicode NFD) without non-spacing marks.
/// A table of our own, because <see cref="string.Normalize()"/> leaves everything as it is where globalization is invariant, as it is here.
/// </summary>
internal static class BaseLetters
{
    private const string ResourceName = "Rlaif.Data.Resources.unicode-base-letters.txt";

    // Hangul syllables are composed by arithmetic (Unicode Standard, 3.12).
    private const int FirstSyllable = 0xAC00;
    private const int Syllables = 11_172;
    private const int FirstLead = 0x1100;
    private const int FirstVowel = 0x1161;
    private const int BeforeFirstTail = 0x11A7;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Lazy<Dictionary<int, string>> Table = new(Load);

    /// <summary>Appends what is left of a character.</summary>
    public static void Append(Rune character, StringBuilder to)
    {
        if (character.IsAscii)
        {
            to.Append((char)character.Value);
        }
        else if (character.Value - FirstSyllable is >= 0 and < Syllables and var syllable)
        {
            to.Append((char)(FirstLead + (syllable / (Vowels * Tails))));
            to.Append((char)(FirstVowel + (syllable / Tails % Vowels)));
            if (syllable % Tails is > 0 and var tail)
            {
                to.Append((char)(BeforeFirstTail + tail));
            }
        }
        else if (Table.Value.TryGetValue(character.Value, out string? letters))
        {
            to.Append(letters);
        }
        else if (Rune.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
        {
            to.Append(character);
        }
    }

    private static Dictionary<int, string> Load()
    {
        using Stream stream = typeof(BaseLetters).Assembly.GetManifestResourceStream(ResourceName)!;
        using var reader = new StreamReader(stream);
        var table = new Dictionary<int, string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            int[] points = [.. line.Split(' ').Select(p => int.Parse(p, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            table.Add(points[0], string.Concat(points.Skip(1).Select(char.ConvertFromUtf32)));
        }

        return table;
    }
}
