using System.Text.RegularExpressions;
using Rlaif.Core;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>Sentences for replies. They cite only evidence that was shown, and quote only our own facts: news may hold anything.</summary>
internal static class BrainPhrases
{
    private const int LongestQuote = 90;

    private static readonly Regex Unquotable = new(
        @"[^A-Za-z0-9 .,:;%+\-()']",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    private static readonly string[] WithEvidence =
    [
        "{0} {1} carries the most weight here.",
        "The case rests on {0} {1}, which is recent and can be checked.",
        "{0} {1} points the other way, so the size stays small.",
        "Taken with the rest, {0} {1} changes little and lowers the confidence.",
        "{0} {1} is the first thing that would have to change for this view to be wrong.",
        "What {0} {1} says is probably in the price already.",
    ];

    private static readonly string[] WithoutEvidence =
    [
        "The evidence is thin, and the view is held with care.",
        "Most moves over a few sessions are noise, so costs decide.",
        "The main risk is a surprise that none of the figures can show.",
        "Nothing here is strong enough to justify a large position.",
        "The signals repeat each other and count as one.",
    ];

    private static readonly string[] OfRisk =
    [
        "It loses if {0} {1} turns out to be an exception.",
        "The main risk is that {0} {1} is in the price already.",
        "A surprise that outweighs {0} {1} would make it lose.",
    ];

    /// <summary>One sentence; of a risk where the property is named after one.</summary>
    public static string Sentence(BrainView view, DeterministicRandom random, string property = "")
    {
        string[] templates = property.Contains("risk", StringComparison.Ordinal) ? OfRisk : WithEvidence;
        if (view.Ids.Count == 0)
        {
            return WithoutEvidence[random.NextInt(WithoutEvidence.Length)];
        }
        string id = view.Ids[random.NextInt(view.Ids.Count)];
        string text = string.Format(templates[random.NextInt(templates.Length)], Subject(view, id), $"[{id}]");
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>A text of bounded length.</summary>
    public static string Text(BrainView view, DeterministicRandom random, string property, int minLength, int maxLength)
    {
        string text = Sentence(view, random, property);
        while (text.Length < minLength)
        {
            text = $"{text} {Sentence(view, random)}";
        }
        if (text.Length <= maxLength)
        {
            return text;
        }
        // An id that is cut in two would cite something else.
        string cut = text[..maxLength];
        int open = cut.LastIndexOf('[');
        return open > cut.LastIndexOf(']') ? cut[..open].TrimEnd().PadRight(minLength, '.') : cut;
    }

    private static string Subject(BrainView view, string id) =>
        id[0] switch
        {
            'F' when view.Items.TryGetValue(id, out string? fact) => $"\"{Quote(fact)}\"",
            'F' => "the figure in",
            'H' => "the headline",
            'D' => "the passage",
            'R' => "the report",
            _ => "the lesson",
        };

    private static string Quote(string fact)
    {
        string clean = Unquotable.Replace(fact, "").Trim();
        return clean.Length <= LongestQuote ? clean : clean[..Math.Max(1, clean.LastIndexOf(' ', LongestQuote))];
    }
}
