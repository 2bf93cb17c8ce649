using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>
/// The headlines that the desk works with, made safe to quote. Their text is untrusted: one headline always stays on one line, has a
/// bounded length and no invisible characters; what it says is quoted as it stands and never acted upon.
/// </summary>
internal static class Headlines
{
    /// <summary>At most so many headlines are quoted.</summary>
    internal const int MaxQuoted = 5;

    /// <summary>Longer headlines are cut.</summary>
    internal const int MaxLength = 160;

    /// <summary>Every step of reasoning that quotes a headline starts with this.</summary>
    internal const string StepPrefix = "Headline: ";

    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    /// <summary>The last headlines of the seven days before the snapshot, newest first, at most <paramref name="count"/>.</summary>
    internal static ImmutableArray<NewsItem> Quoted(MarketSnapshot snapshot, int count = MaxQuoted) =>
        [.. snapshot.News.AsEnumerable().Reverse().Where(n => n.PublishedAt > snapshot.AsOf - Recent).Take(count)];

    /// <summary>The step of reasoning that quotes a headline.</summary>
    internal static string Step(NewsItem item) => $"{StepPrefix}\"{Clean(item.Headline)}\"";

    /// <summary>Whether a step of reasoning quotes a headline.</summary>
    internal static bool IsStep(string step) => step.StartsWith(StepPrefix, StringComparison.Ordinal);

    /// <summary>
    /// The text on one line and without control, format (direction overrides, zero-width) or unpaired surrogate characters, cut to
    /// <paramref name="maxLength"/> UTF-16 units; everything else is verbatim.
    /// </summary>
    internal static string Clean(string text, int maxLength = MaxLength)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        int position = 0;
        while (position < text.Length)
        {
            // An unpaired surrogate decodes to an error and is left out.
            bool valid = Rune.TryGetRuneAt(text, position, out Rune rune);
            position += valid ? rune.Utf16SequenceLength : 1;
            if (!valid)
            {
                continue;
            }

            if (IsSpace(rune))
            {
                clean.Append(clean.Length > 0 && clean[^1] != ' ' ? " " : string.Empty);
            }
            else if (!IsInvisible(rune))
            {
                if (clean.Length + rune.Utf16SequenceLength > maxLength)
                {
                    break;
                }

                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().TrimEnd();
    }

    // Rune.IsWhiteSpace includes tabs, all kinds of line ends and the Unicode line and paragraph separators.
    private static bool IsSpace(Rune rune) => Rune.IsWhiteSpace(rune);

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;
}
