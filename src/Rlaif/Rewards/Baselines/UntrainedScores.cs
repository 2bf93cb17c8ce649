using Rlaif.Outcomes;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards.Baselines;

/// <summary>Scores of candidates that nobody had to learn: what a reward model has to be better than before anything else.</summary>
internal static class UntrainedScores
{
    private const string Momentum = "momentum_20";

    /// <summary>The scores by name. A coin scores everybody alike, and a tie counts half.</summary>
    public static IReadOnlyDictionary<string, Func<SettledCandidate, double>> All { get; } =
        new SortedDictionary<string, Func<SettledCandidate, double>>(StringComparer.Ordinal)
        {
            ["coin"] = _ => 0,
            ["agent_score"] = c => Side(c) * c.Candidate.Score,
            ["agent_confidence"] = c => c.Candidate.Confidence,
            ["text_length"] = c => c.Candidate.Analysis.Length + c.Candidate.Reasoning.Sum(r => r.Length),
            ["momentum"] = c => Side(c) * c.Candidate.PositionSize * (c.Context.Features.GetValueOrDefault(Momentum) ?? 0),
            ["smaller_position"] = c => -c.Candidate.PositionSize,
        };

    private static int Side(SettledCandidate candidate) => CandidateFeatures.Side(candidate.Candidate.Action);
}
