namespace Rlaif.Validation;

/// <summary>
/// Rank correlations of two lists in which each item counts a whole number of times, as in a resample. Sorted once, so that each of the
/// thousands of resamples costs O(n), or O(n log n) for Kendall's.
/// </summary>
internal sealed class WeightedRanks
{
    private readonly int[] _byFirst;
    private readonly int[] _firstLevel;
    private readonly int[] _secondLevel;
    private readonly int _firstLevels;
    private readonly int _secondLevels;

    public WeightedRanks(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        (_firstLevel, _firstLevels) = LevelsOf(first);
        (_secondLevel, _secondLevels) = LevelsOf(second);
        _byFirst = [.. Enumerable.Range(0, first.Count).OrderBy(i => _firstLevel[i])];
    }

    /// <summary>Spearman's rho; null when the drawn values of a list are all equal.</summary>
    public double? Spearman(int[] weights)
    {
        double[] first = MeanRanks(Totals(_firstLevel, _firstLevels, weights));
        double[] second = MeanRanks(Totals(_secondLevel, _secondLevels, weights));
        long count = weights.Sum(w => (long)w);
        double middle = (count + 1) / 2.0;
        double product = 0;
        double firstSquares = 0;
        double secondSquares = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double a = first[_firstLevel[i]] - middle;
            double b = second[_secondLevel[i]] - middle;
            product += weights[i] * a * b;
            firstSquares += weights[i] * a * a;
            secondSquares += weights[i] * b * b;
        }

        return firstSquares > 0 && secondSquares > 0 ? product / Math.Sqrt(firstSquares * secondSquares) : null;
    }

    /// <summary>Kendall's tau-b; null when the drawn values of a list are all equal.</summary>
    public double? Kendall(int[] weights)
    {
        double notTiedInFirst = NotTied(Totals(_firstLevel, _firstLevels, weights));
        double notTiedInSecond = NotTied(Totals(_secondLevel, _secondLevels, weights));
        return notTiedInFirst > 0 && notTiedInSecond > 0
            ? Concordance(weights) / Math.Sqrt(notTiedInFirst * notTiedInSecond)
            : null;
    }

    // Items in the order of the first list; those with smaller first values are in the tree, by their second value (Fenwick, 1994).
    private double Concordance(int[] weights)
    {
        long[] tree = new long[_secondLevels + 1];
        long inTree = 0;
        double sum = 0;
        for (int start = 0; start < _byFirst.Length; )
        {
            int end = start;
            while (end < _byFirst.Length && _firstLevel[_byFirst[end]] == _firstLevel[_byFirst[start]])
            {
                int item = _byFirst[end++];
                long below = Below(tree, _secondLevel[item]);
                long above = inTree - Below(tree, _secondLevel[item] + 1);
                sum += weights[item] * (double)(below - above);
            }

            for (; start < end; start++)
            {
                Add(tree, _secondLevel[_byFirst[start]], weights[_byFirst[start]]);
                inTree += weights[_byFirst[start]];
            }
        }

        return sum;
    }

    private static void Add(long[] tree, int level, int weight)
    {
        for (int i = level + 1; i < tree.Length; i += i & -i)
        {
            tree[i] += weight;
        }
    }

    /// <summary>Weight of the levels under one.</summary>
    private static long Below(long[] tree, int level)
    {
        long sum = 0;
        for (int i = level; i > 0; i -= i & -i)
        {
            sum += tree[i];
        }

        return sum;
    }

    private static double NotTied(long[] totals)
    {
        double count = totals.Sum();
        return ((count * (count - 1)) - totals.Sum(t => (double)t * (t - 1))) / 2;
    }

    private static double[] MeanRanks(long[] totals)
    {
        double[] ranks = new double[totals.Length];
        long below = 0;
        for (int level = 0; level < totals.Length; level++)
        {
            ranks[level] = below + ((totals[level] + 1) / 2.0);
            below += totals[level];
        }

        return ranks;
    }

    private static long[] Totals(int[] levels, int count, int[] weights)
    {
        long[] totals = new long[count];
        for (int i = 0; i < levels.Length; i++)
        {
            totals[levels[i]] += weights[i];
        }

        return totals;
    }

    private static (int[] Level, int Count) LevelsOf(IReadOnlyList<double> values)
    {
        double[] distinct = [.. values.Distinct().Order()];
        return ([.. values.Select(v => Array.BinarySearch(distinct, v))], distinct.Length);
    }
}
