namespace Rlaif.Rewards;

/// <summary>
/// Puts the members' scores together: each in standard deviations of its own scores over the training candidates (members differ in scale, which
/// says nothing), then all times the members' mean standard deviation, so that a gap of two rewards stays a logit.
/// </summary>
internal sealed class EnsembleRule
{
    private readonly IReadOnlyList<RewardMember> _members;
    private readonly RewardRanking _ranking;
    private readonly double _penalty;
    private readonly double _unit;

    public EnsembleRule(IReadOnlyList<RewardMember> members, RewardModelOptions options)
    {
        _members = members;
        _ranking = options.Ranking;
        _penalty = options.DeviationPenalty;
        _unit = members.Average(m => m.Deviation);
    }

    /// <summary>One score of each member, all on the scale of rewards.</summary>
    public double[] Align(ReadOnlySpan<double> scores)
    {
        double[] aligned = new double[scores.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            aligned[i] = _unit * _members[i].Normalize(scores[i]);
        }

        return aligned;
    }

    /// <summary>The estimate from one score of each member.</summary>
    public RewardEstimate Combine(ReadOnlySpan<double> scores)
    {
        double sum = 0;
        double lowest = double.PositiveInfinity;
        for (int i = 0; i < scores.Length; i++)
        {
            double z = _members[i].Normalize(scores[i]);
            sum += z;
            lowest = Math.Min(lowest, z);
        }

        double mean = sum / scores.Length;
        double squares = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            double gap = _members[i].Normalize(scores[i]) - mean;
            squares += gap * gap;
        }

        double deviation = Math.Sqrt(squares / scores.Length);
        double reward = _ranking switch
        {
            RewardRanking.Mean => mean,
            RewardRanking.Min => lowest,
            _ => mean - (_penalty * deviation),
        };
        return new RewardEstimate(_unit * reward, _unit * mean, _unit * deviation);
    }
}
