using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>Measures a trained model on its validation side, from every angle of the report.</summary>
internal sealed class RewardEvidence
{
    private const int OutcomeBins = 10;
    private const int SpreadBins = 5;

    private readonly RewardModel _model;
    private readonly LearningSides _sides;
    private readonly LearningOptions _options;
    private readonly DeterministicRandom _random;

    /// <summary>Scores the validation side.</summary>
    public RewardEvidence(RewardModel model, LearningSides sides, LearningOptions options)
    {
        _model = model;
        _sides = sides;
        _options = options;
        _random = new DeterministicRandom(options.Seed).Fork("validation");
        Bootstrap = BootstrapOptions.ForPairs(Data);
        Rewards = model.ScoreAll([.. Candidates.Select(c => (c.Context, c.Candidate))]);
    }

    /// <summary>How its intervals are drawn.</summary>
    public BootstrapOptions Bootstrap { get; }

    /// <summary>The rewards of the candidates in validation pairs.</summary>
    public IReadOnlyList<double> Rewards { get; }

    private PreferenceDataset Data => _sides.Validation;

    private IReadOnlyList<SettledCandidate> Candidates => Data.Candidates;

    public PairwiseAccuracy Accuracy() =>
        PairwiseAccuracy.Measure(Data, Rewards, _random, Bootstrap, _model.Metadata.Temperature);

    public AccuracyBreakdown Breakdown() => AccuracyBreakdown.Measure(Data, Rewards, _random, Bootstrap);

    public RankCorrelation? Correlation()
    {
        (double Reward, double Score, DateOnly Date)[] scored = Scored();
        return scored.Length == 0
            ? null
            : RankCorrelation.Measure(
                [.. scored.Select(s => s.Reward)],
                [.. scored.Select(s => s.Score)],
                [.. scored.Select(s => s.Date)],
                _random,
                Bootstrap
            );
    }

    public IReadOnlyList<BinnedMean> OutcomeByReward()
    {
        (double Reward, double Score, DateOnly Date)[] scored = Scored();
        return BinnedMean.ByQuantile(
            [.. scored.Select(s => s.Reward)],
            [.. scored.Select(s => s.Score)],
            [.. scored.Select(s => s.Date)],
            OutcomeBins,
            _random.Fork("outcome_by_reward"),
            Bootstrap
        );
    }

    /// <summary>Where members agree, fewer pairs should be wrong.</summary>
    public IReadOnlyList<BinnedMean> ErrorBySpread()
    {
        if (_model.MemberCount == 1)
        {
            return [];
        }

        double[][] members = _model.MemberScores([.. Candidates.Select(c => (c.Context, c.Candidate))]);
        var pairs = PairHits.Of(Data, Rewards);
        return BinnedMean.ByQuantile(
            [.. Data.Pairs.Select(p => SpreadOfGap(members[Data.IndexOf(p.ChosenId)], members[Data.IndexOf(p.RejectedId)]))],
            [.. pairs.Hits.Select(h => 1 - h)],
            pairs.Dates,
            SpreadBins,
            _random.Fork("error_by_spread"),
            Bootstrap
        );
    }

    /// <summary>What choosing by reward loses, on all contexts of the validation side, those without pairs included.</summary>
    public BestOfKRegret? Regret(IReadOnlyList<SettledCandidate> unseen)
    {
        Dictionary<string, double> rewards = unseen
            .Zip(_model.ScoreAll([.. unseen.Select(c => (c.Context, c.Candidate))]))
            .ToDictionary(x => x.First.Candidate.CandidateId, x => x.Second, StringComparer.Ordinal);
        return BestOfKRegret.Measure(
            unseen,
            c => rewards[c.Candidate.CandidateId],
            _options.Preferences.Metric.Score,
            _random,
            Bootstrap
        );
    }

    private (double Reward, double Score, DateOnly Date)[] Scored() =>
        [
            .. Candidates
                .Select((c, i) => (Reward: Rewards[i], Score: _options.Preferences.Metric.Score(c), c.Context.Date))
                .Where(s => s.Score is not null)
                .Select(s => (s.Reward, s.Score!.Value, s.Date)),
        ];

    private static double SpreadOfGap(double[] chosen, double[] rejected)
    {
        double[] gaps = [.. chosen.Zip(rejected, (c, r) => c - r)];
        double mean = gaps.Average();
        return Math.Sqrt(gaps.Average(g => (g - mean) * (g - mean)));
    }
}
