using System.Globalization;
using System.Text.Json.Nodes;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>
/// An account at Alpaca on this machine, by its public documentation: orders with their legs, fills, positions and the account. Nothing is filled unless a test says so.
/// Names and types of all fields are those of the documentation; numbers are strings.
/// </summary>
internal sealed class AlpacaExchange(Func<DateTimeOffset> now)
{
    private const int BadRequest = 40010001;
    private const int Unprocessable = 42210000;
    private const int Insufficient = 40310000;
    private const int NotFound = 40410000;

    private readonly Lock _lock = new();
    private readonly List<ExchangeOrder> _orders = [];
    private readonly List<JsonObject> _fills = [];
    private readonly SortedDictionary<string, (decimal Shares, decimal Price)> _held = new(StringComparer.Ordinal);
    private int _number;

    public decimal BuyingPower { get; set; } = 1_000_000;

    public decimal Cash { get; private set; } = 1_000_000;

    /// <summary>Whether a request to cancel takes its time.</summary>
    public bool CancelsSlowly { get; set; }

    /// <summary>The ids of all orders that were handed over and taken, in their order; an id that is in it twice is an order sent twice.</summary>
    public List<string> Taken { get; } = [];

    public IReadOnlyList<JsonObject> Fills
    {
        get
        {
            lock (_lock)
            {
                return [.. _fills];
            }
        }
    }

    /// <summary>Orders that can still be filled.</summary>
    public IReadOnlyList<ExchangeOrder> Open
    {
        get
        {
            lock (_lock)
            {
                return [.. _orders.Where(o => o.IsOpen && (o.Parent is null || !o.Parent.IsOpen || o.Class == "oco"))];
            }
        }
    }

    public decimal SharesOf(string symbol) => _held.GetValueOrDefault(symbol).Shares;

    /// <summary>The order that was placed with an id, or a leg as <c>id/target</c> or <c>id/stop</c>.</summary>
    public ExchangeOrder this[string id]
    {
        get
        {
            lock (_lock)
            {
                string[] parts = id.Split('/');
                ExchangeOrder order = _orders.First(o => o.ClientId == parts[0]);
                return parts.Length == 1
                    ? order
                    : _orders.Last(o => o.Parent == order && o.IsNamedHere && (o.Type == "limit") == (parts[1] == "target"));
            }
        }
    }

    /// <summary>What the exchange answers; null when it has no such path.</summary>
    public (int Status, JsonNode? Body)? Answer(AlpacaServer.Asked asked)
    {
        lock (_lock)
        {
            return (asked.Method, asked.Path) switch
            {
                ("POST", "/v2/orders") => Submit(JsonNode.Parse(asked.Body)!.AsObject()),
                ("GET", "/v2/orders") => (200, List(asked)),
                ("GET", "/v2/orders:by_client_order_id") => Found(
                    _orders.FirstOrDefault(o => o.ClientId == asked["client_order_id"]),
                    nested: false
                ),
                ("GET", "/v2/positions") => (200, Positions()),
                ("GET", "/v2/account") => (200, Account()),
                ("GET", "/v2/account/activities/FILL") => (200, Activities(asked)),
                (_, var path) when path.StartsWith("/v2/orders/", StringComparison.Ordinal) => One(
                    asked,
                    _orders.FirstOrDefault(o => o.Id == path["/v2/orders/".Length..])
                ),
                _ => null,
            };
        }
    }

    /// <summary>Fills a part of an order.</summary>
    public void Fill(ExchangeOrder order, decimal quantity, decimal price)
    {
        lock (_lock)
        {
            DateTimeOffset at = now();
            decimal total = order.Filled + quantity;
            order.Paid += quantity * price;
            order.Filled = total;
            bool isDone = order.Qty is { } wanted ? total >= wanted : order.Paid >= order.Notional - 0.01m;
            order.Set(isDone ? "filled" : "partially_filled", at);
            bool isShort = order.Side == "sell" && SharesOf(order.Symbol) <= 0;
            _fills.Add(
                new JsonObject
                {
                    ["activity_type"] = "FILL",
                    ["cum_qty"] = Text(total),
                    ["id"] = $"{at.UtcDateTime.ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)}::{NextId()}",
                    ["leaves_qty"] = Text((order.Qty ?? total) - total),
                    ["price"] = Text(price),
                    ["qty"] = Text(quantity),
                    ["side"] = isShort ? "sell_short" : order.Side,
                    ["symbol"] = order.Symbol,
                    ["transaction_time"] = ExchangeOrder.Time(at),
                    ["order_id"] = order.Id,
                    ["type"] = isDone ? "fill" : "partial_fill",
                }
            );
            decimal signed = order.Side == "buy" ? quantity : -quantity;
            _held[order.Symbol] = (SharesOf(order.Symbol) + signed, price);
            Cash -= signed * price;
            Follow(order, quantity, isDone, at);
        }
    }

    /// <summary>Brings an order to an end, or into another state, as the exchange or the clock does.</summary>
    public void Set(ExchangeOrder order, string status)
    {
        lock (_lock)
        {
            order.Set(status, now());
        }
    }

    /// <summary>As a split, or a correction by hand: what is held is another number.</summary>
    public void Hold(string symbol, decimal shares, decimal price) => _held[symbol] = (shares, price);

    /// <summary>All that a cancel of slow exchanges waits for.</summary>
    public void FinishCancels()
    {
        lock (_lock)
        {
            _orders.FindAll(o => o.Status == "pending_cancel").ForEach(o => o.Set("canceled", now()));
        }
    }

    // The target waits once the entry is filled; the stop stays held and works. One leg ends the other, or takes its part of it.
    private void Follow(ExchangeOrder order, decimal quantity, bool isDone, DateTimeOffset at)
    {
        if (isDone && order.Class == "bracket" && order.Parent is null)
        {
            _orders.Find(o => o.Parent == order && o.Type == "limit")!.Set("new", at);
        }

        bool isExit = order.Parent is not null || order.Class == "oco";
        foreach (ExchangeOrder other in isExit ? _orders.Where(o => o != order && o.Group == order.Group && o.IsOpen) : [])
        {
            other.Qty -= isDone ? 0 : quantity;
            other.Set(isDone ? "canceled" : other.Status, at);
        }
    }

    private (int, JsonNode?) Submit(JsonObject body)
    {
        var order = new ExchangeOrder(NextId(), body, now());
        if (_orders.Any(o => o.ClientId == order.ClientId))
        {
            return Refused(422, BadRequest, "client_order_id must be unique");
        }

        if (order.Problem() is { } problem)
        {
            return Refused(422, Unprocessable, problem);
        }

        if (order.Symbol == "NONE")
        {
            return Refused(422, BadRequest, "asset \"NONE\" not found");
        }

        decimal worth = order.Notional ?? (order.Qty!.Value * (order.LimitPrice ?? 100));
        if (order.Side == "buy" && worth > BuyingPower)
        {
            return Refused(403, Insufficient, "insufficient buying power");
        }

        Taken.Add(order.ClientId);
        _orders.Add(order);
        _orders.AddRange(order.MakeLegs(NextId, now()));
        return (200, Json(order, nested: true));
    }

    private (int, JsonNode?) One(AlpacaServer.Asked asked, ExchangeOrder? order)
    {
        if (order is null || asked.Method == "GET")
        {
            return Found(order, asked["nested"] == "true");
        }

        if (asked.Method == "PATCH")
        {
            return Replace(order, JsonNode.Parse(asked.Body)!.AsObject());
        }

        if (!order.IsOpen || order.Status == "pending_replace")
        {
            return Refused(422, Unprocessable, $"order is already in \"{order.Status}\" state");
        }

        foreach (ExchangeOrder one in _orders.Where(o => o.Group == order.Group && o.IsOpen))
        {
            one.Set(CancelsSlowly ? "pending_cancel" : "canceled", now());
        }

        return (204, null);
    }

    private (int, JsonNode?) Replace(ExchangeOrder old, JsonObject changes)
    {
        if (!old.IsOpen || old.Status is "accepted" or "pending_new" or "pending_cancel" or "pending_replace")
        {
            return Refused(422, Unprocessable, $"cannot replace order in {old.Status} status");
        }

        if (_orders.Any(o => o.ClientId == (string?)changes["client_order_id"]))
        {
            return Refused(422, BadRequest, "client_order_id must be unique");
        }

        ExchangeOrder next = old.Replaced(NextId(), changes, now());
        if (next.Qty <= old.Filled)
        {
            return Refused(422, Unprocessable, "qty must be > filled_qty");
        }

        if (next.Problem() is { } problem)
        {
            return Refused(422, Unprocessable, problem);
        }

        old.Set("replaced", now());
        old.ReplacedBy = next.Id;
        Taken.Add(next.ClientId);
        _orders.Add(next);
        return (200, Json(next, nested: false));
    }

    private (int, JsonNode?) Found(ExchangeOrder? order, bool nested) =>
        order is null ? Refused(404, NotFound, "order not found") : (200, Json(order, nested));

    private static (int, JsonNode?) Refused(int status, int code, string message) =>
        (status, new JsonObject { ["code"] = code, ["message"] = message });

    private JsonArray List(AlpacaServer.Asked asked)
    {
        bool nested = asked["nested"] == "true";
        string status = asked["status"] ?? "open";
        IEnumerable<ExchangeOrder> found = _orders.Where(o =>
            (status == "all" || o.IsOpen == (status == "open")) && (!nested || o.Parent is null)
        );
        found = asked["direction"] == "asc" ? found : found.Reverse();
        if ((asked["after_order_id"] ?? asked["before_order_id"]) is { } last)
        {
            found = found.SkipWhile(o => o.Id != last).Skip(1);
        }

        int limit = Math.Min(500, int.Parse(asked["limit"] ?? "50", CultureInfo.InvariantCulture));
        return new JsonArray([.. found.Take(limit).Select(o => Json(o, nested))]);
    }

    private JsonObject Json(ExchangeOrder order, bool nested) =>
        order.ToJson(nested ? [.. _orders.Where(o => o.Parent == order)] : []);

    private JsonArray Activities(AlpacaServer.Asked asked)
    {
        IEnumerable<JsonObject> found = asked["after"] is { } after
            ? _fills.Where(f => Parse((string)f["transaction_time"]!) > Parse(after))
            : _fills;
        found = found.OrderBy(f => (string)f["id"]!, StringComparer.Ordinal);
        found = asked["direction"] == "asc" ? found : found.Reverse();
        if (asked["page_token"] is { } token)
        {
            found = found.SkipWhile(f => (string)f["id"]! != token).Skip(1);
        }

        int size = Math.Min(100, int.Parse(asked["page_size"] ?? "100", CultureInfo.InvariantCulture));
        return new JsonArray([.. found.Take(size).Select(f => f.DeepClone())]);
    }

    private JsonArray Positions() =>
        new([
            .. _held
                .Where(h => h.Value.Shares != 0)
                .Select(h => new JsonObject
                {
                    ["asset_id"] = "904837e3-3b76-47ec-b432-046db621571b",
                    ["symbol"] = h.Key,
                    ["exchange"] = "NASDAQ",
                    ["asset_class"] = "us_equity",
                    ["avg_entry_price"] = Text(h.Value.Price),
                    ["qty"] = Text(h.Value.Shares),
                    ["side"] = h.Value.Shares > 0 ? "long" : "short",
                    ["market_value"] = Text(h.Value.Shares * h.Value.Price),
                    ["cost_basis"] = Text(h.Value.Shares * h.Value.Price),
                    ["current_price"] = Text(h.Value.Price),
                    ["lastday_price"] = Text(h.Value.Price),
                    ["change_today"] = "0",
                    ["qty_available"] = Text(h.Value.Shares),
                }),
        ]);

    private JsonObject Account()
    {
        decimal longs = _held.Values.Where(h => h.Shares > 0).Sum(h => h.Shares * h.Price);
        decimal shorts = _held.Values.Where(h => h.Shares < 0).Sum(h => h.Shares * h.Price);
        return new JsonObject
        {
            ["id"] = "1d9eed04-be39-4e01-9b84-a48ac5bbafcf",
            ["account_number"] = "PALPACA_123",
            ["status"] = "ACTIVE",
            ["currency"] = "USD",
            ["buying_power"] = Text(BuyingPower),
            ["cash"] = Text(Cash),
            ["portfolio_value"] = Text(Cash + longs + shorts),
            ["pattern_day_trader"] = false,
            ["trading_blocked"] = false,
            ["account_blocked"] = false,
            ["multiplier"] = "2",
            ["shorting_enabled"] = true,
            ["equity"] = Text(Cash + longs + shorts),
            ["last_equity"] = "1000000",
            ["long_market_value"] = Text(longs),
            ["short_market_value"] = Text(shorts),
            ["daytrade_count"] = 0,
        };
    }

    // As Alpaca's: a GUID, here in the order in which they are made.
    private string NextId() => new Guid(++_number, 0x3b76, 0x47ec, [0xb4, 0x32, 4, 6, 0xdb, 6, 0x21, 0x57]).ToString("D");

    internal static string Text(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);

    private static DateTimeOffset Parse(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
