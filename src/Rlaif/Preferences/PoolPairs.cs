using MathNet.Numerics.Distributions;
using Rlaif.Outcomes;

namespace Rlaif.Preferences;

/// <summary>Judges possible pairs of one pool, keeps the good ones and counts the rest. The order in which they come matters for the caps only.</summary>
internal sealed class PoolPairs
{
    private readonly PreferencePool _pool;
    private readonly PreferenceOptions _options;
    private readonly double _minMargin;
    private readonly ScoreSpread? _spread;
    private readonly int[] _used;
    private readonly HashSet<(string Low, string High)> _existing = [];
    private readonly Dictionary<string, long> _dropped = [];
    private readonly List<PreferencePair> _kept = [];

    /// <summary>Starts with nothing kept.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="options">Metric, margin and caps.</param>
    /// <param name="scored">All scored candidates, by position.</param>
    /// <param name="spread">The spread of the scores, where the metric needs it.</param>
    /// <param name="existing">Pairs formed earlier: never formed again, and counted towards the caps.</param>
    internal PoolPairs(
        PreferencePool pool,
        PreferenceOptions options,
        IReadOnlyList<ScoredCandidate> scored,
        ScoreSpread? spread,
        IReadOnlyList<PreferencePair> existing
    )
    {
        _pool = pool;
        _options = options;
        _minMargin = options.EffectiveMinMargin;
        _spread = spread;
        _used = new int[scored.Count];
        AddExisting(existing, scored);
    }

    internal IReadOnlyList<PreferencePair> Kept => _kept;

    /// <summary>Judges one possible pair. True when it is a pair, from now or from earlier.</summary>
    /// <param name="a">One side.</param>
    /// <param name="b">The other.</param>
    /// <param name="hasRoom">False when the caller's own quota is used up; the pair then counts as over the cap.</param>
    internal bool Consider(ScoredCandidate a, ScoredCandidate b, bool hasRoom = true)
    {
        if (_existing.Count > 0 && _existing.Contains(Key(a.Id, b.Id)))
        {
            return true;
        }

        if (Obstacle(a, b, out Comparison found) is { } reason)
        {
            Drop(reason);
            return false;
        }

        if (!hasRoom || _used[a.Position] >= _options.MaxPairsPerDecision || _used[b.Position] >= _options.MaxPairsPerDecision)
        {
            Drop(DropReason.OverCap);
            return false;
        }

        _used[a.Position]++;
        _used[b.Position]++;
        _kept.Add(ToPair(a, b, found));
        return true;
    }

    internal void Drop(string reason, long count = 1)
    {
        if (count > 0)
        {
            _dropped[reason] = _dropped.GetValueOrDefault(reason) + count;
        }
    }

    internal void AddDroppedTo(IDictionary<string, long> total)
    {
        foreach ((string reason, long count) in _dropped)
        {
            total[reason] = (total.TryGetValue(reason, out long before) ? before : 0) + count;
        }
    }

    // The reason why two candidates make no pair, or null and what a pair of them would say.
    private string? Obstacle(ScoredCandidate a, ScoredCandidate b, out Comparison found)
    {
        found = default;
        double gap = Math.Abs(a.Score - b.Score);
        if (gap <= 0 || (_pool == PreferencePool.SameContext && IsSameTrip(a.Outcome, b.Outcome)))
        {
            return DropReason.Tie;
        }

        double margin = _options.Metric.Margin(gap, a.Outcome, b.Outcome);
        if (margin < _minMargin)
        {
            return DropReason.BelowMargin;
        }

        DateTimeOffset knownAt = a.Outcome.KnownAt > b.Outcome.KnownAt ? a.Outcome.KnownAt : b.Outcome.KnownAt;
        if (_options.Metric.Noise(a.Outcome, b.Outcome, _spread?.At(knownAt)) is not { } noise)
        {
            return DropReason.NoVolatility;
        }

        found = new Comparison(margin, gap / noise, knownAt);
        return null;
    }

    // What is settled on the market's path follows from action and size: if two outcomes of one proposal differ, then by when and how they were settled. A
    // reported outcome is that of its own candidate, with its own entry and exit.
    private static bool IsSameTrip(Outcome a, Outcome b) =>
        a.Action == b.Action
        && a.PositionSize.Equals(b.PositionSize)
        && !(a.ExitReason == ExitReason.Reported && b.ExitReason == ExitReason.Reported);

    private PreferencePair ToPair(ScoredCandidate a, ScoredCandidate b, Comparison found)
    {
        (ScoredCandidate chosen, ScoredCandidate rejected) = a.Score > b.Score ? (a, b) : (b, a);
        return new PreferencePair
        {
            PairId = PreferencePair.CreateId(chosen.Id, rejected.Id, _pool, _options.Metric.Name),
            ChosenId = chosen.Id,
            RejectedId = rejected.Id,
            Pool = _pool,
            Metric = _options.Metric.Name,
            OutcomeMargin = found.Margin,
            Confidence = ConfidenceOf(found.GapInSigmas),
            KnownAt = found.KnownAt,
        };
    }

    // Each side carries one sigma of noise, so their difference carries sqrt(2). Two candidates of one context share much of it, which
    // makes this a cautious weight there.
    internal static double ConfidenceOf(double gapInSigmas) => Normal.CDF(0, Math.Sqrt(2), gapInSigmas);

    private void AddExisting(IReadOnlyList<PreferencePair> existing, IReadOnlyList<ScoredCandidate> scored)
    {
        if (existing.Count == 0)
        {
            return;
        }

        Dictionary<string, int> positions = scored.ToDictionary(s => s.Id, s => s.Position, StringComparer.Ordinal);
        foreach (PreferencePair pair in existing.Where(p => p.Pool == _pool && p.Metric == _options.Metric.Name))
        {
            _existing.Add(Key(pair.ChosenId, pair.RejectedId));
            if (pair.OutcomeMargin < _minMargin)
            {
                continue;
            }

            foreach (string id in (ReadOnlySpan<string>)[pair.ChosenId, pair.RejectedId])
            {
                if (positions.TryGetValue(id, out int position))
                {
                    _used[position]++;
                }
            }
        }
    }

    private static (string Low, string High) Key(string a, string b) => string.CompareOrdinal(a, b) < 0 ? (a, b) : (b, a);

    private readonly record struct Comparison(double Margin, double GapInSigmas, DateTimeOffset KnownAt);
}
