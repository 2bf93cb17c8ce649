namespace Rlaif.Outcomes.Risk;

/// <summary>Trading was stopped, or a stop was lifted. The latest counts; a stop outlives the process, and only a resume lifts it.</summary>
public sealed record TradingHalt : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "trading_halt";

    /// <summary>Hash of number and moment.</summary>
    public required string HaltId { get; init; }

    /// <summary>Number of the note, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>True for a stop, false for a resume.</summary>
    public required bool IsHalted { get; init; }

    /// <summary>Whether positions are to be closed, too.</summary>
    public bool Flatten { get; init; }

    /// <summary>Who or what, and why.</summary>
    public required string Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    string ILedgerRecord.Id => HaltId;

    string? ILedgerRecord.ParentId => null;

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => At;
}
