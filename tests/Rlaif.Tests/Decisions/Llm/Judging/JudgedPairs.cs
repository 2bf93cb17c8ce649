using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Judging;

namespace Rlaif.Tests.Decisions.Llm.Judging;

/// <summary>Judgements made by hand.</summary>
internal static class JudgedPairs
{
    /// <summary>A judgement of two candidates of a context; <paramref name="preferred"/> is one of them, or null.</summary>
    public static Judgement Of(
        Candidate a,
        Candidate b,
        Candidate? preferred,
        bool orderDependent = false,
        IReadOnlyList<JudgeChoice>? choices = null,
        bool? beforeCutoff = null,
        string model = "claude/m"
    )
    {
        (Candidate first, Candidate second) = string.CompareOrdinal(a.CandidateId, b.CandidateId) < 0 ? (a, b) : (b, a);
        JudgeChoice straight =
            preferred is null ? JudgeChoice.Tie
            : preferred == first ? JudgeChoice.First
            : JudgeChoice.Second;
        JudgeChoice reversed =
            preferred is null ? JudgeChoice.Tie
            : preferred == first ? JudgeChoice.Second
            : JudgeChoice.First;
        return new Judgement
        {
            JudgementId = Judgement.CreateId(a.ContextId, a.CandidateId, b.CandidateId, "judge@1", model),
            ContextId = a.ContextId,
            FirstId = first.CandidateId,
            SecondId = second.CandidateId,
            PreferredId = preferred?.CandidateId,
            OrderDependent = orderDependent,
            Choices = choices ?? [straight, reversed],
            Principles = Constitution.Standard.Principles.ToDictionary(p => p, _ => preferred?.CandidateId),
            Constitution = Constitution.Standard.Id,
            Model = model,
            BeforeCutoff = beforeCutoff,
            AsOf = a.AsOf,
        };
    }
}
