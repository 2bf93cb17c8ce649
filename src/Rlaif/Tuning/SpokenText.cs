using Rlaif.Outcomes;

namespace Rlaif.Tuning;

/// <summary>The texts of one candidate: a question of one or more messages and the answer.</summary>
/// <param name="System">The system message.</param>
/// <param name="Prompt">
/// The user's messages, at least one: the first is the same for all candidates of the context, the others told them apart.
/// </param>
/// <param name="Answer">The answer.</param>
internal sealed record SpokenText(string System, IReadOnlyList<string> Prompt, string Answer)
{
    // Trainers and chat templates want the sides to take turns: messages of one side become one.
    private const string Joint = "\n\n";

    /// <summary>The message that all candidates of the context share.</summary>
    internal string Shared => Prompt[0];

    /// <summary>The whole question.</summary>
    internal string Whole => string.Join(Joint, Prompt);

    /// <summary>Whether there is a message beyond the shared one.</summary>
    internal bool HasVariation => Prompt.Count > 1;

    /// <summary>The texts of a candidate as they are rendered from its records.</summary>
    internal static SpokenText Rendered(SettledCandidate settled) =>
        new(CandidateText.System, [CandidateText.Question(settled.Context)], CandidateText.Answer(settled.Candidate));

    /// <summary>Whether both answer the same question, but for what told them apart.</summary>
    internal bool SharesPromptWith(SpokenText other) => System == other.System && Shared == other.Shared;
}
