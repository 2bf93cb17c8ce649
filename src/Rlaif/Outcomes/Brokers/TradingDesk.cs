using System.Diagnostics;
using Rlaif.Data;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// The only way to a broker. Every order is held against the limits, written to the ledger, and then sent, in this order; a refused one is written down
/// with its rule and numbers. When nobody knows whether an order arrived, the broker is asked for its id before anything else is done with it.
/// </summary>
public sealed partial class TradingDesk : IDisposable
{
    private const int MostQuestions = 5;

    private readonly IBroker _broker;
    private readonly Ledger _ledger;
    private readonly TimeProvider _time;
    private readonly RiskLimits _limits;
    private readonly Func<DateTimeOffset, bool> _isOpen;
    private readonly HaltSwitch _halts;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Dictionary<string, decimal> _prices = new(StringComparer.Ordinal);

    /// <summary>Creates a desk.</summary>
    /// <param name="broker">Where orders go.</param>
    /// <param name="ledger">Where they are written down first.</param>
    /// <param name="time">The clock.</param>
    /// <param name="limits">What may be traded; null for the defaults.</param>
    /// <param name="isOpen">Whether the exchange is open at a moment; null for the New York Stock Exchange.</param>
    /// <param name="killFile">A file whose presence stops trading; null for none.</param>
    /// <exception cref="RlaifInputException">A limit is out of range.</exception>
    public TradingDesk(
        IBroker broker,
        Ledger ledger,
        TimeProvider time,
        RiskLimits? limits = null,
        Func<DateTimeOffset, bool>? isOpen = null,
        string? killFile = null
    )
    {
        ArgumentNullException.ThrowIfNull(broker);
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(time);
        _broker = broker;
        _ledger = ledger;
        _time = time;
        _limits = (limits ?? new RiskLimits()).Validated();
        _halts = new HaltSwitch(ledger, time, killFile);
        _isOpen = isOpen ?? NyseCalendar.IsOpen;
        Journal = new TradeJournal(ledger);
    }

    /// <summary>Why no order is sent at present: what the last comparison of the books found.</summary>
    internal IReadOnlyList<DeskDifference> Differences { get; private set; } = [];

    /// <summary>What the ledger holds of trading, as of the last call that asked the broker.</summary>
    internal TradeJournal Journal { get; }

    /// <summary>No order is sent before broker and ledger were compared.</summary>
    public void AwaitReconciliation() =>
        Differences = [new DeskDifference(string.Empty, "not_compared", "they were not compared since the start")];

    /// <summary>Tells the last price of an instrument, against which orders are held.</summary>
    public void Mark(string symbol, decimal price)
    {
        lock (_prices)
        {
            _prices[symbol] = price;
        }
    }

    /// <summary>Sends an order if it may be sent. One that was sent before is not sent again: the broker is asked what became of it.</summary>
    /// <exception cref="RlaifInputException">The order makes no sense.</exception>
    public async Task<DeskResult> SubmitAsync(Order order, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        order.Validated();
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // What was written down first is the order, whatever the clock says by now.
            Order? known = await _ledger.FindAsync<Order>(order.ClientOrderId, cancellationToken);
            order = known ?? order;
            if (known is not null && await StandingAsync(order, cancellationToken) is { } there)
            {
                return await NoteAsync(there);
            }

            if (await EarlierRefusalAsync(order, cancellationToken) is { } earlier)
            {
                return new DeskResult(null, earlier);
            }

            if (await RefusalAsync(order, known is not null, cancellationToken) is { } refusal)
            {
                var batch = new LedgerBatch().Add(refusal);
                // A stop ends an order that never left; books that do not agree only hold it back, for it may be under way.
                await _ledger.AppendAsync(
                    known is null || refusal.Rule == RiskRefusal.Reconciliation
                        ? batch
                        : batch.Add(OrderUpdate.Of(OrderState.Rejected(order, refusal.At, $"never sent: {refusal.Text}"))),
                    cancellationToken
                );
                RlaifTelemetry.Refused(refusal.Rule);
                return new DeskResult(null, refusal);
            }

            if (known is null)
            {
                await _ledger.AppendAsync([order], cancellationToken);
            }

            // From here on the order is on its way: it is not given up half sent.
            return await SendAsync(order);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Cancels what is not filled of an order, or of a leg that came with one. An order that never arrived is left alone.</summary>
    public async Task CancelAsync(string clientOrderId, CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (await _broker.FindAsync(clientOrderId, cancellationToken) is { IsOpen: true })
            {
                await NoteAsync(await _broker.CancelAsync(clientOrderId, CancellationToken.None));
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Cancels what is not filled of an order, and of the one that waits beside it.</summary>
    public async Task CancelAsync(Order order, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        await CancelAsync(order.ClientOrderId, cancellationToken);
        if (order.Class == OrderClass.Oco)
        {
            await CancelAsync(order.StopLegId, cancellationToken);
        }
    }

    /// <summary>Gives up an order that was written down and that the broker has never seen: it is not sent any more.</summary>
    internal Task GiveUpAsync(Order order, string reason, CancellationToken cancellationToken) =>
        _ledger.AppendAsync([OrderUpdate.Of(OrderState.NeverArrived(order, _time.GetUtcNow(), reason))], cancellationToken);

    /// <summary>Lifts a stop.</summary>
    public Task ResumeAsync(string reason, CancellationToken cancellationToken = default) =>
        _halts.SwitchAsync(false, reason, flatten: false, cancellationToken);

    /// <summary>The stop that is in force; null when trading is allowed.</summary>
    public Task<TradingHalt?> FindHaltAsync(CancellationToken cancellationToken = default) => _halts.FindAsync(cancellationToken);

    /// <summary>Writes down what the broker did since the last call: fills, and how orders stand that were not final. Orders that never arrived are named by <see cref="ReconcileAsync"/>.</summary>
    /// <returns>The fills that are new.</returns>
    public async Task<IReadOnlyList<Fill>> SyncAsync(CancellationToken cancellationToken = default)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            await Journal.RefreshAsync(cancellationToken);
            if (Journal.LastEventAt is not { } last)
            {
                return [];
            }

            // States first: a fill that a state knows of is then among the fills.
            var batch = new LedgerBatch();
            foreach (string id in Journal.Pending.ToArray())
            {
                if (await _broker.FindAsync(id, cancellationToken) is { } state)
                {
                    batch.Add(OrderUpdate.Of(state));
                }
            }

            // Brokers may tell late, and out of order.
            DateTimeOffset since = last - TradeJournal.MostDelay;
            // What somebody else does at the broker is no fill of ours: reconciliation finds what it leaves behind.
            Fill[] fills =
            [
                .. (await _broker.GetFillsAsync(since, cancellationToken)).Where(f =>
                    !Journal.Knows(f) && Journal.Find(Order.RootOf(f.ClientOrderId)) is not null
                ),
            ];
            batch.AddRange(fills);

            await _ledger.AppendAsync(batch, cancellationToken);
            await Journal.RefreshAsync(cancellationToken);
            Array.ForEach(fills, f => RlaifTelemetry.Filled(f.Side.ToString()));
            return fills;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Compares the broker's books with the ledger's: positions with the sum of the fills, open orders with those that were sent.</summary>
    /// <param name="bars">The instruments' series, for their splits.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Each difference; none when both agree. Until a later call finds none, no order is sent but those of a stop.</returns>
    public async Task<IReadOnlyList<DeskDifference>> ReconcileAsync(
        IReadOnlyDictionary<string, BarSeries> bars,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(bars);
        await SyncAsync(cancellationToken);
        var books = new Reconciliation(_broker, Journal, _ledger, _time);
        IReadOnlyList<DeskDifference> found = await books.HoldingsAsync(bars, cancellationToken);
        if (found.Count > 0)
        {
            // A fill may have come between the two questions.
            await SyncAsync(cancellationToken);
            found = await books.HoldingsAsync(bars, cancellationToken);
        }

        // Until somebody has looked, an order could make it worse.
        Differences = found;
        return [.. found, .. await books.NeverArrivedAsync(cancellationToken)];
    }

    /// <summary>Takes over what the broker holds, where the ledger says otherwise: written down as done by hand. For a person who has looked at each difference. Instruments that are split today are left alone until the open: nobody knows yet in which shares they are counted.</summary>
    /// <param name="bars">The bars of the symbols, for splits.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>The symbols that were taken over, and those left alone.</returns>
    public async Task<(IReadOnlyList<string> Taken, IReadOnlyList<string> Left)> AcceptHoldingsAsync(
        IReadOnlyDictionary<string, BarSeries> bars,
        CancellationToken cancellationToken = default
    )
    {
        await SyncAsync(cancellationToken);
        return await new Reconciliation(_broker, Journal, _ledger, _time).AcceptHoldingsAsync(bars, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    // What was refused at this moment stays refused: what was sent since would change the numbers.
    private async Task<RiskRefusal?> EarlierRefusalAsync(Order order, CancellationToken cancellationToken)
    {
        var query = new LedgerQuery { ParentId = order.ClientOrderId };
        DateTimeOffset now = _time.GetUtcNow();
        return (await _ledger.ReadAsync<RiskRefusal>(query, cancellationToken)).FirstOrDefault(r => r.At == now);
    }

    /// <summary>How an order stands that was written down: as the broker says, or as it ended, which brokers need not remember.</summary>
    private async Task<OrderState?> StandingAsync(Order order, CancellationToken cancellationToken)
    {
        if (await _broker.FindAsync(order.ClientOrderId, cancellationToken) is { } there)
        {
            return there;
        }

        await Journal.RefreshAsync(cancellationToken);
        return Journal.EndOf(order.ClientOrderId);
    }

    /// <summary>What holds an order back. One that was written down passed the limits then; only a stop since holds it back.</summary>
    private async Task<RiskRefusal?> RefusalAsync(Order order, bool isKnown, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (await FindHaltAsync(cancellationToken) is { } halt)
        {
            return RiskRefusal.Of(order, RiskRefusal.Halted, $"trading was stopped at {halt.At:u}: {halt.Reason}", now);
        }

        if (Differences.Count > 0)
        {
            string text = $"broker and ledger do not agree: {Differences[0].Text}";
            return RiskRefusal.Of(order, RiskRefusal.Reconciliation, text, now);
        }

        return isKnown ? null : RiskGate.Check(order, await ViewAsync(now, cancellationToken), _limits, now);
    }

    private async Task<RiskView> ViewAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<BrokerPosition> positions = await _broker.GetPositionsAsync(cancellationToken);
        BrokerAccount account = await _broker.GetAccountAsync(cancellationToken);
        await Journal.RefreshAsync(cancellationToken);
        Dictionary<string, decimal> prices = positions.ToDictionary(p => p.Symbol, p => p.LastPrice, StringComparer.Ordinal);
        lock (_prices)
        {
            foreach ((string symbol, decimal price) in _prices)
            {
                prices[symbol] = price;
            }
        }

        return new RiskView
        {
            Account = account,
            Positions = positions,
            OpenOrders = await _broker.GetOpenOrdersAsync(cancellationToken),
            Prices = prices,
            EquityAtLastClose = Journal.LastMark?.Equity ?? account.Equity,
            HighestEquity = Math.Max(Journal.HighestEquity ?? account.Equity, account.Equity),
            OrdersInLastMinute = Journal.CountOfMinute(now),
            IsOpen = _isOpen(now),
        };
    }

    /// <summary>Sends an order that the ledger holds; after a doubt asks for it, and only when the broker has never seen it sends it again.</summary>
    private async Task<DeskResult> SendAsync(Order order)
    {
        using Activity? activity = RlaifTelemetry.Start("send order")?.SetTag("symbol", order.Symbol);
        RlaifTelemetry.Sent(order.Side.ToString());
        for (int question = 0; question < MostQuestions; question++)
        {
            try
            {
                OrderState? known = question == 0 ? null : await _broker.FindAsync(order.ClientOrderId, CancellationToken.None);
                if (known is null && question > 0 && !order.IsOfHalt && await FindHaltAsync(CancellationToken.None) is not null)
                {
                    // Stopped while it was in doubt: it is not sent again, and stays in doubt until it is asked for.
                    return new DeskResult(null, null);
                }

                return await NoteAsync(known ?? await _broker.SubmitAsync(order, CancellationToken.None));
            }
            catch (BrokerDoubtException)
            {
                RlaifTelemetry.Doubted();
                await Task.Delay(RetryDelay.BackOff(question + 1, 1), _time, CancellationToken.None);
            }
        }

        return new DeskResult(null, null);
    }

    private async Task<DeskResult> NoteAsync(OrderState state)
    {
        await _ledger.AppendAsync([OrderUpdate.Of(state)], CancellationToken.None);
        return new DeskResult(state, null);
    }
}
