namespace Rlaif.Outcomes.Risk;

/// <summary>Stops trading and lifts the stop, from any process: the ledger holds it, so it outlives them all.</summary>
/// <param name="ledger">Where it is written.</param>
/// <param name="time">The clock.</param>
/// <param name="killFile">A file whose presence stops trading, for those who have nothing else at hand; null for none.</param>
public sealed class HaltSwitch(Ledger ledger, TimeProvider time, string? killFile = null)
{
    /// <summary>The stop that is in force; null when trading is allowed.</summary>
    public async Task<TradingHalt?> FindAsync(CancellationToken cancellationToken = default)
    {
        TradingHalt? last = await LastAsync(cancellationToken);
        if (last is { IsHalted: true })
        {
            return last;
        }

        return File.Exists(killFile)
            ? await SwitchAsync(true, $"the file {Path.GetFileName(killFile)} is there", flatten: false, cancellationToken)
            : null;
    }

    /// <summary>Stops trading, or lifts the stop; lifting it removes the kill file.</summary>
    /// <param name="isHalted">True to stop.</param>
    /// <param name="reason">Who or what, and why; not empty.</param>
    /// <param name="flatten">Whether positions are to be closed.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    public async Task<TradingHalt> SwitchAsync(
        bool isHalted,
        string reason,
        bool flatten,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (!isHalted && killFile is not null)
        {
            File.Delete(killFile);
        }

        TradingHalt? last = await LastAsync(cancellationToken);
        int number = (last?.Number ?? 0) + 1;
        DateTimeOffset now = time.GetUtcNow();
        var note = new TradingHalt
        {
            HaltId = ContentId.Create("halt", $"{number}", $"{now.UtcTicks}", reason),
            Number = number,
            IsHalted = isHalted,
            // A stop on top of one that closes positions does not keep them open.
            Flatten = isHalted && (flatten || last is { IsHalted: true, Flatten: true }),
            Reason = reason,
            At = now,
        };
        await ledger.AppendAsync([note], cancellationToken);
        return note;
    }

    private async Task<TradingHalt?> LastAsync(CancellationToken cancellationToken) =>
        (await ledger.ReadAsync<TradingHalt>(cancellationToken: cancellationToken)).MaxBy(n => n.Number);
}
