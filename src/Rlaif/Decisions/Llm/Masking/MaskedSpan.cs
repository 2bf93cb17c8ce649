namespace Rlaif.Decisions.Llm.Masking;

/// <summary>A piece of a text and what is said in its place.</summary>
/// <param name="Start">Where it begins, in UTF-16 units.</param>
/// <param name="Length">Its length in UTF-16 units, at least 1.</param>
/// <param name="Text">What is said instead.</param>
internal readonly record struct MaskedSpan(int Start, int Length, string Text)
{
    /// <summary>
    /// Puts replacements into a text. Where two overlap, the one that comes first in <paramref name="spans"/> counts. Linear in the length of the
    /// text and of all pieces together.
    /// </summary>
    internal static string Apply(string text, IEnumerable<MaskedSpan> spans)
    {
        var taken = new bool[text.Length];
        var accepted = new List<MaskedSpan>();
        foreach (MaskedSpan span in spans)
        {
            Span<bool> place = taken.AsSpan(span.Start, span.Length);
            if (!place.Contains(true))
            {
                place.Fill(true);
                accepted.Add(span);
            }
        }

        accepted.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        var result = new System.Text.StringBuilder(text.Length);
        int position = 0;
        foreach (MaskedSpan span in accepted)
        {
            result.Append(text, position, span.Start - position).Append(span.Text);
            position = span.Start + span.Length;
        }

        return result.Append(text, position, text.Length - position).ToString();
    }
}
