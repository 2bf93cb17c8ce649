using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Baselines;
using Rlaif.Rewards.Features;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>Scores the validation side by everything simpler than the model, and measures it on the model's pairs.</summary>
internal static class TrainedBaselines
{
    /// <summary>Name of the linear model.</summary>
    public const string Linear = BaselineNames.Linear;

    /// <summary>Name of the boosted trees.</summary>
    public const string LambdaRankName = BaselineNames.LambdaRank;

    /// <summary>Measures all baselines, the best first.</summary>
    /// <param name="sides">What the model was trained and is measured on.</param>
    /// <param name="features">The model's inputs.</param>
    /// <param name="rewards">The model's rewards of the validation candidates.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="cancellationToken">Stops between two baselines.</param>
    /// <returns>The figures, and the reason for each baseline that could not be trained.</returns>
    public static (IReadOnlyList<BaselineAccuracy> Measured, IReadOnlyDictionary<string, string> Missing) Measure(
        LearningSides sides,
        FeatureBuilder features,
        IReadOnlyList<double> rewards,
        LearningOptions options,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<SettledCandidate> unseen = sides.Validation.Candidates;
        var linear = LinearBradleyTerry.Fit(sides.Train, sides.Stopping, features, options.Training, cancellationToken);
        Dictionary<string, double[]> scores = Untrained(unseen);
        scores[Linear] = [.. unseen.Select(linear.Score)];
        var missing = new Dictionary<string, string>(StringComparer.Ordinal);
        if (options.FullEvidence)
        {
            AddLambdaRank(sides, features, options, scores, missing);
        }

        DeterministicRandom random = new DeterministicRandom(options.Seed).Fork("baselines");
        return (Measure(scores, sides.Validation, rewards, random, BootstrapOptions.ForPairs(sides.Validation)), missing);
    }

    /// <summary>Measures those that need no training, the best first.</summary>
    public static IReadOnlyList<BaselineAccuracy> Untrained(
        PreferenceDataset unseen,
        IReadOnlyList<double> rewards,
        DeterministicRandom random,
        BootstrapOptions bootstrap
    ) => Measure(Untrained(unseen.Candidates), unseen, rewards, random, bootstrap);

    private static Dictionary<string, double[]> Untrained(IReadOnlyList<SettledCandidate> unseen) =>
        UntrainedScores.All.ToDictionary(s => s.Key, s => unseen.Select(s.Value).ToArray(), StringComparer.Ordinal);

    private static BaselineAccuracy[] Measure(
        Dictionary<string, double[]> scores,
        PreferenceDataset unseen,
        IReadOnlyList<double> rewards,
        DeterministicRandom random,
        BootstrapOptions bootstrap
    ) =>
        [
            .. scores
                .Select(s => BaselineAccuracy.Measure(s.Key, unseen, s.Value, rewards, random, bootstrap))
                .OrderByDescending(b => b.Accuracy)
                .ThenBy(b => b.Name, StringComparer.Ordinal),
        ];

    private static void AddLambdaRank(
        LearningSides sides,
        FeatureBuilder features,
        LearningOptions options,
        Dictionary<string, double[]> scores,
        Dictionary<string, string> missing
    )
    {
        try
        {
            var trees = LambdaRank.Fit(
                sides.Train.Candidates,
                sides.Stopping.Candidates,
                features,
                options.Preferences,
                options.Seed
            );
            scores[LambdaRankName] = trees.Score(sides.Validation.Candidates);
        }
        catch (DllNotFoundException)
        {
            missing[LambdaRankName] = "LightGBM has no native library for this platform";
        }
        catch (NotEnoughDataException e)
        {
            missing[LambdaRankName] = e.Message;
        }
    }
}
