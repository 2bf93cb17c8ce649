using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// The books of a paper broker and their rules, without a store: every call returns what it changed, and the same changes booked again, in their order, give
/// the same books. A bar that a note is past is passed over, so bars may come again after a restart.
/// </summary>
internal sealed class PaperExchange(PaperBrokerOptions options)
{
    private const int QuantityDecimals = 6;
    private const string Fragment = "rest below the smallest quantity";

    private readonly Dictionary<string, PaperOrder> _open = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, string> _byNumber = [];
    private int _count;
    private DateTimeOffset _latest;
    private bool _isLast;

    public PaperBook Book { get; } = new(options);

    /// <summary>Open orders by acceptance.</summary>
    public IEnumerable<PaperOrder> OpenOrders => _byNumber.Values.Select(id => _open[id]);

    /// <summary>The account, less what open orders may still take.</summary>
    public BrokerAccount Account() => Book.Account(Promised());

    /// <summary>An open order; null when it has ended, or never was.</summary>
    public PaperOrder? FindOpen(string clientOrderId) => _open.GetValueOrDefault(clientOrderId);

    /// <summary>The latest moment that the books know of.</summary>
    public DateTimeOffset Latest => Later(_latest, Book.LastFillAt);

    /// <summary>Takes over a note. Orders that have ended are counted and not kept: they are in the store, and nothing changes them any more.</summary>
    public void Restore(PaperOrder note)
    {
        _count += note.Revision == 0 ? 1 : 0;
        _latest = Later(_latest, Later(note.UpdatedAt, note.SeenUntil));
        string id = note.Order.ClientOrderId;
        if (note.IsOpen)
        {
            _open[id] = note;
            _byNumber[note.Number] = id;
        }
        else
        {
            _open.Remove(id);
            _byNumber.Remove(note.Number);
        }
    }

    /// <summary>Accepts or rejects an order that is not known yet.</summary>
    public PaperChanges Accept(Order order, DateTimeOffset now)
    {
        var changes = new PaperChanges();
        PaperOrder note = New(order, now);
        if (Refusal(order) is { } reason)
        {
            Note(changes, note with { Status = OrderStatus.Rejected, Reason = reason });
            return changes;
        }

        (string target, string stop) = (order.TargetLegId, order.StopLegId);
        Note(changes, order.Class == OrderClass.Oco ? note with { PartnerId = stop } : note);
        if (order.Class == OrderClass.Oco)
        {
            Note(changes, note.Leg(stop, OrderType.Stop, order.Side) with { PartnerId = order.ClientOrderId });
        }
        else if (order.Class == OrderClass.Bracket)
        {
            OrderSide side = order.Side == OrderSide.Buy ? OrderSide.Sell : OrderSide.Buy;
            PaperOrder held = note with { Status = OrderStatus.Held, ParentId = order.ClientOrderId };
            Note(changes, held.Leg(stop, OrderType.Stop, side) with { PartnerId = target });
            Note(changes, held.Leg(target, OrderType.Limit, side) with { PartnerId = stop });
        }

        return changes;
    }

    /// <summary>Cancels an open order, and with it the legs that wait for it and the partner.</summary>
    public PaperChanges Cancel(PaperOrder order, DateTimeOffset now, string? reason = null)
    {
        var changes = new PaperChanges();
        End(changes, order, OrderStatus.Canceled, now, reason);
        return changes;
    }

    /// <summary>Puts a changed order in the place of an open one.</summary>
    public PaperChanges Replace(PaperOrder old, string newId, OrderChange change, DateTimeOffset now)
    {
        var changes = new PaperChanges();
        Order changed = old.Order with
        {
            ClientOrderId = newId,
            Quantity = change.Quantity is { } quantity ? quantity - old.Filled : old.Rest,
            LimitPrice = change.LimitPrice ?? old.Order.LimitPrice,
            StopPrice = change.StopPrice ?? old.Order.StopPrice,
            Class = OrderClass.Simple,
            TargetPrice = null,
            StopLossPrice = null,
            CreatedAt = now,
        };
        PaperOrder note = New(changed, now) with { ParentId = old.ParentId, PartnerId = old.PartnerId };
        string[] problems =
        [
            .. OrderRules.Problems(changed),
            .. old.Order.Class == OrderClass.Bracket
                ? ["a bracket's entry cannot be replaced; cancel it"]
                : Array.Empty<string>(),
            .. old.IsOpen ? Array.Empty<string>() : [$"order {old.Order.ClientOrderId} is {old.Status} already"],
        ];
        if (problems.Length > 0)
        {
            Note(changes, note with { Status = OrderStatus.Rejected, Reason = string.Join("; ", problems) });
            return changes;
        }

        Note(changes, old with { Status = OrderStatus.Replaced, UpdatedAt = now, Reason = $"replaced by {newId}" });
        Note(changes, note with { Status = old.Status == OrderStatus.Held ? OrderStatus.Held : OrderStatus.Accepted });
        if (PartnerOf(old) is { } partner)
        {
            Note(changes, partner with { PartnerId = newId, UpdatedAt = now });
        }

        return changes;
    }

    /// <summary>Fills what a bar fills. Bars come in the order in which they close, whatever their symbol.</summary>
    /// <param name="series">The series that the bar is of: its splits and dividends count.</param>
    /// <param name="bar">A complete bar.</param>
    public PaperChanges Pass(BarSeries series, Bar bar)
    {
        var changes = new PaperChanges();
        _isLast = BarMatch.IsLastOfSession(series, bar);
        BeginSession(changes, series.Symbol, bar);
        Split(changes, series, bar);
        foreach (PaperEntry entry in Book.Advance(series, bar))
        {
            Add(changes, entry);
        }

        Book.Mark(series.Symbol, bar.Open);
        decimal room = bar.Volume * (decimal)options.MaxVolumeShare;
        PaperOrder[] waiting =
        [
            .. OpenOrders.Where(o =>
                o.Order.Symbol == series.Symbol && bar.OpenTime >= o.ActiveFrom && bar.OpenTime >= o.SeenUntil
            ),
        ];
        foreach (PaperOrder order in InTurn(waiting, bar))
        {
            Match(changes, order.Order.ClientOrderId, bar, ref room);
        }

        Book.Mark(series.Symbol, bar.Close);
        return changes;
    }

    private PaperOrder New(Order order, DateTimeOffset now) =>
        new()
        {
            Order = order,
            Number = _count,
            Revision = 0,
            Status = OrderStatus.Accepted,
            ActiveFrom = now,
            SeenUntil = now,
            UpdatedAt = now,
        };

    private void Add(PaperChanges changes, PaperEntry entry)
    {
        changes.Entries.Add(entry);
        Book.Book(entry);
    }

    private void Note(PaperChanges changes, PaperOrder note)
    {
        PaperOrder next = note with { Revision = FindOpen(note.Order.ClientOrderId) is { } known ? known.Revision + 1 : 0 };
        changes.Orders.Add(next);
        Restore(next);
    }

    /// <summary>Why an order is not taken; null when it is.</summary>
    private string? Refusal(Order order)
    {
        if (OrderRules.Problems(order).ToArray() is { Length: > 0 } problems)
        {
            return string.Join("; ", problems);
        }

        if ((order.LimitPrice ?? order.StopPrice ?? Book.PriceOf(order.Symbol)) is null)
        {
            return $"no price of {order.Symbol} is known";
        }

        (decimal opening, decimal reference) = PaperOpenings.Of(OpenOrders.Append(New(order, default)), Book).Last();
        if (order.Side == OrderSide.Sell && opening > 0 && !options.AllowShort)
        {
            return "short sales are not allowed";
        }

        decimal power = Account().BuyingPower;
        return opening * reference > power
            ? FormattableString.Invariant($"buying power {power:0.00} does not cover {opening * reference:0.00}")
            : null;
    }

    /// <summary>Worth of what open orders will open when they are filled, in their turn: shares that one order closes are not there for the next.</summary>
    private decimal Promised() => PaperOpenings.Of(OpenOrders, Book).Sum(o => o.Shares * o.Price);

    private void BeginSession(PaperChanges changes, string symbol, Bar bar)
    {
        foreach (
            PaperOrder order in OpenOrders
                .Where(o => o.Order.Symbol == symbol && o.Order.TimeInForce != TimeInForce.Gtc && o.Status != OrderStatus.Held)
                .ToArray()
        )
        {
            if (FindOpen(order.Order.ClientOrderId) is null)
            {
                // It ended with its partner.
                continue;
            }

            if (order.Session is { } last && last < bar.Session)
            {
                End(changes, order, OrderStatus.Expired, bar.OpenTime, $"the session of {last:O} is over");
            }
            else if (order.Session is null && bar.OpenTime >= order.ActiveFrom)
            {
                Note(changes, order with { Session = bar.Session, UpdatedAt = bar.OpenTime });
            }
        }
    }

    /// <summary>Orders that waited over a split are for as many more shares at as much lower prices.</summary>
    private void Split(PaperChanges changes, BarSeries series, Bar bar)
    {
        foreach (
            PaperOrder order in OpenOrders.Where(o => o.Order.Symbol == series.Symbol && bar.OpenTime >= o.SeenUntil).ToArray()
        )
        {
            DateOnly seen = Exchange.DayOf(series.Symbol, order.SeenUntil);
            decimal ratio = series
                .Actions.Where(a => a.Kind == CorporateActionKind.Split && a.ExDate > seen && a.ExDate <= bar.Session)
                .Aggregate(1m, (product, a) => product * a.Value);
            if (ratio != 1)
            {
                Note(changes, order.Split(ratio) with { SeenUntil = bar.OpenTime, UpdatedAt = bar.OpenTime });
            }
        }
    }

    /// <summary>Whoever is filled at the open comes first; of two legs that the rest of a bar touches the stop counts; else who was accepted first.</summary>
    private static PaperOrder[] InTurn(IEnumerable<PaperOrder> orders, Bar bar) =>
        [
            .. orders
                .OrderBy(o => BarMatch.Of(o, bar, isLast: false) is not { AtOpen: true, Price: not null })
                .ThenBy(o => o.Order.Type == OrderType.Limit && o.PartnerId is not null)
                .ThenBy(o => o.Number),
        ];

    /// <summary>Matches one order with a bar, then the legs that its fill sets off; <paramref name="room"/> is what is left of the bar's volume.</summary>
    private void Match(PaperChanges changes, string id, Bar bar, ref decimal room)
    {
        if (FindOpen(id) is not { Status: not OrderStatus.Held } order)
        {
            return;
        }

        var match = BarMatch.Of(order, bar, _isLast);
        PaperOrder seen = order with
        {
            IsTriggered = order.IsTriggered || match.IsTriggered,
            BestPrice = match.BestPrice,
            SeenUntil = bar.CloseTime,
            UpdatedAt = bar.CloseTime,
        };
        decimal quantity = match.Price is { } price ? Fillable(order, price, room) : 0;
        if (quantity > 0)
        {
            room -= quantity;
            Fill(changes, seen, quantity, match, bar, ref room);
        }
        else if (match.Price is not null || seen.IsTriggered != order.IsTriggered || seen.BestPrice != order.BestPrice)
        {
            // Without volume left it has had its turn, too: should the bar come again, the others' fills would not take their part of it.
            Note(changes, seen);
        }
    }

    private static decimal Fillable(PaperOrder order, decimal price, decimal room)
    {
        decimal wanted = order.Rest ?? (order.Order.Notional!.Value - order.Paid) / price;
        return decimal.Round(Math.Min(wanted, room), QuantityDecimals, MidpointRounding.ToZero);
    }

    private void Fill(PaperChanges changes, PaperOrder order, decimal quantity, BarMatch match, Bar bar, ref decimal room)
    {
        PaperEntry entry = Book.EntryOf(order.Order, quantity, match, bar);
        Add(changes, entry);
        decimal paid = order.Paid + (quantity * match.Price!.Value);
        decimal rest = order.Rest is { } shares ? shares - quantity : (order.Order.Notional!.Value - paid) / match.Price.Value;
        bool isDone = decimal.Round(rest, QuantityDecimals, MidpointRounding.ToZero) <= 0;
        PaperOrder filled = order with
        {
            Filled = order.Filled + quantity,
            Paid = paid,
            Status = isDone ? OrderStatus.Filled : OrderStatus.PartiallyFilled,
            UpdatedAt = entry.At,
            Reason = isDone && rest > 0 ? Fragment : null,
        };
        Note(changes, filled);
        Release(changes, filled, match, bar, ref room);
        if (PartnerOf(order) is { } partner)
        {
            ShrinkPartner(changes, filled, quantity, partner, entry.At);
        }
    }

    /// <summary>A bracket's legs wait from the first whole fill of their entry on, in the same bar if it was at the open.</summary>
    private void Release(PaperChanges changes, PaperOrder filled, BarMatch match, Bar bar, ref decimal room)
    {
        if (filled.Order.Class != OrderClass.Bracket || filled.Status != OrderStatus.Filled)
        {
            return;
        }

        DateTimeOffset from = match.AtOpen ? bar.OpenTime : bar.CloseTime;
        string[] legs =
        [
            .. OpenOrders
                .Where(o => o.ParentId == filled.Order.ClientOrderId && o.Status == OrderStatus.Held)
                .Select(o => o.Order.ClientOrderId),
        ];
        foreach (string id in legs)
        {
            Note(
                changes,
                _open[id] with
                {
                    Status = OrderStatus.Accepted,
                    ActiveFrom = from,
                    SeenUntil = from,
                    UpdatedAt = from,
                }
            );
        }

        foreach (PaperOrder leg in match.AtOpen ? InTurn(legs.Select(id => _open[id]), bar) : [])
        {
            Match(changes, leg.Order.ClientOrderId, bar, ref room);
        }
    }

    private void ShrinkPartner(PaperChanges changes, PaperOrder filled, decimal quantity, PaperOrder partner, DateTimeOffset at)
    {
        if (filled.Status == OrderStatus.Filled)
        {
            Note(
                changes,
                partner with
                {
                    Status = OrderStatus.Canceled,
                    UpdatedAt = at,
                    Reason = $"{filled.Order.ClientOrderId} was filled",
                }
            );
        }
        else
        {
            Order smaller = partner.Order with { Quantity = partner.Order.Quantity - quantity };
            Note(changes, partner with { Order = smaller, UpdatedAt = at });
        }
    }

    private void End(PaperChanges changes, PaperOrder order, OrderStatus status, DateTimeOffset now, string? reason)
    {
        Note(changes, order with { Status = status, UpdatedAt = now, Reason = reason });
        PaperOrder[] legs = [.. OpenOrders.Where(o => o.ParentId == order.Order.ClientOrderId && o.Status == OrderStatus.Held)];
        foreach (PaperOrder related in PartnerOf(order) is { } partner ? [.. legs, partner] : legs)
        {
            Note(
                changes,
                related with
                {
                    Status = OrderStatus.Canceled,
                    UpdatedAt = now,
                    Reason = $"{order.Order.ClientOrderId} is {status}",
                }
            );
        }
    }

    private PaperOrder? PartnerOf(PaperOrder order) => order.PartnerId is { } partner ? FindOpen(partner) : null;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
