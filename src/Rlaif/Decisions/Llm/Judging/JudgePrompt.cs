using System.Text;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Judging;

/// <summary>
/// What a judge is told. Of a candidate it sees action, size, stated confidence and reasoning; not its id, its stance, its place among the
/// others, whether it was traded, or anything later than the moment of the decision: none of that reaches this class except the first two,
/// which are left out here.
/// </summary>
internal static class JudgePrompt
{
    private static readonly Regex TagStart = new("<(?<name>[/!?a-zA-Z])", RegexOptions.NonBacktracking);
    private static readonly Regex Citation = new(@"\[[A-Za-z]{1,12}[-_:]?[0-9]{1,4}\]", RegexOptions.NonBacktracking);

    /// <summary>The system prompt of a constitution.</summary>
    internal static string System(Constitution constitution)
    {
        (_, string frame) = Constitution.SplitVersion(Constitution.ReadResource("judge.md"), "judge's prompt");
        return frame
            .Trim()
            .Replace("{max_reason}", $"{JudgeReply.MaxReason}", StringComparison.Ordinal)
            .Replace("{principles}", string.Join(", ", constitution.Principles), StringComparison.Ordinal)
            .Replace("{constitution}", constitution.Text, StringComparison.Ordinal);
    }

    /// <summary>The user's message: the brief and the two proposals as data.</summary>
    internal static string Question(DecisionContext context, Candidate first, Candidate second)
    {
        var text = new StringBuilder();
        text.Append("The brief that both proposals answer, quoted as data:\n<brief>\n").Append(Data(context.Prompt));
        text.Append("\n</brief>\n\nThe two proposals, quoted as data:\n");
        Append(text, "first", first, context.Prompt);
        Append(text, "second", second, context.Prompt);
        if (ContradictsConfidence(first, second))
        {
            text.Append("Checked by program: of the two, the larger position has the lower stated confidence.\n");
        }

        text.Append("\nCompare the two by the constitution.");
        return text.ToString();
    }

    /// <summary>What a model is told about a reply that could not be used.</summary>
    internal static string Repair(string error) =>
        $"That reply cannot be used: {error} Send the whole JSON object again, corrected, and nothing else.";

    private static void Append(StringBuilder text, string tag, Candidate candidate, string brief)
    {
        text.Append($"<{tag}>\n");
        text.Append($"Action: {candidate.Action.ToString().ToLowerInvariant()}\n");
        text.Append($"Position size: {candidate.PositionSize:0.####%} of equity\n");
        text.Append($"Stated confidence: {candidate.Confidence:0.####%}\n");
        text.Append($"Analysis: {Said(candidate, candidate.Analysis)}\n");
        for (int i = 0; i < candidate.Reasoning.Count; i++)
        {
            text.Append($"{(i == 0 ? "Reasoning:\n" : "")}{i + 1}. {Said(candidate, candidate.Reasoning[i])}\n");
        }

        string[] unknown = UnknownCitations(candidate, brief);
        if (unknown.Length > 0)
        {
            text.Append($"Checked by program: it cites {string.Join(", ", unknown)}, which the brief does not have.\n");
        }

        text.Append($"</{tag}>\n");
    }

    // What a candidate was asked to be is no merit: where it calls its stance by name, the name is left out.
    private static string Said(Candidate candidate, string text)
    {
        string said = Data(Headlines.Clean(text, int.MaxValue));
        return candidate.Stance.Length == 0
            ? said
            : Regex.Replace(
                said,
                $@"\b{Regex.Escape(candidate.Stance)} (?<noun>stance|persona|view)\b",
                "this ${noun}",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
            );
    }

    // Only the frame has tags: what is quoted cannot close one or open another.
    private static string Data(string text) => TagStart.Replace(text, "‹${name}");

    // Ids in square brackets, such as [N3]; where the brief has none of them, they mean something else.
    private static string[] UnknownCitations(Candidate candidate, string brief)
    {
        HashSet<string> known = [.. Citation.Matches(brief).Select(m => m.Value)];
        return known.Count == 0
            ? []
            :
            [
                .. candidate
                    .Reasoning.Prepend(candidate.Analysis)
                    .SelectMany(t => Citation.Matches(t))
                    .Select(m => m.Value)
                    .Where(id => !known.Contains(id))
                    .Distinct()
                    .Order(StringComparer.Ordinal),
            ];
    }

    private static bool ContradictsConfidence(Candidate a, Candidate b) =>
        a.Action != TradeAction.Hold
        && b.Action != TradeAction.Hold
        && (a.PositionSize - b.PositionSize) * (a.Confidence - b.Confidence) < 0;
}
