using System.Text;
using Rlaif.Decisions;

namespace Rlaif.Tuning;

/// <summary>
/// The words of fine-tuning data. They come from the context and the candidate alone; no outcome reaches this class.
/// </summary>
public static class CandidateText
{
    /// <summary>The system message of every row.</summary>
    public const string System =
        "You manage a trading portfolio. From the market facts and the analysts' views you are given, and nothing else, decide whether to "
        + "buy, sell short or hold, say how large the position should be, and explain why.";

    /// <summary>The candidate as an answer: action, position size, stated confidence, analysis, and the numbered steps of its reasoning.</summary>
    public static string Answer(Candidate candidate)
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        ArgumentNullException.ThrowIfNull(candidate);
        var text = new StringBuilder();
        text.Append("Decision: ").Append(candidate.Action.ToString().ToUpperInvariant()).Append('\n');
        text.Append("Position size: ").Append(Percent(candidate.PositionSize)).Append(" of equity\n");
        text.Append("Confidence: ").Append(Percent(candidate.Confidence)).Append('\n');
        text.Append("Analysis: ").Append(candidate.Analysis.Trim());
        for (int i = 0; i < candidate.Reasoning.Count; i++)
        {
            text.Append(i == 0 ? "\nReasoning:\n" : "\n").Append(i + 1).Append(". ").Append(candidate.Reasoning[i].Trim());
        }

        return WellFormed(text.ToString());
    }

    /// <summary>The prompt of a context.</summary>
    internal static string Question(DecisionContext context) => WellFormed(context.Prompt);

    // A text that was cut inside a surrogate pair has no UTF-8 form: the half becomes U+FFFD.
    internal static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Percent(double fraction) => fraction.ToString("0.####%");
}
