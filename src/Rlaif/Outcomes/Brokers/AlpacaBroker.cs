using Rlaif.Data;
using Rlaif.Data.Alpaca;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// An account at Alpaca, paper or live, over its documented HTTP interface. What is certain is said as it is: an order is rejected when Alpaca refuses it with an error
/// code of its own. Everything else (no connection, time-out, a cut, 429, 5xx, a reply that cannot be read) is a <see cref="BrokerDoubtException"/>, of every member;
/// <see cref="TradingDesk"/> then asks for the id before it sends again, and Alpaca never takes an id twice. Wrong keys, or an address that is not Alpaca's, are an
/// <see cref="AlpacaException"/>. No key is in any message. Thread-safe.
/// </summary>
/// <remarks>
/// Commissions are zero; regulatory fees of sales come as account activities of the day and are in no fill. Legs of brackets and pairs are <c>id/target</c> and
/// <c>id/stop</c>. Once a bracket is filled its stop stays <see cref="OrderStatus.Held"/> at Alpaca, and works, until its price is reached.
/// </remarks>
public sealed class AlpacaBroker : IBroker, IDisposable
{
    private const string PaperHost = "paper-api.";
    private const int DecimalsOfPrices = 2;
    private const int DecimalsBelowOne = 4;

    // A few minutes more than the exchange's ten: an order takes its time.
    private static readonly TimeSpan BeforeTheClose = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan AfterTheClose = TimeSpan.FromHours(3);

    private readonly AlpacaDataClient _data;
    private readonly AlpacaTradingClient _client;
    private readonly AlpacaOrderNames _names;

    /// <summary>Creates a broker; nothing is sent yet.</summary>
    /// <param name="keys">The keys of the account; paper and live accounts have keys of their own.</param>
    /// <param name="options">Where Alpaca is, and how patient to be; null for the paper account.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public AlpacaBroker(AlpacaKeys keys, AlpacaOptions? options = null, TimeProvider? time = null)
    {
        _data = new AlpacaDataClient(keys, options, time);
        _client = new AlpacaTradingClient(_data);
        _names = new AlpacaOrderNames(_client);
    }

    /// <summary>Whether orders may move real money: any address but that of Alpaca's paper account counts as live.</summary>
    public bool IsLive => !_data.Options.TradingUrl.Host.StartsWith(PaperHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>The account in words: <c>Alpaca's paper account</c> or <c>Alpaca's live account</c>, with its address.</summary>
    public string Name => $"Alpaca's {(IsLive ? "live" : "paper")} account at {_data.Options.TradingUrl.Authority}";

    /// <summary>What happens to the account's orders, as it happens, until the reader stops. Each update says that <see cref="TradingDesk.SyncAsync"/> will find something new.</summary>
    /// <param name="status">Told what happens to the stream; null for nobody.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="AlpacaException">The stream is refused for good: wrong keys.</exception>
    public IAsyncEnumerable<AlpacaTradeUpdate> ReadUpdatesAsync(
        IProgress<AlpacaStreamStatus>? status = null,
        CancellationToken cancellationToken = default
    ) => new AlpacaTradeStream(_data, status).ReadAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Documented: orders for the close are refused from 15:50 on and taken for the next session from 19:00 on, New York time.</remarks>
    public bool TakesOrdersForTheClose(DateTimeOffset moment)
    {
        DateOnly day = Exchange.NewYorkDay(moment);
        if (!NyseCalendar.IsSession(day))
        {
            return true;
        }

        DateTimeOffset close = NyseCalendar.Hours(day).Close;
        return moment < close - BeforeTheClose || moment >= close + AfterTheClose;
    }

    /// <inheritdoc/>
    /// <remarks>Documented: two decimals from a dollar on, four below.</remarks>
    public decimal RoundPrice(decimal price) =>
        decimal.Round(price, price >= 1 ? DecimalsOfPrices : DecimalsBelowOne, MidpointRounding.AwayFromZero);

    /// <inheritdoc/>
    /// <remarks>A split is in Alpaca's books before the open of its day, when no bar tells of it yet.</remarks>
    public DateOnly SharesAsOf(DateOnly lastSession, DateTimeOffset now) =>
        Exchange.NewYorkDay(now) is var today && today > lastSession ? today : lastSession;

    /// <inheritdoc/>
    /// <exception cref="AlpacaException">The keys are refused, or the address is not Alpaca's; nothing was taken.</exception>
    public async Task<OrderState> SubmitAsync(Order order, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(order);
        string[] problems = [.. OrderRules.Problems(order), .. AlpacaOrderRules.Problems(order)];
        if (problems.Length > 0)
        {
            return OrderState.Rejected(order, Now(), string.Join("; ", problems));
        }

        try
        {
            AlpacaOrder taken = await AskAsync(() => _client.SubmitAsync(AlpacaOrderText.Request(order), cancellationToken));
            return Taken(taken, order.ClientOrderId);
        }
        catch (AlpacaException e) when (IsRefusal(e))
        {
            return await RefusedAsync(order.ClientOrderId, e, cancellationToken) ?? OrderState.Rejected(order, Now(), Why(e));
        }
    }

    /// <inheritdoc/>
    public async Task<OrderState?> FindAsync(string clientOrderId, CancellationToken cancellationToken = default) =>
        await LookUpAsync(clientOrderId, cancellationToken) is { } order ? AlpacaOrderText.State(order, clientOrderId) : null;

    /// <inheritdoc/>
    public async Task<OrderState> CancelAsync(string clientOrderId, CancellationToken cancellationToken = default)
    {
        AlpacaOrder order = await RequireAsync(clientOrderId, cancellationToken);
        if (!AlpacaOrderText.State(order, clientOrderId).IsOpen)
        {
            return AlpacaOrderText.State(order, clientOrderId);
        }

        AlpacaException? doubt = null;
        try
        {
            await _client.CancelAsync(order.Id, cancellationToken);
        }
        catch (AlpacaException e) when (e.MayRetry || IsRefusal(e) || e.Kind == AlpacaFailure.NotFound)
        {
            // It came to its end meanwhile, or nobody knows: how it stands tells.
            doubt = e.MayRetry ? e : null;
        }

        AlpacaOrder after = await AskAsync(() => _client.GetOrderAsync(order.Id, cancellationToken));
        OrderState state = AlpacaOrderText.State(after, clientOrderId);
        return doubt is not null && state.IsOpen && after.Status != "pending_cancel" ? throw Doubt(doubt) : state;
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
        AlpacaOrder old = await RequireAsync(clientOrderId, cancellationToken);
        if (await FindAsync(newClientOrderId, cancellationToken) is { } known)
        {
            return known;
        }

        OrderState before = AlpacaOrderText.State(old, clientOrderId);
        string[] problems =
        [
            .. AlpacaOrderRules.Problems(newClientOrderId, change),
            .. before.IsOpen ? Array.Empty<string>() : [$"order {clientOrderId} is {before.Status} already"],
        ];
        if (problems.Length > 0)
        {
            return Unreplaced(string.Join("; ", problems));
        }

        try
        {
            return await PatchAsync();
        }
        catch (AlpacaException e) when (IsRefusal(e) || e is { Kind: AlpacaFailure.NotFound, ErrorCode: not null })
        {
            return await RefusedAsync(newClientOrderId, e, cancellationToken) ?? Unreplaced(Why(e));
        }
        catch (BrokerDoubtException e)
        {
            return await FindAsync(newClientOrderId, cancellationToken) ?? throw new BrokerDoubtException(e.Message, e);
        }

        async Task<OrderState> PatchAsync() =>
            Taken(
                await AskAsync(() =>
                    _client.ReplaceAsync(old.Id, AlpacaOrderText.Changes(old, newClientOrderId, change), cancellationToken)
                ),
                newClientOrderId
            );

        OrderState Unreplaced(string reason) =>
            before with
            {
                ClientOrderId = newClientOrderId,
                Status = OrderStatus.Rejected,
                Quantity = change.Quantity ?? before.Quantity,
                FilledQuantity = 0,
                AveragePrice = null,
                UpdatedAt = Now(),
                Reason = reason,
            };
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<OrderState>> GetOpenOrdersAsync(CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<OrderState>>(async () =>
        {
            List<AlpacaOrder> open = await _client.GetOpenOrdersAsync(cancellationToken).ToListAsync(cancellationToken);
            await _names.LearnAsync(open.Where(o => !AlpacaOrderNames.IsNamed(o)).Select(o => o.Id), cancellationToken);
            return
            [
                .. open.OrderBy(o => o.CreatedAt)
                    .Select(o => AlpacaOrderText.State(o, AlpacaOrderNames.IsNamed(o) ? o.ClientOrderId : _names[o.Id])),
            ];
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<Fill>> GetFillsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<Fill>>(async () =>
        {
            // Asked for by whole seconds, exclusively.
            DateTimeOffset? after =
                since <= DateTimeOffset.UnixEpoch ? null : DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds() - 1);
            IReadOnlyList<WireFill> fills = await _client.GetFillsAsync(after, cancellationToken);
            await _names.LearnAsync(fills.Select(f => f.OrderId), cancellationToken);
            return
            [
                .. fills
                    .Where(f => f.TransactionTime >= since)
                    .OrderBy(f => f.TransactionTime)
                    .ThenBy(f => f.Id, StringComparer.Ordinal)
                    .Select(ToFill),
            ];
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<BrokerPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) =>
        AskAsync<IReadOnlyList<BrokerPosition>>(async () =>
            [
                .. (await _client.GetPositionsAsync(cancellationToken))
                    .OrderBy(p => p.Symbol, StringComparer.Ordinal)
                    .Select(p => new BrokerPosition(
                        p.Symbol,
                        p.Side == "short" ? -Math.Abs(p.Qty) : p.Qty,
                        p.AvgEntryPrice,
                        p.CurrentPrice ?? p.LastdayPrice ?? p.AvgEntryPrice
                    )),
            ]
        );

    /// <inheritdoc/>
    public Task<BrokerAccount> GetAccountAsync(CancellationToken cancellationToken = default) =>
        AskAsync(async () =>
        {
            WireAccount account = await _client.GetAccountAsync(cancellationToken);
            decimal gross = account.LongMarketValue + Math.Abs(account.ShortMarketValue);
            return new BrokerAccount(account.Cash, account.Equity, gross, account.BuyingPower);
        });

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    /// <summary>An error with a code is Alpaca's own answer to the order: it was not taken. One without, such as <c>forbidden.</c> for wrong keys, is not about the order.</summary>
    private static bool IsRefusal(AlpacaException e) =>
        e is { Kind: AlpacaFailure.BadRequest or AlpacaFailure.Forbidden, ErrorCode: not null };

    private static string Why(AlpacaException e) => $"Alpaca: {e.Said} ({e.Status}, code {e.ErrorCode})";

    private static BrokerDoubtException Doubt(AlpacaException e) => new(e.Message, e);

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AlpacaException e) when (e.MayRetry)
        {
            throw Doubt(e);
        }
    }

    private DateTimeOffset Now() => _data.Time.GetUtcNow();

    private OrderState Taken(AlpacaOrder order, string name)
    {
        if (order.ClientOrderId != name)
        {
            throw new BrokerDoubtException($"Alpaca's reply is about another order than {name}; ask what became of it.");
        }

        _names.Note(order);
        return AlpacaOrderText.State(order, name);
    }

    /// <summary>What an id stands for that Alpaca refused: an order that came before, because an id is taken once; null when there is none.</summary>
    private async Task<OrderState?> RefusedAsync(string name, AlpacaException refusal, CancellationToken cancellationToken)
    {
        // Texts may change, codes do not tell ("client_order_id must be unique" has that of any bad request): the order itself does.
        if (await FindAsync(name, cancellationToken) is { } there)
        {
            return there;
        }

        bool isAboutId = refusal.Said.Replace(' ', '_').Contains("client_order_id", StringComparison.OrdinalIgnoreCase);
        return isAboutId ? throw Doubt(refusal) : null;
    }

    private async Task<AlpacaOrder?> LookUpAsync(string name, CancellationToken cancellationToken)
    {
        if (
            AlpacaOrderNames.Split(name) is var (parent, kind)
            && await AskAsync(() => _client.FindOrderAsync(parent, cancellationToken)) is { } bracket
        )
        {
            AlpacaOrder nested = await AskAsync(() => _client.GetOrderAsync(bracket.Id, cancellationToken));
            if (AlpacaOrderNames.LegOf(nested, kind) is { } leg)
            {
                return leg;
            }
        }

        return await AskAsync(() => _client.FindOrderAsync(name, cancellationToken));
    }

    private async Task<AlpacaOrder> RequireAsync(string name, CancellationToken cancellationToken) =>
        await LookUpAsync(name, cancellationToken) ?? throw new RlaifInputException($"{Name} does not know the order '{name}'.");

    private Fill ToFill(WireFill fill) =>
        new()
        {
            FillId = fill.Id,
            ClientOrderId = _names[fill.OrderId],
            Symbol = fill.Symbol,
            Side = AlpacaOrderText.Side(fill.Side),
            Quantity = AlpacaOrderText.Plain(fill.Qty)!.Value,
            Price = AlpacaOrderText.Plain(fill.Price)!.Value,
            Costs = 0,
            At = fill.TransactionTime.ToUniversalTime(),
        };
}
