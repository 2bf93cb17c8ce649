using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Cli;

/// <summary>Finds in the ledger what there is to tell since a position.</summary>
internal sealed class NoticeReader(Ledger ledger)
{
    /// <summary>The position after all that is there now.</summary>
    public async Task<long> EndAsync(CancellationToken cancellationToken) =>
        (await ledger.ReadAfterAsync<TradingHalt>(long.MaxValue, cancellationToken)).Position;

    /// <summary>What was recorded after a position, oldest first, and the position to go on from. What is recorded meanwhile may be told again by the next call.</summary>
    public async Task<(IReadOnlyList<Notice> Notices, long Position)> ReadAsync(
        long position,
        CancellationToken cancellationToken
    )
    {
        // The first position counts: what is recorded between these reads must not be missed.
        (IReadOnlyList<TradingHalt> halts, long end) = await ledger.ReadAfterAsync<TradingHalt>(position, cancellationToken);
        (IReadOnlyList<Fill> fills, _) = await ledger.ReadAfterAsync<Fill>(position, cancellationToken);
        (IReadOnlyList<RiskRefusal> refusals, _) = await ledger.ReadAfterAsync<RiskRefusal>(position, cancellationToken);
        (IReadOnlyList<PositionClosed> closes, _) = await ledger.ReadAfterAsync<PositionClosed>(position, cancellationToken);
        List<Notice> found = [.. halts.Select(Of), .. fills.Select(Of), .. refusals.Select(Of)];
        foreach (PositionClosed close in closes)
        {
            Outcome? outcome = close.OutcomeId is { } id ? await ledger.FindAsync<Outcome>(id, cancellationToken) : null;
            found.Add(Of(close, outcome));
        }

        return ([.. found.OrderBy(n => n.At)], end);
    }

    private static Notice Of(TradingHalt halt)
    {
        string text = halt switch
        {
            { IsHalted: false } => $"trading is allowed again: {halt.Reason}",
            { Flatten: true } => $"trading is stopped and positions are closed: {halt.Reason}",
            _ => $"trading is stopped: {halt.Reason}",
        };
        return Of(halt, halt.IsHalted ? Notice.Kill : Notice.Resume, text, halt);
    }

    private static Notice Of(Fill fill) =>
        Of(
            fill,
            Notice.Fill,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(fill.Side == OrderSide.Buy ? "bought" : "sold")} {fill.Quantity:0.######} {fill.Symbol} at {fill.Price:0.00##}"
            ),
            fill
        );

    private static Notice Of(RiskRefusal refusal) =>
        Of(refusal, Notice.Refusal, $"not sent, {refusal.Symbol}: {refusal.Text}", refusal);

    private static Notice Of(PositionClosed close, Outcome? outcome)
    {
        string reason = JsonNamingPolicy.SnakeCaseLower.ConvertName(close.Reason.ToString());
        string text = outcome is null
            ? $"{close.Symbol} was never filled: {close.Problem}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"closed {close.Quantity:0.######} {close.Symbol}, {reason}: {outcome.Pnl:+0.00;-0.00;0.00} ({100 * outcome.NetReturn:+0.00;-0.00;0.00}% after costs)"
            );
        return Of(close, Notice.Close, text, new { Position = close, Outcome = outcome });
    }

    private static Notice Of<T>(T record, string what, string text, object data)
        where T : ILedgerRecord =>
        new(
            $"{T.Kind}:{record.Id}",
            what,
            record.KnownAt,
            record.Symbol,
            text,
            JsonSerializer.SerializeToNode(data, RlaifJson.Compact)!.AsObject()
        );
}
