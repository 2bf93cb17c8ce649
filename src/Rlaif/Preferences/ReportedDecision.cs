using System.ComponentModel.DataAnnotations;
using Rlaif.Decisions;

namespace Rlaif.Preferences;

/// <summary>A decision that was made elsewhere, to be settled and learnt from.</summary>
public sealed record ReportedDecision : IValidatableObject
{
    /// <summary>The instrument.</summary>
    [Required(ErrorMessage = "Symbol must not be empty.")]
    public required string Symbol { get; init; }

    /// <summary>What the agent said.</summary>
    [Required]
    public required AgentResponse Response { get; init; }

    /// <summary>What was decided.</summary>
    public required TradeAction Action { get; init; }

    /// <summary>Fraction of equity committed, in [0, 1]; 0 exactly for a hold.</summary>
    [Range(0.0, 1.0, ErrorMessage = "PositionSize is a fraction of equity in 0..1 (0.05 is 5%), not a number of shares.")]
    public required double PositionSize { get; init; }

    /// <summary>Last price known at the decision.</summary>
    [Range(typeof(decimal), "0.000001", "1000000000", ErrorMessage = "Price must be positive.")]
    public required decimal Price { get; init; }

    /// <summary>
    /// Market features known at the decision, by name, up to <see cref="DecisionContext.LargestFeature"/> in magnitude; null where one was not available.
    /// </summary>
    [Required]
    public IReadOnlyDictionary<string, double?> Features { get; init; } = new Dictionary<string, double?>();

    /// <summary>When it was decided, UTC; null takes the clock's time.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>
    /// Standard deviation of daily returns expected at the decision, a fraction; null when unknown. Without it there is no confidence of
    /// a pair, so only custom metrics make pairs.
    /// </summary>
    [Range(1e-9, 10.0, ErrorMessage = "DailyVolatility must be a positive fraction.")]
    public double? DailyVolatility { get; init; }

    /// <summary>Sensitivity to the benchmark estimated at the decision; null when unknown.</summary>
    [Range(-1e6, 1e6, ErrorMessage = "Beta must be in -1e6..1e6.")]
    public double? Beta { get; init; }

    /// <summary>Who decided. Default <c>reported</c>.</summary>
    [Required(ErrorMessage = "Agent must not be empty.")]
    public string Agent { get; init; } = "reported";

    /// <summary>The run that it belongs to; pairs never cross runs. Default <c>reported</c>.</summary>
    [Required(ErrorMessage = "RunId must not be empty.")]
    public string RunId { get; init; } = "reported";

    /// <summary>The question that was answered, in words; null writes one from the symbol, the price and the features.</summary>
    public string? Prompt { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Action == TradeAction.Hold != PositionSize <= 0)
        {
            yield return new ValidationResult("PositionSize must be 0 for a hold and more than 0 for a buy or sell.");
        }

        if (Features.FirstOrDefault(f => f.Value is { } v && !DecisionContext.IsFeature(v)).Key is { } bad)
        {
            yield return new ValidationResult($"Feature '{bad}' is not a number in -1e100..1e100; use null for a missing value.");
        }
    }

    /// <summary>The records that stand for the decision: a context with one candidate, which was accepted.</summary>
    internal (DecisionContext Context, Candidate Candidate, TradingDecision Decision) ToRecords(DateTimeOffset decidedAt)
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        string contextId = DecisionContext.CreateId(RunId, Symbol, decidedAt, generation: 0);
        var features = new SortedDictionary<string, double?>(Features.ToDictionary(), StringComparer.Ordinal);
        string facts = string.Join(", ", features.Select(f => $"{f.Key} {(f.Value is { } v ? v.ToString("R") : "unknown")}"));
        var context = new DecisionContext
        {
            ContextId = contextId,
            RunId = RunId,
            Symbol = Symbol,
            AsOf = decidedAt,
            Generation = 0,
            Agents = Agent,
            SnapshotHash = ContentId.Sha256($"{Symbol}|{decidedAt.UtcTicks}|{Price}|{facts}"),
            Features = features,
            ReferencePrice = Price,
            DailyVolatility = DailyVolatility,
            Beta = Beta,
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt = Prompt ?? DefaultPrompt(decidedAt, facts),
        };
        var candidate = new Candidate
        {
            CandidateId = Candidate.CreateId(contextId, 0),
            ContextId = contextId,
            Index = 0,
            Symbol = Symbol,
            AsOf = decidedAt,
            Action = Action,
            PositionSize = PositionSize,
            Score = Response.Score,
            Confidence = Response.Confidence,
            Stance = Agent,
            Analysis = Response.Analysis,
            Reasoning = Response.Reasoning,
        };
        return (context, candidate, TradingDecision.Accept(candidate, Agent));
    }

    private string DefaultPrompt(DateTimeOffset decidedAt, string facts)
    {
        string question =
            $"Decide on {Symbol} as of {decidedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC: buy, sell or hold, and how much.";
        return $"{question} Last price: {Price}.{(facts.Length > 0 ? $" Features: {facts}." : "")}";
    }
}
