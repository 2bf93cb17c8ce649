using Rlaif.Outcomes.Risk;

namespace Rlaif.Outcomes.Brokers;

/// <content>What a stop of trading asks for.</content>
public sealed partial class TradingDesk
{
    /// <summary>Stops trading: from now on no order leaves, and those that wait are cancelled. Stays so until <see cref="ResumeAsync"/>, whatever happens to the process.</summary>
    /// <param name="reason">Who or what stops it, and why.</param>
    /// <param name="flatten">Whether positions are closed at the next price, too.</param>
    /// <param name="cancellationToken">Cancels before the stop is written.</param>
    public async Task HaltAsync(string reason, bool flatten = false, CancellationToken cancellationToken = default)
    {
        // Written before the turn of what follows: an order that is checked from now on finds it.
        await _halts.SwitchAsync(true, reason, flatten, cancellationToken);
        await EnforceHaltAsync();
    }

    /// <summary>Does what a stop asks for that is in force, whoever wrote it: cancels what waits, and closes positions if they are to be closed. Again and again is the same as once.</summary>
    /// <returns>The stop; null when trading is allowed.</returns>
    public async Task<TradingHalt?> EnforceHaltAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (await FindHaltAsync(CancellationToken.None) is not { } halt)
            {
                return null;
            }

            // One that the broker does not answer for leaves no other one standing.
            BrokerDoubtException? doubt = null;
            foreach (OrderState open in await _broker.GetOpenOrdersAsync(CancellationToken.None))
            {
                if (await _ledger.FindAsync<Order>(open.ClientOrderId, CancellationToken.None) is not { IsOfHalt: true })
                {
                    doubt =
                        await DoubtOfAsync(async () =>
                            await NoteAsync(await _broker.CancelAsync(open.ClientOrderId, CancellationToken.None))
                        ) ?? doubt;
                }
            }

            foreach (BrokerPosition held in halt.Flatten ? await _broker.GetPositionsAsync(CancellationToken.None) : [])
            {
                doubt = await DoubtOfAsync(() => FlattenAsync(held, $"halt/{halt.Number}")) ?? doubt;
            }

            return doubt is null ? halt : throw new BrokerDoubtException(doubt.Message, doubt);
        }
        finally
        {
            _gate.Release();
        }
    }

    private static async Task<BrokerDoubtException?> DoubtOfAsync(Func<Task> step)
    {
        try
        {
            await step();
            return null;
        }
        catch (BrokerDoubtException e)
        {
            return e;
        }
    }

    /// <summary>Closes a position that a stop wants closed: with a first order, or with another one when those before ended and something is left.</summary>
    private async Task FlattenAsync(BrokerPosition held, string purpose)
    {
        IReadOnlyList<OrderState> waiting = await _broker.GetOpenOrdersAsync(CancellationToken.None);
        if (waiting.Any(o => o.Symbol == held.Symbol))
        {
            return;
        }

        for (int attempt = 0; ; attempt++)
        {
            Order closing = ClosingOrder(held, $"{purpose}/{attempt}");
            Order? written = await _ledger.FindAsync<Order>(closing.ClientOrderId, CancellationToken.None);
            if (written is not null && await _broker.FindAsync(closing.ClientOrderId, CancellationToken.None) is { } ended)
            {
                await NoteAsync(ended);
                continue;
            }

            if (written is not null && (written.Side, written.Quantity) != (closing.Side, closing.Quantity))
            {
                // It never left, and what is held is something else by now.
                await NoteAsync(OrderState.Rejected(written, _time.GetUtcNow(), "never sent: the holding has changed"));
                continue;
            }

            await _ledger.AppendAsync([written ?? closing], CancellationToken.None);
            await SendAsync(written ?? closing);
            return;
        }
    }

    /// <summary>The order that closes a position at the next price.</summary>
    private Order ClosingOrder(BrokerPosition held, string purpose) =>
        new()
        {
            ClientOrderId = Order.CreateId(held.Symbol, purpose),
            Symbol = held.Symbol,
            Side = held.Quantity > 0 ? OrderSide.Sell : OrderSide.Buy,
            Quantity = Math.Abs(held.Quantity),
            IsOfHalt = true,
            CreatedAt = _time.GetUtcNow(),
        };
}
