using Rlaif.Decisions;

namespace Rlaif.Cli;

/// <summary>One candidate of a <see cref="CandidateFile"/>.</summary>
internal sealed record CandidateRow
{
    /// <summary>Stands in where a row gives no confidence.</summary>
    public const double UnknownConfidence = 0.5;

    public required int Number { get; init; }

    public required string Symbol { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public required TradeAction Action { get; init; }

    /// <summary>Fraction of equity; null where the row gives a number of shares.</summary>
    public required double? PositionSize { get; init; }

    public required double? Quantity { get; init; }

    public required double Score { get; init; }

    public required double Confidence { get; init; }

    public required string Analysis { get; init; }

    public required IReadOnlyList<string> Reasoning { get; init; }

    public required IReadOnlyDictionary<string, double?> Features { get; init; }

    public required string? CandidateId { get; init; }

    public required string? ContextId { get; init; }

    /// <summary>The context and the candidate that a reward model scores.</summary>
    /// <param name="size">Fraction of equity, where the row gives none.</param>
    /// <param name="features">The features, complete.</param>
    public (DecisionContext Context, Candidate Candidate) ToRecords(double size, IReadOnlyDictionary<string, double?> features)
    {
        string contextId = ContextId ?? DecisionContext.CreateId("file", Symbol, DecidedAt, generation: 0);
        var context = new DecisionContext
        {
            ContextId = contextId,
            RunId = "file",
            Symbol = Symbol,
            AsOf = DecidedAt,
            Generation = 0,
            Agents = "file",
            SnapshotHash = string.Empty,
            Features = features,
            ReferencePrice = 0,
            DailyVolatility = null,
            Beta = null,
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt = string.Empty,
        };
        var candidate = new Candidate
        {
            CandidateId = CandidateId ?? Candidate.CreateId(contextId, Number - 1),
            ContextId = contextId,
            Index = Number - 1,
            Symbol = Symbol,
            AsOf = DecidedAt,
            Action = Action,
            PositionSize = PositionSize ?? size,
            Score = Score,
            Confidence = Confidence,
            Stance = "file",
            Analysis = Analysis,
            Reasoning = Reasoning,
        };
        return (context, candidate);
    }
}
