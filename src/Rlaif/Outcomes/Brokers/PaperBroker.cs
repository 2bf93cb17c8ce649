using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// A broker without an exchange: it fills orders against the bars that it is shown, live, replayed or imported. An order is filled by bars that open when it was accepted or
/// later: a market order at the open; limits and stops at their price, or at the open when that is beyond it; a stop before a target when one
/// bar touches both. Its books are notes in a store of its own, written together with each change, so a process that is killed loses and doubles nothing.
/// Thread-safe; one instance for a store.
/// </summary>
public sealed class PaperBroker : IBroker, IDisposable
{
    private readonly Ledger _store;
    private readonly TimeProvider _time;
    private readonly PaperExchange _exchange;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private bool _isBroken;

    private PaperBroker(Ledger store, TimeProvider time, PaperExchange exchange)
    {
        _store = store;
        _time = time;
        _exchange = exchange;
    }

    /// <summary>The open of the first bar that open orders may not have seen; null when none waits. After a restart, bars from there on have to be shown again.</summary>
    public DateTimeOffset? ResumeFrom => _exchange.OpenOrders.Select(o => (DateTimeOffset?)o.SeenUntil).Min();

    /// <summary>The latest moment that the books know of: a clock that goes on from there takes nothing for new that is past.</summary>
    public DateTimeOffset Latest => _exchange.Latest;

    /// <summary>Opens the books in a store, an empty account where there are none.</summary>
    /// <param name="store">Where the books are kept, apart from the ledger of decisions: it is the broker's side.</param>
    /// <param name="time">The clock: orders are accepted at its time.</param>
    /// <param name="options">Account and costs; null for the defaults.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static async Task<PaperBroker> OpenAsync(
        Ledger store,
        TimeProvider time,
        PaperBrokerOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(time);
        var exchange = new PaperExchange((options ?? new PaperBrokerOptions()).Validated());
        IReadOnlyList<PaperOrder> notes = await store.ReadAsync<PaperOrder>(cancellationToken: cancellationToken);
        foreach (PaperOrder note in notes.OrderBy(n => n.Number).ThenBy(n => n.Revision))
        {
            exchange.Restore(note);
        }

        IReadOnlyList<PaperEntry> entries = await store.ReadAsync<PaperEntry>(cancellationToken: cancellationToken);
        foreach (PaperEntry entry in entries.OrderBy(e => e.Number))
        {
            exchange.Book.Book(entry);
        }

        return new PaperBroker(store, time, exchange);
    }

    /// <summary>Shows a complete bar: what it fills is filled. Bars come in the order in which they close; one that was shown before changes nothing.</summary>
    /// <param name="series">The series of the bar, whose splits and dividends count.</param>
    /// <param name="bar">The bar.</param>
    /// <param name="cancellationToken">Cancels before anything has changed.</param>
    public Task ShowAsync(BarSeries series, Bar bar, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        return ChangeAsync(() => Task.FromResult(_exchange.Pass(series, bar)), cancellationToken);
    }

    /// <summary>Tells the last price of an instrument, by which the account is valued until its next bar is shown.</summary>
    public async Task MarkAsync(string symbol, decimal price, CancellationToken cancellationToken = default) =>
        await ReadAsync(
            () =>
            {
                _exchange.Book.Mark(symbol, price);
                return Task.FromResult(price);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<OrderState> SubmitAsync(Order order, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        await ChangeAsync(
            async () =>
                await NoteOnAsync(order.ClientOrderId) is null ? _exchange.Accept(order, _time.GetUtcNow()) : new PaperChanges(),
            cancellationToken
        );
        return await RequireAsync(order.ClientOrderId, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<OrderState?> FindAsync(string clientOrderId, CancellationToken cancellationToken = default) =>
        ReadAsync(async () => (await NoteOnAsync(clientOrderId))?.ToState(), cancellationToken);

    /// <inheritdoc/>
    public async Task<OrderState> CancelAsync(string clientOrderId, CancellationToken cancellationToken = default)
    {
        await RequireAsync(clientOrderId, cancellationToken);
        await ChangeAsync(
            () =>
                Task.FromResult(
                    _exchange.FindOpen(clientOrderId) is { } order
                        ? _exchange.Cancel(order, _time.GetUtcNow())
                        : new PaperChanges()
                ),
            cancellationToken
        );
        return await RequireAsync(clientOrderId, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<OrderState> ReplaceAsync(
        string clientOrderId,
        string newClientOrderId,
        OrderChange change,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(change);
        await RequireAsync(clientOrderId, cancellationToken);
        await ChangeAsync(
            async () =>
                await NoteOnAsync(newClientOrderId) is null
                    ? _exchange.Replace((await NoteOnAsync(clientOrderId))!, newClientOrderId, change, _time.GetUtcNow())
                    : new PaperChanges(),
            cancellationToken
        );
        return await RequireAsync(newClientOrderId, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OrderState>> GetOpenOrdersAsync(CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<OrderState>>(
            () => Task.FromResult<IReadOnlyList<OrderState>>([.. _exchange.OpenOrders.Select(o => o.ToState())]),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Fill>> GetFillsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        ReadAsync<IReadOnlyList<Fill>>(
            async () =>
            {
                var query = new LedgerQuery { KnownAtOrAfter = since };
                IReadOnlyList<PaperEntry> entries = await _store.ReadAsync<PaperEntry>(query, CancellationToken.None);
                return [.. entries.OrderBy(e => e.Number).Select(e => e.Fill).OfType<Fill>().OrderBy(f => f.At)];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<BrokerPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(() => Task.FromResult<IReadOnlyList<BrokerPosition>>(_exchange.Book.Positions()), cancellationToken);

    /// <inheritdoc/>
    public Task<BrokerAccount> GetAccountAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(() => Task.FromResult(_exchange.Account()), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<OrderState> RequireAsync(string clientOrderId, CancellationToken cancellationToken) =>
        await FindAsync(clientOrderId, cancellationToken)
        ?? throw new RlaifInputException($"The paper broker does not know the order '{clientOrderId}'.");

    /// <summary>How an order stands, open or ended; null for an id that was never handed over.</summary>
    private async Task<PaperOrder?> NoteOnAsync(string clientOrderId) =>
        _exchange.FindOpen(clientOrderId)
        ?? (await _store.ReadAsync<PaperOrder>(new LedgerQuery { ParentId = clientOrderId }, CancellationToken.None)).MaxBy(n =>
            n.Revision
        );

    private async Task<T> ReadAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await read();
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task ChangeAsync(Func<Task<PaperChanges>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_isBroken)
            {
                throw new InvalidOperationException("The paper broker could not write its books; open it anew.");
            }

            PaperChanges changes = await change();
            if (!changes.IsEmpty)
            {
                // The books in memory are ahead until this is written; should it fail, they are not to be trusted any more.
                _isBroken = true;
                await _store.AppendAsync(changes.ToBatch(), CancellationToken.None);
                _isBroken = false;
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
