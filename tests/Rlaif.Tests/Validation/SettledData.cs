using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Validation;

/// <summary>Settled candidates made by hand: decisions at the close (20:00 UTC), exits at the close some sessions later.</summary>
internal static class SettledData
{
    internal static readonly DateOnly Start = new(2024, 1, 1);

    /// <summary>Monday to Friday from the start, with no holiday.</summary>
    internal static readonly SessionCalendar Weekdays = new(
        Enumerable.Range(0, 3000).Select(Start.AddDays).Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
    );

    internal static DateOnly Session(int index) => Weekdays.Sessions[index];

    internal static DateTimeOffset CloseOf(DateOnly date) => new(date, new TimeOnly(20, 0), TimeSpan.Zero);

    internal static DateTimeOffset OpenOf(DateOnly date) => new(date, new TimeOnly(13, 30), TimeSpan.Zero);

    internal static string ContextId(string symbol, int session) => $"ctx-{symbol}-{session:D4}";

    internal static SettledCandidate Candidate(
        string symbol,
        int session,
        double netReturn = 0,
        double size = 0.1,
        int index = 0,
        int hold = 5,
        TradeAction action = TradeAction.Buy
    )
    {
        string contextId = ContextId(symbol, session);
        string candidateId = $"{contextId}-{index}";
        DateTimeOffset asOf = CloseOf(Session(session));
        DateTimeOffset exitAt = CloseOf(Session(session + hold));
        var candidate = new Candidate
        {
            CandidateId = candidateId,
            ContextId = contextId,
            Index = index,
            Symbol = symbol,
            AsOf = asOf,
            Action = action,
            PositionSize = size,
            Score = 0,
            Confidence = 0.5,
            Stance = "balanced",
            Analysis = "",
            Reasoning = [],
        };
        var outcome = new Outcome
        {
            OutcomeId = $"out-{candidateId}",
            CandidateId = candidateId,
            ContextId = contextId,
            DecisionId = null,
            Symbol = symbol,
            Action = action,
            PositionSize = size,
            EntryAt = OpenOf(Session(session + 1)),
            EntryPrice = 100,
            ExitAt = exitAt,
            ExitPrice = 100,
            GrossReturn = netReturn,
            NetReturn = netReturn,
            Costs = 0,
            Pnl = 0,
            Quantity = 0,
            BenchmarkReturn = null,
            MaxDrawdown = 0,
            FavorableExcursion = 0,
            AdverseExcursion = 0,
            Sharpe = null,
            Sortino = null,
            DailyVolatility = 0.01,
            Beta = null,
            HoldDays = hold,
            ExitReason = ExitReason.TimeLimit,
            KnownAt = exitAt,
            Provenance = OutcomeProvenance.Traded,
        };
        return new SettledCandidate(Context(contextId, symbol, asOf), candidate, outcome);
    }

    internal static PreferencePair Pair(SettledCandidate chosen, SettledCandidate rejected, PreferencePool pool)
    {
        (string a, string b) = (chosen.Candidate.CandidateId, rejected.Candidate.CandidateId);
        return new PreferencePair
        {
            PairId = PreferencePair.CreateId(a, b, pool, "vol_scaled"),
            ChosenId = a,
            RejectedId = b,
            Pool = pool,
            Metric = "vol_scaled",
            OutcomeMargin = 1,
            Confidence = 0.7,
            KnownAt = chosen.Outcome.KnownAt,
        };
    }

    /// <summary>Pairs of two candidates per context whose better one is drawn by a coin, held for a day, on every session of one symbol.</summary>
    internal static PreferenceDataset CoinPairs(int contexts, DeterministicRandom random, int pairsPerDate = 1)
    {
        var candidates = new List<SettledCandidate>();
        var pairs = new List<PreferencePair>();
        for (int i = 0; i < contexts; i++)
        {
            string symbol = $"S{i % pairsPerDate}";
            SettledCandidate[] two =
            [
                Candidate(symbol, i / pairsPerDate, index: 0, hold: 1),
                Candidate(symbol, i / pairsPerDate, index: 1, hold: 1),
            ];
            int better = random.NextInt(2);
            candidates.AddRange(two);
            pairs.Add(Pair(two[better], two[1 - better], PreferencePool.SameContext));
        }

        return new PreferenceDataset(candidates, pairs);
    }

    private static DecisionContext Context(string id, string symbol, DateTimeOffset asOf) =>
        new()
        {
            ContextId = id,
            RunId = "run",
            Symbol = symbol,
            AsOf = asOf,
            Generation = 0,
            Agents = "rules",
            SnapshotHash = "hash",
            Features = new Dictionary<string, double?>(StringComparer.Ordinal),
            ReferencePrice = 100,
            DailyVolatility = 0.01,
            Beta = null,
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt = "",
        };
}
