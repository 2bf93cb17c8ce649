using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>Guided decisions against the static baseline, paired on the same contexts.</summary>
internal static class GuidedComparison
{
    /// <summary>What was decided against the first candidate of each context; null when no context is settled yet.</summary>
    public static PairedComparison? Of(
        IReadOnlyList<DecidedContext> decided,
        IReadOnlyList<SettledCandidate> settled,
        LearningOptions options
    )
    {
        HashSet<string> accepted = [.. decided.Select(d => d.Decision.CandidateId)];
        SettledCandidate[] baseline = [.. settled.Where(s => s.Candidate.Index == 0)];
        SettledCandidate[] guided = [.. settled.Where(s => accepted.Contains(s.Candidate.CandidateId))];
        return settled.Count == 0 ? null : PairedComparison.Compare(baseline, guided, Random(options));
    }

    /// <summary>The same comparison for someone who knew the true expectations.</summary>
    public static PairedComparison? Attainable(
        IReadOnlyList<SettledCandidate> settled,
        SimulatedTruth truth,
        LearningOptions options
    ) => settled.Count == 0 ? null : Validation.Attainable.Improvement(settled, truth.Contribution, Random(options));

    private static DeterministicRandom Random(LearningOptions options) =>
        new DeterministicRandom(options.Seed).Fork("comparison");
}
