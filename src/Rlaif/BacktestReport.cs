using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>What a backtest did.</summary>
public sealed record BacktestReport
{
    /// <summary>The run: equal bars, dates and options have equal ids.</summary>
    public required string RunId { get; init; }

    /// <summary>All decided contexts, in time order.</summary>
    public required IReadOnlyList<DecidedContext> Decided { get; init; }

    /// <summary>Moments of which language models brought no usable candidate; their replies are in the ledger. 0 for agents that follow rules.</summary>
    public required int Undecided { get; init; }

    /// <summary>All candidates of the run whose outcome is known.</summary>
    public required IReadOnlyList<SettledCandidate> Settled { get; init; }

    /// <summary>Candidates that have to wait for bars that are not there yet.</summary>
    public required int Pending { get; init; }

    /// <summary>Candidates that cannot be settled, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Failed { get; init; }

    /// <summary>Lessons that were learnt; null when the agents remembered nothing.</summary>
    public int? Lessons { get; init; }

    /// <summary>The account that traded the decisions.</summary>
    public required EquityCurve Account { get; init; }

    /// <summary>What was bought and held for comparison: the market index, or equal amounts of the symbols when there is none.</summary>
    public required IReadOnlyList<string> BenchmarkSymbols { get; init; }

    /// <summary>The account that bought <see cref="BenchmarkSymbols"/> on the first day and sold them on the last, at the same costs.</summary>
    public required EquityCurve Benchmark { get; init; }
}
