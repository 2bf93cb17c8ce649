namespace Rlaif.Outcomes.Risk;

/// <summary>What an account was worth at the end of a session.</summary>
public sealed record EquityMark : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "equity_mark";

    /// <summary>The session.</summary>
    public required DateOnly Session { get; init; }

    /// <summary>Equity, in currency.</summary>
    public required decimal Equity { get; init; }

    /// <summary>Cash, in currency.</summary>
    public required decimal Cash { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    string ILedgerRecord.Id => $"{Session:O}";

    string? ILedgerRecord.ParentId => null;

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => At;
}
