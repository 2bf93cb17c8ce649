using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tests.Rewards;

/// <summary>
/// Contexts with candidates whose outcomes have a known cause. The return that follows a context, in units of its expected deviation, is
/// <c>drift + noise</c>; a candidate earns it signed by its side, a hold earns 0. The drift mixes a linear part (feature f00), an interaction (f01 * f02)
/// and a cue in the quoted headlines, each with mean 0 and variance 1 before weighting.
/// </summary>
internal sealed record PlantedPreferences
{
    private static readonly DateTimeOffset Start = new(2015, 1, 1, 21, 0, 0, TimeSpan.Zero);
    private static readonly string[] Subjects = ["shares", "unit", "rival", "board", "supplier", "regulator", "fund", "analyst"];
    private static readonly string[] Verbs =
    [
        "reviews",
        "expands",
        "delays",
        "discusses",
        "confirms",
        "questions",
        "settles",
        "plans",
    ];
    private static readonly string[] Objects =
    [
        "output",
        "contract",
        "campaign",
        "lawsuit",
        "pricing",
        "hiring",
        "merger",
        "forecast",
    ];

    public int Contexts { get; init; } = 600;

    public int Candidates { get; init; } = 5;

    public int Features { get; init; } = 30;

    /// <summary>Weights of the three parts of the drift; they are scaled so that the drift has variance <see cref="Correlation"/> squared.</summary>
    public double Linear { get; init; }

    public double Interaction { get; init; } = 1;

    public double Text { get; init; } = 1;

    /// <summary>Correlation of drift and return.</summary>
    public double Correlation { get; init; } = 0.5;

    /// <summary>Whether every candidate is given the outcome of another context, so that there is nothing to learn.</summary>
    public bool Shuffled { get; init; }

    /// <summary>Replaces a share of the values of feature f03 by null.</summary>
    public double MissingShare { get; init; }

    public ulong Seed { get; init; } = 7;

    /// <summary>Candidates and pairs of contexts <paramref name="first"/> to <paramref name="end"/> (exclusive); one context a week.</summary>
    public PreferenceDataset Create(int first, int end)
    {
        var settled = new List<SettledCandidate>();
        var pairs = new List<PreferencePair>();
        for (int i = first; i < end; i++)
        {
            List<SettledCandidate> siblings = CreateContext(i);
            settled.AddRange(siblings);
            pairs.AddRange(
                from a in siblings
                from b in siblings
                where a.Outcome.NetReturn > b.Outcome.NetReturn
                select Pair(a, b)
            );
        }

        return new PreferenceDataset(settled, pairs);
    }

    /// <summary>The expected return behind a context, in deviations.</summary>
    public double Drift(DecisionContext context)
    {
        double cue =
            context.Prompt.Contains("cue+", StringComparison.Ordinal) ? 1
            : context.Prompt.Contains("cue-", StringComparison.Ordinal) ? -1
            : 0;
        double sum =
            (Linear * context.Features["f00"]!.Value)
            + (Interaction * context.Features["f01"]!.Value * context.Features["f02"]!.Value)
            + (Text * cue * Math.Sqrt(1.5));
        return sum * Correlation / Math.Sqrt((Linear * Linear) + (Interaction * Interaction) + (Text * Text));
    }

    /// <summary>Accuracy that someone who knows every drift reaches on these pairs.</summary>
    public double Attainable(PreferenceDataset data) =>
        data.Pairs.Average(p => 0.5 * (1 + Math.Sign(Expected(data, p.ChosenId) - Expected(data, p.RejectedId))));

    private double Expected(PreferenceDataset data, string candidateId)
    {
        SettledCandidate settled = data.Candidates[data.IndexOf(candidateId)];
        return Side(settled.Candidate.Action) * Drift(settled.Context);
    }

    private List<SettledCandidate> CreateContext(int number)
    {
        var random = new DeterministicRandom(Seed).Fork($"context/{number}");
        DecisionContext context = Context(number, random);
        var noise = new DeterministicRandom(Seed).Fork($"noise/{number}");
        double weekly =
            (Shuffled ? Correlation * noise.NextGaussian() : Drift(context))
            + (Math.Sqrt(1 - (Correlation * Correlation)) * noise.NextGaussian());
        string headlines = Headlines(context, random);
        return [.. Enumerable.Range(0, Candidates).Select(i => Settle(context, i, weekly, headlines, random))];
    }

    private DecisionContext Context(int number, DeterministicRandom random)
    {
        var features = new Dictionary<string, double?>(StringComparer.Ordinal);
        for (int i = 0; i < Features; i++)
        {
            double value = random.NextGaussian();
            features[$"f{i:D2}"] = i == 3 && random.NextDouble() < MissingShare ? null : value;
        }

        DateTimeOffset asOf = Start.AddDays(7 * number);
        return new DecisionContext
        {
            ContextId = DecisionContext.CreateId("planted", "AAPL", asOf, 0),
            RunId = "planted",
            Symbol = "AAPL",
            AsOf = asOf,
            Generation = 0,
            Agents = "rules",
            SnapshotHash = number.ToString(),
            Features = features,
            ReferencePrice = 100,
            DailyVolatility = 0.02,
            Beta = null,
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt = random.NextInt(3) switch
            {
                0 => "cue+",
                1 => "cue-",
                _ => "none",
            },
        };
    }

    private static string Headlines(DecisionContext context, DeterministicRandom random)
    {
        // The cue is which of two words comes first: counting words does not reveal it.
        string cue = context.Prompt switch
        {
            "cue+" => "company lifts guidance, trims buyback",
            "cue-" => "company trims guidance, lifts buyback",
            _ => "company keeps guidance, keeps buyback",
        };
        IEnumerable<string> filler = Enumerable
            .Range(0, 3)
            .Select(_ =>
                $"{Subjects[random.NextInt(8)]} {Verbs[random.NextInt(8)]} {Objects[random.NextInt(8)]} by {random.NextInt(90)}%"
            );
        return string.Join("; ", [.. filler, cue]);
    }

    private static SettledCandidate Settle(
        DecisionContext context,
        int index,
        double weekly,
        string headlines,
        DeterministicRandom random
    )
    {
        TradeAction action = index switch
        {
            0 => TradeAction.Buy,
            1 => TradeAction.Sell,
            _ => (TradeAction)random.NextInt(3),
        };
        double size = action == TradeAction.Hold ? 0 : 0.02 * (1 + random.NextInt(5));
        var candidate = new Candidate
        {
            CandidateId = Candidate.CreateId(context.ContextId, index),
            ContextId = context.ContextId,
            Index = index,
            Symbol = context.Symbol,
            AsOf = context.AsOf,
            Action = action,
            PositionSize = size,
            Score = Math.Clamp((0.5 * Side(action)) + (0.3 * random.NextGaussian()), -1, 1),
            Confidence = 0.4 + (0.4 * random.NextDouble()),
            Stance = index == 0 ? "balanced" : "contrarian",
            Analysis = $"{action} {context.Symbol} with {size:P0} of equity.",
            Reasoning =
            [
                $"Momentum of {context.Features["f00"]:F2} {(context.Features["f00"] > 0 ? "supports" : "weighs on")} the price.",
                $"News: {headlines}.",
            ],
        };
        return new SettledCandidate(context, candidate, Outcome(candidate, Side(action) * weekly));
    }

    private static Outcome Outcome(Candidate candidate, double score) =>
        new()
        {
            OutcomeId = Rlaif.Outcomes.Outcome.CreateId(candidate.CandidateId, OutcomeProvenance.Counterfactual),
            CandidateId = candidate.CandidateId,
            ContextId = candidate.ContextId,
            DecisionId = null,
            Symbol = candidate.Symbol,
            Action = candidate.Action,
            PositionSize = candidate.PositionSize,
            EntryAt = candidate.AsOf.AddHours(12),
            EntryPrice = 100,
            ExitAt = candidate.AsOf.AddDays(5),
            ExitPrice = 100,
            GrossReturn = score,
            NetReturn = score,
            Costs = 0,
            Pnl = 0,
            Quantity = 1,
            BenchmarkReturn = null,
            MaxDrawdown = 0,
            FavorableExcursion = 0,
            AdverseExcursion = 0,
            Sharpe = null,
            Sortino = null,
            DailyVolatility = 0.02,
            Beta = null,
            HoldDays = 5,
            ExitReason = ExitReason.TimeLimit,
            KnownAt = candidate.AsOf.AddDays(5),
            Provenance = OutcomeProvenance.Counterfactual,
        };

    private static PreferencePair Pair(SettledCandidate chosen, SettledCandidate rejected)
    {
        double gap = chosen.Outcome.NetReturn - rejected.Outcome.NetReturn;
        return new PreferencePair
        {
            PairId = PreferencePair.CreateId(
                chosen.Candidate.CandidateId,
                rejected.Candidate.CandidateId,
                PreferencePool.SameContext,
                "vol_scaled"
            ),
            ChosenId = chosen.Candidate.CandidateId,
            RejectedId = rejected.Candidate.CandidateId,
            Pool = PreferencePool.SameContext,
            Metric = "vol_scaled",
            OutcomeMargin = gap,
            Confidence = MathNet.Numerics.Distributions.Normal.CDF(0, 1, gap / Math.Sqrt(2)),
            KnownAt = chosen.Outcome.KnownAt,
        };
    }

    private static int Side(TradeAction action) =>
        action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };
}
