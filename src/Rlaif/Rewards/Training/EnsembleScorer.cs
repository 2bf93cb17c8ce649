using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Training;

/// <summary>Estimates of a data set's candidates by a whole ensemble.</summary>
internal sealed class EnsembleScorer(IReadOnlyList<RewardMember> members, RewardModelOptions options, WorkTeam team)
{
    /// <summary>One estimate per candidate.</summary>
    public RewardEstimate[] Estimate(TrainingData data)
    {
        double[][] scores = [.. members.Select(m => new BatchScorer(m.Network, team).Score(data))];
        var rule = new EnsembleRule(members, options);
        var estimates = new RewardEstimate[data.Count];
        double[] own = new double[members.Count];
        for (int i = 0; i < estimates.Length; i++)
        {
            for (int m = 0; m < own.Length; m++)
            {
                own[m] = scores[m][i];
            }

            estimates[i] = rule.Combine(own);
        }

        return estimates;
    }
}
