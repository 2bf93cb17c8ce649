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

    /// <summary>One sentence.</summary>
    public static string Sentence(BrainView view, DeterministicRandom random)
    {
        if (view.Ids.Count == 0)
        {
            return WithoutEvidence[random.NextInt(WithoutEvidence.Length)];
        }
        string id = view.Ids[random.NextInt(view.Ids.Count)];
        string text = string.Format(WithEvidence[random.NextInt(WithEvidence.Length)], Subject(view, id), $"[{id}]");
        return char.ToUpperInvariant(text[0]) + text[1..];
    }

    /// <summary>A text of bounded length.</summary>
    public static string Text(BrainView view, DeterministicRandom random, int minLength, int maxLength)
    {
        string text = Sentence(view, random);
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
