using Rlaif.Outcomes;

namespace Rlaif.Preferences;

/// <summary>
/// Forms the pairs of a set of settled candidates. The result depends on the set alone, not on its order, and decisions made later change
/// no pair among earlier ones. Time and memory grow with the number of candidates, not with its square: where a candidate has more
/// possible partners than <see cref="MaxPartnersTried"/>, that many are sampled.
/// </summary>
internal sealed class PairFormation
{
    /// <summary>Possible partners that are looked at on either side of a candidate.</summary>
    internal const int MaxPartnersTried = 32;

    private readonly PreferenceOptions _options;
    private readonly ScoredCandidate[] _scored;
    private readonly int _undefined;

    internal PairFormation(IReadOnlyCollection<SettledCandidate> settled, PreferenceOptions options)
    {
        _options = options;
        _scored = Score(settled, options);
        _undefined = settled.Count - _scored.Length;
    }

    internal PreferenceResult Form(IReadOnlyList<PreferencePair> existing)
    {
        ScoreSpread? spread = _options.Metric.NoiseIsUnknown ? new ScoreSpread(_scored) : null;
        var pairs = new List<PreferencePair>();
        var dropped = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (_undefined > 0)
        {
            dropped[DropReason.MetricUndefined] = _undefined;
        }

        foreach (PreferencePool pool in _options.Pools.Distinct().Order())
        {
            var judge = new PoolPairs(pool, _options, _scored, spread, existing);
            Walk(pool, judge);
            pairs.AddRange(judge.Kept);
            judge.AddDroppedTo(dropped);
        }

        return new PreferenceResult([.. pairs.OrderBy(p => p.KnownAt).ThenBy(p => p.PairId, StringComparer.Ordinal)], dropped);
    }

    private static ScoredCandidate[] Score(IReadOnlyCollection<SettledCandidate> settled, PreferenceOptions options)
    {
        var random = new DeterministicRandom(options.Seed);
        var scored = new List<ScoredCandidate>(settled.Count);
        string? previous = null;
        foreach (SettledCandidate item in settled.OrderBy(s => s.Candidate.CandidateId, StringComparer.Ordinal))
        {
            string id = item.Candidate.CandidateId;
            if (id == previous)
            {
                throw new ArgumentException($"Candidate {id} is given twice; each may have one outcome.", nameof(settled));
            }

            previous = id;
            if (options.Metric.Score(item) is { } score)
            {
                scored.Add(new ScoredCandidate(item, score, scored.Count, random.Fork(id).NextBits()));
            }
        }

        return [.. scored];
    }

    private void Walk(PreferencePool pool, PoolPairs judge)
    {
        switch (pool)
        {
            case PreferencePool.SameContext:
                foreach (IGrouping<string, ScoredCandidate> context in _scored.GroupBy(s => s.Settled.Context.ContextId))
                {
                    WalkRing([.. context], acrossSymbols: false, judge);
                }

                break;
            case PreferencePool.SameDate:
                foreach (var moment in _scored.GroupBy(s => (s.Settled.Context.RunId, s.AsOf)))
                {
                    WalkRing([.. moment], acrossSymbols: true, judge);
                }

                break;
            case PreferencePool.SameSymbol:
                foreach (var symbol in _scored.GroupBy(s => (s.Settled.Context.RunId, s.Symbol)))
                {
                    WalkBack([.. symbol], judge);
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(pool), pool, "Unknown pool.");
        }
    }

    // Candidates in drawn order on a ring: neighbors first, then those two apart, and so on. Everybody gets partners evenly, and a group
    // of up to 2 * MaxPartnersTried + 1 candidates is covered completely.
    private static void WalkRing(ScoredCandidate[] group, bool acrossSymbols, PoolPairs judge)
    {
        ScoredCandidate[] ring = [.. group.OrderBy(s => s.Draw).ThenBy(s => s.Position)];
        int count = ring.Length;
        long seen = 0;
        for (int offset = 1; offset <= Math.Min(count / 2, MaxPartnersTried); offset++)
        {
            int starts = offset * 2 == count ? offset : count;
            for (int i = 0; i < starts; i++)
            {
                ScoredCandidate a = ring[i];
                ScoredCandidate b = ring[(i + offset) % count];
                if (acrossSymbols && a.Symbol == b.Symbol)
                {
                    continue;
                }

                seen++;
                judge.Consider(a, b);
            }
        }

        long possible = PairsAmong(count) - (acrossSymbols ? ring.CountBy(s => s.Symbol).Sum(s => PairsAmong(s.Value)) : 0);
        judge.Drop(DropReason.OverCap, possible - seen);
    }

    // Each candidate looks back in time only, so its pairs are settled once it is; half of the cap is left for those who come later.
    private void WalkBack(ScoredCandidate[] group, PoolPairs judge)
    {
        ScoredCandidate[] line = [.. group.OrderBy(s => s.AsOf).ThenBy(s => s.Position)];
        TimeSpan window = TimeSpan.FromDays(_options.SameSymbolWindowDays);
        int quota = (_options.MaxPairsPerDecision + 1) / 2;
        int first = 0;
        int firstOfMoment = 0;
        for (int i = 0; i < line.Length; i++)
        {
            ScoredCandidate later = line[i];
            while (line[first].AsOf < later.AsOf - window)
            {
                first++;
            }

            firstOfMoment = line[firstOfMoment].AsOf == later.AsOf ? firstOfMoment : i;
            int possible = firstOfMoment - first;
            int tried = 0;
            int taken = 0;
            foreach (int at in Sample(possible, later.Draw))
            {
                tried++;
                taken += ConsiderEarlier(line[first + at], later, taken < quota, judge) ? 1 : 0;
            }

            judge.Drop(DropReason.OverCap, possible - tried);
        }
    }

    private static bool ConsiderEarlier(ScoredCandidate earlier, ScoredCandidate later, bool hasRoom, PoolPairs judge)
    {
        if (earlier.Outcome.ExitAt > later.AsOf)
        {
            judge.Drop(DropReason.OverlappingWindows);
            return false;
        }

        return judge.Consider(earlier, later, hasRoom);
    }

    // Up to MaxPartnersTried different positions below count, spread over the whole range: a step prime to the count visits each once.
    private static IEnumerable<int> Sample(int count, ulong draw)
    {
        if (count == 0)
        {
            yield break;
        }

        ulong total = (ulong)count;
        ulong step = 1 + ((draw >> 32) % total);
        while (GreatestCommonDivisor(step, total) != 1)
        {
            step++;
        }

        ulong at = (uint)draw % total;
        for (int i = 0; i < Math.Min(count, MaxPartnersTried); i++)
        {
            yield return (int)at;
            at = (at + step) % total;
        }
    }

    private static ulong GreatestCommonDivisor(ulong a, ulong b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }

    private static long PairsAmong(long count) => count * (count - 1) / 2;
}
