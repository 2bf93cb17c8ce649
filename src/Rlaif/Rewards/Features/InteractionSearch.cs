using MathNet.Numerics.Distributions;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Features;

/// <summary>
/// Finds the products of two market features that tell which side wins. A network of this size does not find a product of two among
/// dozens of features in a few hundred noisy contexts: it has learnt the noise by heart long before. A score test does: under
/// the Bradley-Terry model with all rewards equal, the derivative of the likelihood by the weight of a column is a sum over contexts whose
/// variance the data show, so their ratio is about standard normal when the column says nothing. Terms are taken one by one
/// (orthogonal matching pursuit), each against what the terms before left unexplained, as long as one is too large for chance among all those
/// looked at (Bonferroni); on data without any edge nothing is found in 19 of 20 trainings.
/// </summary>
internal sealed class InteractionSearch
{
    private const double FamilyError = 0.05;

    private readonly float[][] _features;
    private readonly int[] _clusters;
    private readonly double[] _residual;
    private readonly WorkTeam _team;

    /// <summary>Prepares a search.</summary>
    /// <param name="features">Standardized values by feature and context, 0 where missing.</param>
    /// <param name="pull">For each context, how strongly its pairs pull towards longs (positive) or shorts (negative).</param>
    /// <param name="clusters">For each context the number of its date, ascending: contexts of one date share the market's move and count as one.</param>
    /// <param name="team">Looks at many terms at once; the result is the same for any number of threads.</param>
    public InteractionSearch(float[][] features, double[] pull, int[] clusters, WorkTeam team)
    {
        _features = features;
        _clusters = clusters;
        _team = team;
        double mean = pull.Average();
        _residual = [.. pull.Select(p => p - mean)];
    }

    /// <summary>At most <paramref name="limit"/> pairs of feature numbers, the most telling first.</summary>
    public IReadOnlyList<(int First, int Second)> Find(int limit)
    {
        List<Term> terms = [.. Terms()];
        double[] statistics = new double[terms.Count];
        var found = new List<(int First, int Second)>();
        double threshold = terms.Count == 0 ? 0 : -Normal.InvCDF(0, 1, FamilyError / 2 / terms.Count);
        while (found.Count < limit && terms.Count > 0)
        {
            _team.Run(terms.Count, i => statistics[i] = Math.Abs(Statistic(terms[i])));
            int best = Enumerable.Range(0, terms.Count).MaxBy(i => statistics[i]);
            if (statistics[best] < threshold)
            {
                break;
            }

            Explain(terms[best]);
            if (terms[best].Second is { } second)
            {
                found.Add((terms[best].First, second));
            }

            terms.RemoveAt(best);
        }

        return found;
    }

    /// <summary>A single feature is a column of its own already; it takes part so that its products are not found in its stead.</summary>
    private IEnumerable<Term> Terms()
    {
        float[] ones = [.. _residual.Select(_ => 1f)];
        for (int i = 0; i < _features.Length; i++)
        {
            yield return new Term(i, null, _features[i], ones);
            for (int j = i; j < _features.Length; j++)
            {
                yield return new Term(i, j, _features[i], _features[j]);
            }
        }
    }

    /// <summary>The score over its standard deviation, the latter from the sums of the dates.</summary>
    private double Statistic(Term term)
    {
        double score = 0;
        double variance = 0;
        double date = 0;
        for (int c = 0; c < _residual.Length; c++)
        {
            date += _residual[c] * term.Centered(c);
            if (c + 1 == _residual.Length || _clusters[c + 1] != _clusters[c])
            {
                score += date;
                variance += date * date;
                date = 0;
            }
        }

        return variance > 0 ? score / Math.Sqrt(variance) : 0;
    }

    /// <summary>Takes out of the pull what the term explains, by least squares.</summary>
    private void Explain(Term term)
    {
        double covariance = 0;
        double variance = 0;
        for (int c = 0; c < _residual.Length; c++)
        {
            double value = term.Centered(c);
            covariance += _residual[c] * value;
            variance += value * value;
        }

        for (int c = 0; c < _residual.Length; c++)
        {
            _residual[c] -= covariance / variance * term.Centered(c);
        }
    }

    /// <summary>A feature, or the product of two. Centered: otherwise a product of correlated features would stand for the market's drift.</summary>
    private sealed class Term(int first, int? second, float[] a, float[] b)
    {
        private readonly double _mean = a.Select((x, c) => (double)(x * b[c])).Sum() / a.Length;

        public int First => first;

        public int? Second => second;

        public double Centered(int context) => (a[context] * b[context]) - _mean;
    }
}
