namespace Rlaif.Outcomes;

/// <summary>
/// The ledger's note of a run: what was decided over which range, and the terms on which its candidates are settled, by whoever settles
/// them.
/// </summary>
public sealed record RecordedRun : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "run";

    /// <summary>Hash of everything that the run's records depend on.</summary>
    public required string RunId { get; init; }

    /// <summary>What it was for: <c>backtest</c> or <c>loop</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>What was decided on, in ordinal order.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>First session on which decisions were due.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last session on which decisions were due.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Trading sessions between two decisions on one symbol.</summary>
    public required int EverySessions { get; init; }

    /// <summary>Which agents proposed.</summary>
    public required string Agents { get; init; }

    /// <summary>Version of the reward model that decided; null for the static baseline.</summary>
    public required string? Model { get; init; }

    /// <summary>Holding period and costs.</summary>
    public required SettlementOptions Terms { get; init; }

    /// <summary>Notes the run in the ledger unless it is there already.</summary>
    internal async Task EnsureAsync(Ledger ledger, CancellationToken cancellationToken)
    {
        if (await ledger.FindAsync<RecordedRun>(RunId, cancellationToken) is null)
        {
            await ledger.AppendAsync([this], cancellationToken);
        }
    }

    string ILedgerRecord.Id => RunId;

    string? ILedgerRecord.ParentId => null;

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => new(From, TimeOnly.MinValue, TimeSpan.Zero);
}
