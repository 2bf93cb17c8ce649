using Rlaif.Data;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>
/// Closes what is held: at the close of the last day of its holding period, at a target or stop that waits at the broker, or as soon as the settlement says
/// that a target or stop was reached. By the orders and fills, not by what is settled: somebody may settle at any time, and what is held has to be
/// closed all the same.
/// </summary>
internal sealed class ExitTrader(
    IMarketData market,
    Ledger ledger,
    IBroker broker,
    TradingDesk desk,
    EntryBook entries,
    TimeProvider time,
    SettlementOptions terms
)
{
    private const string Closing = "close";
    private const string Protecting = "protect";

    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    /// <summary>Sends targets and stops of entries that are filled, if their terms have any; those that a stop of trading cancelled are sent again.</summary>
    public async Task ProtectAsync(IReadOnlyList<Order> live, MarketView view, CancellationToken cancellationToken)
    {
        _settled.IntersectWith(live.Select(e => FirstThatMayLive(e, Protecting)));
        foreach (Order entry in live.Where(e => desk.Journal.EndOf(e.ClientOrderId) is { FilledQuantity: > 0 }))
        {
            string id = FirstThatMayLive(entry, Protecting);
            if (
                !_settled.Contains(id)
                && !await IsAtBrokerAsync(id, cancellationToken)
                && !WasRejected(entry)
                && desk.Journal.Find(Order.CreateId(entry.DecisionId!, Closing)) is null
                // What is on its way out is not guarded any more, even if a restart found only that its stop was cancelled.
                && await IsDueAsync(entry, view, cancellationToken) is null
                && await TermsOfAsync(entry, cancellationToken) is { } own
                && Protection(entry, id, view, own) is { } order
                && await desk.SubmitAsync(order, cancellationToken) is { Refusal.IsPassing: not true }
            )
            {
                // Sent, or against a limit that will not move: once is enough.
                _settled.Add(id);
            }
        }
    }

    /// <summary>Whether an order was sent and arrived; one that was only written down is sent again.</summary>
    private async Task<bool> IsAtBrokerAsync(string id, CancellationToken cancellationToken)
    {
        if (desk.Journal.Find(id) is null || await broker.FindAsync(id, cancellationToken) is null)
        {
            return false;
        }

        _settled.Add(id);
        return true;
    }

    /// <summary>Sends the orders that close what is due; what an exit left over gets another one.</summary>
    /// <returns>How many are on their way out.</returns>
    public async Task<int> CloseDueAsync(IReadOnlyList<Order> live, MarketView view, CancellationToken cancellationToken)
    {
        int sent = 0;
        foreach (Order entry in live.Where(e => view.Bars.ContainsKey(e.Symbol)))
        {
            decimal left = entries.Left(entry, view.Shares);
            if (left > 0 && await IsDueAsync(entry, view, cancellationToken) is { } when)
            {
                sent += await SendExitAsync(entry, left, when, view, cancellationToken) ? 1 : 0;
            }
        }

        return sent;
    }

    /// <summary>How an entry has to be closed now: at the next close, or at once; null when it may stay.</summary>
    private async Task<TimeInForce?> IsDueAsync(Order entry, MarketView view, CancellationToken cancellationToken)
    {
        PositionClosed? closed = await ledger.FindAsync<PositionClosed>(
            PositionOpened.CreateId(entry.DecisionId!),
            cancellationToken
        );
        if (
            closed is { Reason: ExitReason.Target or ExitReason.Stop or ExitReason.TrailingStop }
            && closed.KnownAt <= time.GetUtcNow()
        )
        {
            return TimeInForce.Day;
        }

        var filled = DateOnly.FromDateTime(desk.Journal.FillsOf(entry.ClientOrderId)[0].At.UtcDateTime);
        int hold = (await TermsOfAsync(entry, cancellationToken))?.HoldDays ?? terms.HoldDays;
        DateOnly? due = market.GetCalendar(entry.Symbol).Nth(filled, hold);
        return due <= view.NextClose(entry.Symbol) && broker.TakesOrdersForTheClose(time.GetUtcNow()) ? TimeInForce.Close : null;
    }

    private async Task<SettlementOptions?> TermsOfAsync(Order entry, CancellationToken cancellationToken) =>
        (await ledger.FindAsync<PositionOpened>(PositionOpened.CreateId(entry.DecisionId!), cancellationToken))?.Terms;

    /// <summary>Sends the exit, or another one when those before ended; one that waits is left alone, and one that never arrived is sent.</summary>
    private async Task<bool> SendExitAsync(
        Order entry,
        decimal shares,
        TimeInForce when,
        MarketView view,
        CancellationToken cancellationToken
    )
    {
        // Both would sell the same shares.
        if (await CancelProtectionAsync(entry, cancellationToken))
        {
            await desk.SyncAsync(cancellationToken);
            if (desk.Journal.Find(FirstThatMayLive(entry, Protecting)) is not null)
            {
                // The broker takes its time to cancel: until then the shares are spoken for.
                return false;
            }

            shares = entries.Left(entry, view.Shares);
        }

        string id = FirstThatMayLive(entry, Closing);
        if (shares <= 0)
        {
            return false;
        }

        // A split may leave a part of a share, which brokers do not take for the close: it follows at the next open.
        when = shares < 1 ? TimeInForce.Day : when;
        shares = when == TimeInForce.Close ? Math.Floor(shares) : shares;

        DeskResult result = await desk.SubmitAsync(
            entry with
            {
                ClientOrderId = id,
                Side = Opposite(entry),
                Quantity = shares,
                TimeInForce = when,
                CreatedAt = time.GetUtcNow(),
            },
            cancellationToken
        );
        return result.Refusal is null && result.State?.Status != OrderStatus.Rejected;
    }

    /// <summary>Cancels target and stop; whether there were any.</summary>
    private async Task<bool> CancelProtectionAsync(Order entry, CancellationToken cancellationToken)
    {
        string id = FirstThatMayLive(entry, Protecting);
        if (desk.Journal.Find(id) is not { } order)
        {
            return false;
        }

        await desk.CancelAsync(order, cancellationToken);
        return true;
    }

    /// <summary>Whether the broker would not have the target or stop: the settlement closes it then, when its time has come.</summary>
    private bool WasRejected(Order entry)
    {
        for (int attempt = 0; ; attempt++)
        {
            switch (desk.Journal.EndOf(IdOf(entry, Protecting, attempt)))
            {
                case null:
                    return false;
                case { Status: OrderStatus.Rejected }:
                    return true;
            }
        }
    }

    private static string IdOf(Order entry, string purpose, int attempt) =>
        Order.CreateId(entry.DecisionId!, attempt == 0 ? purpose : $"{purpose}/{attempt}");

    /// <summary>The id of an order for a purpose, with another number for each that has come to its end.</summary>
    private string FirstThatMayLive(Order entry, string purpose)
    {
        for (int attempt = 0; ; attempt++)
        {
            string id = IdOf(entry, purpose, attempt);
            if (desk.Journal.EndOf(id) is null)
            {
                return id;
            }
        }
    }

    private static OrderSide Opposite(Order entry) => entry.Side == OrderSide.Buy ? OrderSide.Sell : OrderSide.Buy;

    private Order? Protection(Order entry, string id, MarketView view, SettlementOptions own)
    {
        // Brokers keep whole shares in orders that stay.
        decimal shares = Math.Floor(entries.Left(entry, view.Shares));
        // What was paid for a share, in the shares of today.
        decimal? price =
            desk.Journal.EndOf(entry.ClientOrderId)?.AveragePrice
            / view.Shares.Since(entry.Symbol, desk.Journal.FillsOf(entry.ClientOrderId)[0].At);
        decimal? target = Rounded(price * (1 + (entry.Sign * (decimal?)own.TargetReturn)));
        decimal? stop = Rounded(price * (1 - (entry.Sign * (decimal?)own.StopReturn)));
        if (shares <= 0 || (target is null && stop is null && own.TrailReturn is null))
        {
            return null;
        }

        Order order = entry with
        {
            ClientOrderId = id,
            Side = Opposite(entry),
            Quantity = shares,
            TimeInForce = TimeInForce.Gtc,
            CreatedAt = time.GetUtcNow(),
        };
        return (target, stop) switch
        {
            // No broker pairs a trailing stop with another order: beside a target or a stop it is left to the settlement.
            (null, null) => order with { Type = OrderType.TrailingStop, TrailFraction = (decimal)own.TrailReturn! },
            (null, _) => order with { Type = OrderType.Stop, StopPrice = stop },
            (_, null) => order with { Type = OrderType.Limit, LimitPrice = target },
            _ => order with { Type = OrderType.Limit, Class = OrderClass.Oco, LimitPrice = target, StopLossPrice = stop },
        };
    }

    private decimal? Rounded(decimal? price) => price is { } level ? broker.RoundPrice(level) : null;
}
