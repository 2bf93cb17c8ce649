using Rlaif.Outcomes;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards.Baselines;

/// <summary>Scores of candidates that nobody had to learn: what a reward model has to be better than before anything else.</summary>
internal static class UntrainedScores
{
    private const string MomentumFeature = "momentum_20";

    /// <summary>The scores by name. A coin scores everybody alike, and a tie counts half.</summary>
    public static IReadOnlyDictionary<string, Func<SettledCandidate, double>> All { get; } =
        new SortedDictionary<string, Func<SettledCandidate, double>>(StringComparer.Ordinal)
        {
            ["coin"] = _ => 0,
            ["agent_score"] = c => Side(c) * c.Candidate.Score,
            ["agent_confidence"] = c => c.Candidate.Confidence,
            ["text_length"] = c => c.Candidate.Analysis.Length + c.Candidate.Reasoning.Sum(r => r.Length),
            ["momentum"] = Momentum,
            ["reversal"] = c => -Momentum(c),
            ["smaller_position"] = c => -c.Candidate.PositionSize,
        };

    private static double Momentum(SettledCandidate candidate) =>
        Side(candidate) * candidate.Candidate.PositionSize * (candidate.Context.Features.GetValueOrDefault(MomentumFeature) ?? 0);

    private static int Side(SettledCandidate candidate) => CandidateFeatures.Side(candidate.Candidate.Action);
}
