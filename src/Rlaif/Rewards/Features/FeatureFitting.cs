using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Features;

/// <summary>Computes a <see cref="FeatureScaler"/>.</summary>
internal static class FeatureFitting
{
    /// <summary>Spread below this fraction of the mean's size is rounding, not variation.</summary>
    private const double RelativeNoise = 1e-9;

    public static FeatureScaler Fit(IReadOnlyList<SettledCandidate> training, WorkTeam team)
    {
        DecisionContext[] contexts = [.. training.Select(t => t.Context).DistinctBy(c => c.ContextId, StringComparer.Ordinal)];
        string[] names =
        [
            .. contexts.SelectMany(c => c.Features.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        if (names.Intersect(CandidateFeatures.Columns.Select(c => c.Name), StringComparer.Ordinal).FirstOrDefault() is { } taken)
        {
            throw new RlaifInputException(
                $"Feature {taken} has the name of one of the candidate's own columns; give it another name."
            );
        }

        var columns = new (string Name, int Present, (double Mean, double Deviation) Spread)[names.Length];
        team.Run(names.Length, i => columns[i] = FitMarket(contexts, names[i]));
        var kept = columns.Where(c => c.Spread.Deviation > 0).ToArray();
        (double[] means, double[] deviations) = FitCandidates(training);
        return new FeatureScaler
        {
            MarketNames = [.. kept.Select(c => c.Name)],
            MarketMeans = [.. kept.Select(c => c.Spread.Mean)],
            MarketDeviations = [.. kept.Select(c => c.Spread.Deviation)],
            // A feature that no context has says nothing, and neither does its indicator.
            MissingNames = [.. columns.Where(c => c.Present > 0 && c.Present < contexts.Length).Select(c => c.Name)],
            ConstantNames = [.. columns.Where(c => c.Spread.Deviation <= 0).Select(c => c.Name)],
            Interactions = [],
            NamesVary = contexts.Any(c => c.Features.Count != names.Length),
            CandidateMeans = means,
            CandidateDeviations = deviations,
            Reference = FeatureReference.Of(contexts, names, team),
        };
    }

    private static (string Name, int Present, (double Mean, double Deviation) Spread) FitMarket(
        DecisionContext[] contexts,
        string name
    )
    {
        double[] values = [.. contexts.Select(c => FeatureBuilder.Read(c, name)).OfType<double>()];
        return (name, values.Length, Spread(values));
    }

    private static (double[] Means, double[] Deviations) FitCandidates(IReadOnlyList<SettledCandidate> training)
    {
        double[] means = new double[CandidateFeatures.Count];
        double[] deviations = new double[CandidateFeatures.Count];
        double[] raw = new double[CandidateFeatures.Count];
        double[][] values = [.. Enumerable.Range(0, CandidateFeatures.Count).Select(_ => new double[training.Count])];
        for (int row = 0; row < training.Count; row++)
        {
            CandidateFeatures.Write(training[row].Candidate, raw);
            for (int i = 0; i < raw.Length; i++)
            {
                values[i][row] = raw[i];
            }
        }

        for (int i = 0; i < means.Length; i++)
        {
            (double mean, double deviation) = Spread(values[i]);
            means[i] = CandidateFeatures.IsCentered(i) ? mean : 0;
            deviations[i] = CandidateFeatures.IsScaled(i) && deviation > 0 ? deviation : 1;
        }

        return (means, deviations);
    }

    /// <summary>Mean and population standard deviation, the latter exactly 0 when the values are equal up to rounding.</summary>
    public static (double Mean, double Deviation) Spread(double[] values)
    {
        if (values.Length == 0)
        {
            return (0, 0);
        }

        double mean = values.Average();
        double deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return (mean, deviation > RelativeNoise * Math.Abs(mean) ? deviation : 0);
    }
}
