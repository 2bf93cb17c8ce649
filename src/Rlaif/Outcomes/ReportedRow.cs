using System.Text.Json;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>One line of a file of decisions made elsewhere, checked field by field.</summary>
internal sealed record ReportedRow
{
    internal required int Line { get; init; }

    internal required string Symbol { get; init; }

    /// <summary>UTC.</summary>
    internal required DateTimeOffset DecidedAt { get; init; }

    internal required TradeAction Action { get; init; }

    /// <summary>Fraction of equity; null when the row names shares instead.</summary>
    internal double? PositionSize { get; init; }

    /// <summary>Shares; null when the row names a fraction.</summary>
    internal decimal? Quantity { get; init; }

    internal required double Score { get; init; }

    internal required double Confidence { get; init; }

    internal required string Analysis { get; init; }

    internal required IReadOnlyList<string> Reasoning { get; init; }

    internal required IReadOnlyDictionary<string, double?> Features { get; init; }

    internal required string Agent { get; init; }

    internal string? ContextId { get; init; }

    internal string? Prompt { get; init; }

    internal ReportedRowOutcome? Outcome { get; init; }

    /// <summary>Tells the context from others of its symbol and moment: rows without a name of one stand alone.</summary>
    internal string ContextKey =>
        ContextId is not null
            ? $"named {ContextId}"
            : $"alone {Agent}\n{Action}\n{PositionSize}\n{Quantity}\n{Score}\n{Confidence}\n{Analysis}\n{JsonSerializer.Serialize(Reasoning)}";
}
