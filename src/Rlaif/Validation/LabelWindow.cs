namespace Rlaif.Validation;

/// <summary>The time that a label depends on: from the decision to the exit of its position, both ends included.</summary>
/// <param name="From">The moment of the decision, UTC.</param>
/// <param name="To">The moment of the exit, UTC; not before <paramref name="From"/>.</param>
public readonly record struct LabelWindow(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>
    /// Whether the windows share a moment: one starts within, ends within or envelops the other (Lopez de Prado 2018, section 7.4.1).
    /// </summary>
    public bool Overlaps(LabelWindow other) => From <= other.To && To >= other.From;

    /// <summary>The smallest window around all of <paramref name="windows"/>: earliest start to latest end.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static LabelWindow Span(IEnumerable<LabelWindow> windows)
    {
        LabelWindow? span = null;
        foreach (LabelWindow window in windows)
        {
            span = span is not { } s
                ? window
                : new(window.From < s.From ? window.From : s.From, window.To > s.To ? window.To : s.To);
        }

        return span ?? throw new ArgumentException("There is no window.", nameof(windows));
    }
}
