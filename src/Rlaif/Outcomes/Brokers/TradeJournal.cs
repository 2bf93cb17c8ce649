using Rlaif.Outcomes.Risk;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// What the ledger holds of trading, in memory: read once, and from then on only what was appended since. Whoever wrote it, the next
/// <see cref="RefreshAsync"/> finds it. Decisions that are over are forgotten, so that what is kept does not grow with the years.
/// </summary>
internal sealed class TradeJournal(Ledger ledger)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Twice as long as fills that come out of order are asked for.
    private static readonly TimeSpan Remembered = 2 * MostDelay;

    private readonly List<Order> _news = [];
    private readonly Queue<DateTimeOffset> _sent = new();
    private readonly Dictionary<string, Order> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Fill>> _fills = new(StringComparer.Ordinal);
    private readonly Queue<(DateTimeOffset At, string Id)> _recent = new();
    private readonly HashSet<string> _fillIds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OrderState> _final = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, string> _pending = [];
    private readonly Dictionary<string, List<Order>> _ofDecision = new(StringComparer.Ordinal);
    private int _count;
    private DateTimeOffset? _firstAt;
    private DateTimeOffset? _lastFillAt;
    private long _ordersRead;
    private long _updatesRead;
    private long _fillsRead;
    private long _marksRead;

    /// <summary>How far back a broker may tell of fills that were not told before.</summary>
    public static TimeSpan MostDelay => TimeSpan.FromDays(1);

    /// <summary>Orders whose last known state is not final, in the order in which they were written down.</summary>
    public IEnumerable<string> Pending => _pending.Values;

    /// <summary>All fills but those of decisions that are over, which add up to nothing.</summary>
    public IEnumerable<Fill> Fills => _fills.Values.SelectMany(f => f);

    /// <summary>The time of the latest fill, before the first one that of the first order; null without any.</summary>
    public DateTimeOffset? LastEventAt => _lastFillAt ?? _firstAt;

    /// <summary>The end of the latest session that was marked; null before the first.</summary>
    public EquityMark? LastMark { get; private set; }

    /// <summary>Highest equity at the end of a session; null before the first.</summary>
    public decimal? HighestEquity { get; private set; }

    /// <summary>Symbols of which something is waited for, held, or was held.</summary>
    public IEnumerable<string> SymbolsTraded =>
        Pending.Select(id => Find(id)!.Symbol).Concat(Fills.Select(f => f.Symbol)).Distinct();

    /// <summary>Those of which something is waited for or held.</summary>
    public IEnumerable<string> SymbolsUnderWay(ShareCount shares) =>
        Pending
            .Select(id => Find(id)!.Symbol)
            .Concat(Fills.GroupBy(f => f.Symbol).Where(g => Math.Abs(shares.Of(g)) >= ShareCount.Negligible).Select(g => g.Key))
            .Distinct();

    /// <summary>Reads what is new.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        (IReadOnlyList<Order> orders, _ordersRead) = await ledger.ReadAfterAsync<Order>(_ordersRead, cancellationToken);
        foreach (Order order in orders)
        {
            Add(order);
        }

        (IReadOnlyList<OrderUpdate> updates, _updatesRead) = await ledger.ReadAfterAsync<OrderUpdate>(
            _updatesRead,
            cancellationToken
        );
        foreach (OrderState state in updates.Select(u => u.State).Where(s => !s.IsOpen))
        {
            _final[state.ClientOrderId] = state;
        }

        (IReadOnlyList<Fill> fills, _fillsRead) = await ledger.ReadAfterAsync<Fill>(_fillsRead, cancellationToken);
        foreach (Fill fill in fills.Where(f => _fillIds.Add(f.FillId)))
        {
            ListOf(_fills, fill.ClientOrderId).Add(fill);
            _recent.Enqueue((fill.At, fill.FillId));
            _lastFillAt = _lastFillAt > fill.At ? _lastFillAt : fill.At;
        }

        while (_recent.TryPeek(out var oldest) && oldest.At < _lastFillAt - Remembered)
        {
            _fillIds.Remove(_recent.Dequeue().Id);
        }

        foreach ((int number, string id) in _pending.Where(p => EndOf(p.Value) is not null).ToArray())
        {
            _pending.Remove(number);
        }

        (IReadOnlyList<EquityMark> marks, _marksRead) = await ledger.ReadAfterAsync<EquityMark>(_marksRead, cancellationToken);
        foreach (EquityMark mark in marks)
        {
            LastMark = LastMark?.Session > mark.Session ? LastMark : mark;
            HighestEquity = HighestEquity > mark.Equity ? HighestEquity : mark.Equity;
        }
    }

    /// <summary>An order that was written down; null for an id that is not ours.</summary>
    public Order? Find(string clientOrderId) => _byId.GetValueOrDefault(clientOrderId);

    /// <summary>How an order ended; null while it is pending. It has ended when its fills are known, too: brokers may tell them later than its state.</summary>
    public OrderState? EndOf(string clientOrderId) =>
        _final.TryGetValue(clientOrderId, out OrderState? state) && HasItsFills(state) ? state : null;

    /// <summary>Whether a fill is written down, of those that a broker may still tell of.</summary>
    public bool Knows(Fill fill) => _fillIds.Contains(fill.FillId);

    /// <summary>The fills of an order, in the order in which they were written down.</summary>
    public IReadOnlyList<Fill> FillsOf(string clientOrderId) => _fills.TryGetValue(clientOrderId, out List<Fill>? own) ? own : [];

    /// <summary>The orders of a decision.</summary>
    public IReadOnlyList<Order> OrdersOf(string decisionId) =>
        _ofDecision.TryGetValue(decisionId, out List<Order>? own) ? own : [];

    /// <summary>Fills of a decision's orders and of the legs that came with them.</summary>
    public IEnumerable<Fill> FillsOfDecision(string decisionId) =>
        OrdersOf(decisionId)
            .SelectMany(o =>
                o.Class == OrderClass.Simple
                    ? FillsOf(o.ClientOrderId)
                    : [.. FillsOf(o.ClientOrderId), .. FillsOf(o.StopLegId), .. FillsOf(o.TargetLegId)]
            );

    /// <summary>The orders that were written down since the last call.</summary>
    public IReadOnlyList<Order> TakeNew()
    {
        Order[] orders = [.. _news];
        _news.Clear();
        return orders;
    }

    /// <summary>How many orders were created in the minute up to a moment; moments do not go back.</summary>
    public int CountOfMinute(DateTimeOffset now)
    {
        while (_sent.TryPeek(out DateTimeOffset oldest) && oldest <= now - Minute)
        {
            _sent.Dequeue();
        }

        return _sent.Count(at => at > now - Minute && at <= now);
    }

    /// <summary>Forgets a decision of which nothing is held or waited for, once no broker tells of its fills any more. Its fills must add up to nothing.</summary>
    /// <returns>Whether it could be forgotten.</returns>
    public bool Forget(string decisionId)
    {
        IReadOnlyList<Order> orders = OrdersOf(decisionId);
        if (orders.Any(o => EndOf(o.ClientOrderId) is not { } end || !(end.UpdatedAt < _lastFillAt - Remembered)))
        {
            return false;
        }

        foreach (string id in orders.SelectMany(o => (string[])[o.ClientOrderId, o.StopLegId, o.TargetLegId]))
        {
            _byId.Remove(id);
            _fills.Remove(id);
            _final.Remove(id);
        }

        return _ofDecision.Remove(decisionId);
    }

    private bool HasItsFills(OrderState state)
    {
        decimal known = FillsOf(state.ClientOrderId).Sum(f => f.Quantity);
        // An order that waited over a split counts in other shares than its earlier fills.
        return Find(state.ClientOrderId)?.TimeInForce == TimeInForce.Gtc
            ? state.FilledQuantity == 0 || known > 0
            : known >= state.FilledQuantity;
    }

    private void Add(Order order)
    {
        _news.Add(order);
        _sent.Enqueue(order.CreatedAt);
        _firstAt ??= order.CreatedAt;
        _byId[order.ClientOrderId] = order;
        if (order.DecisionId is { } decision)
        {
            ListOf(_ofDecision, decision).Add(order);
        }

        _pending[_count++] = order.ClientOrderId;
    }

    /// <summary>The list under a key, begun where there is none.</summary>
    public static List<T> ListOf<T>(Dictionary<string, List<T>> lists, string key)
    {
        if (!lists.TryGetValue(key, out List<T>? list))
        {
            lists[key] = list = [];
        }

        return list;
    }
}
