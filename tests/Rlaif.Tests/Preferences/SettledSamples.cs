using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Preferences;

/// <summary>Settled candidates with known outcomes.</summary>
internal static class SettledSamples
{
    internal static readonly DateTimeOffset FirstDecision = new(2024, 1, 5, 21, 0, 0, TimeSpan.Zero);
    internal static readonly TimeSpan Held = TimeSpan.FromDays(7);

    private static readonly string[] Symbols = ["AAPL", "MSFT", "NVDA", "TSLA"];
    private static readonly TradeAction[] Actions = [TradeAction.Buy, TradeAction.Sell, TradeAction.Hold];
    private static readonly double[] Sizes = [0.02, 0.05, 0.1];

    internal static DecisionContext Context(
        string symbol = "AAPL",
        DateTimeOffset? asOf = null,
        string runId = "run",
        double? volatility = 0.02,
        double? beta = 1,
        string? prompt = null
    )
    {
        DateTimeOffset moment = asOf ?? FirstDecision;
        return new DecisionContext
        {
            ContextId = DecisionContext.CreateId(runId, symbol, moment, 0),
            RunId = runId,
            Symbol = symbol,
            AsOf = moment,
            Generation = 0,
            Agents = "rules",
            SnapshotHash = "hash",
            Features = new Dictionary<string, double?> { ["rsi_14"] = 41.25, ["return_5d"] = null },
            ReferencePrice = 100m,
            DailyVolatility = volatility,
            Beta = beta,
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt = prompt ?? $"What about {symbol} on {moment:yyyy-MM-dd}?",
        };
    }

    internal static Candidate Candidate(
        DecisionContext context,
        int index,
        TradeAction action,
        double size,
        double score = 0,
        string analysis = "The trend is up."
    ) =>
        new()
        {
            CandidateId = Rlaif.Decisions.Candidate.CreateId(context.ContextId, index),
            ContextId = context.ContextId,
            Index = index,
            Symbol = context.Symbol,
            AsOf = context.AsOf,
            Action = action,
            PositionSize = action == TradeAction.Hold ? 0 : size,
            Score = score,
            Confidence = 0.7,
            Stance = "balanced",
            Analysis = $"{analysis} ({index})",
            Reasoning = ["RSI is 41.", "Volume rises."],
        };

    /// <summary>Settles a candidate on an asset return: costs of 10 bp, held for five days.</summary>
    internal static SettledCandidate Settle(
        DecisionContext context,
        Candidate candidate,
        double assetReturn,
        double? benchmarkReturn = null,
        double costs = 0.001,
        OutcomeProvenance provenance = OutcomeProvenance.Counterfactual
    )
    {
        double side = candidate.Action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };
        double paid = side == 0 ? 0 : costs;
        var outcome = new Outcome
        {
            OutcomeId = Outcome.CreateId(candidate.CandidateId, provenance),
            CandidateId = candidate.CandidateId,
            ContextId = context.ContextId,
            DecisionId = null,
            Symbol = context.Symbol,
            Action = candidate.Action,
            PositionSize = candidate.PositionSize,
            EntryAt = context.AsOf,
            EntryPrice = 100m,
            ExitAt = context.AsOf + Held,
            ExitPrice = (decimal)(100 * (1 + assetReturn)),
            GrossReturn = side * assetReturn,
            NetReturn = (side * assetReturn) - paid,
            Costs = paid,
            Pnl = 0m,
            Quantity = 0m,
            BenchmarkReturn = benchmarkReturn,
            MaxDrawdown = -0.02,
            FavorableExcursion = 0,
            AdverseExcursion = 0,
            Sharpe = null,
            Sortino = null,
            DailyVolatility = context.DailyVolatility,
            Beta = context.Beta,
            HoldDays = 5,
            ExitReason = side == 0 ? ExitReason.NoPosition : ExitReason.TimeLimit,
            KnownAt = context.AsOf + Held,
            Provenance = provenance,
        };
        return new SettledCandidate(context, candidate, outcome);
    }

    internal static SettledCandidate Single(
        string symbol,
        int day,
        TradeAction action,
        double assetReturn,
        double size = 0.05,
        double? volatility = 0.02
    )
    {
        DecisionContext context = Context(symbol, FirstDecision.AddDays(day), volatility: volatility);
        return Settle(context, Candidate(context, 0, action, size), assetReturn);
    }

    /// <summary>A random history: decisions every <paramref name="every"/> days on four symbols, with some of everything.</summary>
    internal static List<SettledCandidate> World(int seed, int moments = 8, int candidates = 5, int every = 7, int symbols = 4)
    {
        var random = new DeterministicRandom(seed);
        var world = new List<SettledCandidate>();
        for (int moment = 0; moment < moments; moment++)
        {
            DateTimeOffset asOf = FirstDecision.AddDays(moment * every);
            double market = 0.02 * random.NextGaussian();
            for (int s = 0; s < symbols; s++)
            {
                string symbol = s < Symbols.Length ? Symbols[s] : $"S{s:000}";
                double? volatility = random.NextInt(20) == 0 ? null : 0.01 + (0.02 * random.NextDouble());
                DecisionContext context = Context(symbol, asOf, volatility: volatility);
                double assetReturn = market + (0.04 * random.NextGaussian());
                for (int index = 0; index < candidates; index++)
                {
                    Candidate candidate = Candidate(context, index, Actions[random.NextInt(3)], Sizes[random.NextInt(3)]);
                    world.Add(Settle(context, candidate, assetReturn, market));
                }
            }
        }

        return world;
    }
}
