namespace Rlaif.Outcomes.Brokers;

/// <summary>One movement of a paper account. Cash and holdings are sums of these and nothing else.</summary>
internal sealed record PaperEntry : ILedgerRecord
{
    public static string Kind => "paper_entry";

    public required string EntryId { get; init; }

    /// <summary>Number of the entry in its book, from 0.</summary>
    public required int Number { get; init; }

    public required PaperEntryKind What { get; init; }

    public required string Symbol { get; init; }

    /// <summary>Shares gained; negative when they were given away.</summary>
    public required decimal Shares { get; init; }

    /// <summary>Cash gained; negative when it was paid.</summary>
    public required decimal Cash { get; init; }

    public required DateOnly Session { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The execution, of a fill.</summary>
    public Fill? Fill { get; init; }

    string ILedgerRecord.Id => EntryId;

    string? ILedgerRecord.ParentId => Fill?.ClientOrderId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => At;
}
