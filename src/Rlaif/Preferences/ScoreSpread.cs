namespace Rlaif.Preferences;

/// <summary>
/// The standard deviation of all scores known up to a moment: the noise of a metric that has no formula for it. Later scores do not
/// change it.
/// </summary>
internal sealed class ScoreSpread
{
    private readonly DateTimeOffset[] _knownAt;
    private readonly double[] _deviation;

    internal ScoreSpread(IEnumerable<ScoredCandidate> scored)
    {
        ScoredCandidate[] ordered = [.. scored.OrderBy(s => s.Outcome.KnownAt).ThenBy(s => s.Id, StringComparer.Ordinal)];
        _knownAt = [.. ordered.Select(s => s.Outcome.KnownAt)];
        _deviation = new double[ordered.Length];
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < ordered.Length; i++)
        {
            // Welford (1962): stable for scores far from zero.
            double before = ordered[i].Score - mean;
            mean += before / (i + 1);
            squares += before * (ordered[i].Score - mean);
            _deviation[i] = i == 0 ? 0 : Math.Sqrt(squares / i);
        }
    }

    /// <summary>The deviation of the scores known at <paramref name="moment"/>; null when there are fewer than two.</summary>
    internal double? At(DateTimeOffset moment)
    {
        int low = 0;
        int high = _knownAt.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_knownAt[middle] <= moment)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < 2 ? null : _deviation[low - 1];
    }
}
