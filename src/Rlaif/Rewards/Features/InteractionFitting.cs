using Rlaif.Decisions;
using Rlaif.Preferences;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Features;

/// <summary>Runs an <see cref="InteractionSearch"/> over training pairs and measures the products that it finds.</summary>
internal static class InteractionFitting
{
    public static IReadOnlyList<FeatureInteraction> Fit(
        FeatureBuilder features,
        PreferenceDataset training,
        IReadOnlyList<double> weights,
        int limit,
        WorkTeam team
    )
    {
        // Ordered by date, because the search takes the contexts of one date together.
        DecisionContext[] contexts =
        [
            .. training
                .Candidates.Select(c => c.Context)
                .DistinctBy(c => c.ContextId, StringComparer.Ordinal)
                .OrderBy(c => c.AsOf)
                .ThenBy(c => c.ContextId, StringComparer.Ordinal),
        ];
        float[][] values = Values(features, contexts);
        int[] dates = [.. contexts.Select(c => c.Date.DayNumber)];
        var search = new InteractionSearch(values, Pull(training, weights, contexts), dates, team);
        IReadOnlyList<string> names = features.Scaler.MarketNames;
        return [.. search.Find(limit).Select(f => Measure(names[f.First], names[f.Second], values[f.First], values[f.Second]))];
    }

    /// <summary>Standardized values by feature and context.</summary>
    private static float[][] Values(FeatureBuilder features, DecisionContext[] contexts)
    {
        float[] row = new float[features.Scaler.MarketNames.Count];
        float[][] values = [.. row.Select(_ => new float[contexts.Length])];
        for (int c = 0; c < contexts.Length; c++)
        {
            features.WriteMarket(contexts[c], row);
            for (int i = 0; i < row.Length; i++)
            {
                values[i][c] = row[i];
            }
        }

        return values;
    }

    /// <summary>The derivative of the likelihood by a weight on (exposure x something) that is 1 in this context alone, at equal rewards.</summary>
    private static double[] Pull(PreferenceDataset training, IReadOnlyList<double> weights, DecisionContext[] contexts)
    {
        var position = contexts
            .Select((c, i) => (c.ContextId, i))
            .ToDictionary(c => c.ContextId, c => c.i, StringComparer.Ordinal);
        double[] pull = new double[contexts.Length];
        for (int p = 0; p < training.Pairs.Count; p++)
        {
            Add(training.Pairs[p].ChosenId, weights[p]);
            Add(training.Pairs[p].RejectedId, -weights[p]);
        }

        return pull;

        void Add(string candidateId, double weight)
        {
            Candidate candidate = training.Candidates[training.IndexOf(candidateId)].Candidate;
            pull[position[candidate.ContextId]] += weight * CandidateFeatures.Side(candidate.Action) * candidate.PositionSize;
        }
    }

    private static FeatureInteraction Measure(string first, string second, float[] a, float[] b)
    {
        (double mean, double deviation) = FeatureFitting.Spread([.. a.Select((x, i) => (double)(x * b[i]))]);
        return new FeatureInteraction(first, second, mean, deviation);
    }
}
