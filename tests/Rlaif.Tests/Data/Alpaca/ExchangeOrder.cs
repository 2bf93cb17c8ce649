using System.Globalization;
using System.Text.Json.Nodes;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>An order of the exchange of tests, as its documentation describes orders.</summary>
internal sealed class ExchangeOrder
{
    private readonly JsonObject _body;
    private DateTimeOffset _updated;

    public ExchangeOrder(string id, JsonObject body, DateTimeOffset now, ExchangeOrder? parent = null)
    {
        (Id, _body, Parent, Created, _updated) = (id, body, parent, now, now);
        ClientId = (string?)body["client_order_id"] ?? id;
        Qty = Number("qty");
        Notional = Number("notional");
    }

    public string Id { get; }

    public string ClientId { get; }

    /// <summary>Whether the exchange gave it its client order id.</summary>
    public bool IsNamedHere => _body["client_order_id"] is null;

    public ExchangeOrder? Parent { get; }

    /// <summary>The entry of a bracket is a group of its own: only its cancellation concerns the legs.</summary>
    public ExchangeOrder Group => Parent ?? this;

    public DateTimeOffset Created { get; }

    public string Status { get; private set; } = "new";

    public decimal? Qty { get; set; }

    public decimal? Notional { get; }

    public decimal Filled { get; set; }

    public decimal Paid { get; set; }

    public string? ReplacedBy { get; set; }

    public string Symbol => (string)_body["symbol"]!;

    public string Side => (string)_body["side"]!;

    public string Type => (string)_body["type"]!;

    public string TimeInForce => (string)_body["time_in_force"]!;

    public string Class => (string?)_body["order_class"] ?? "";

    public decimal? LimitPrice =>
        Class == "oco" && Parent is null ? LegNumber("take_profit", "limit_price") : Number("limit_price");

    public bool IsOpen => Status is not ("filled" or "canceled" or "expired" or "replaced" or "rejected");

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    public void Set(string status, DateTimeOffset now) => (Status, _updated) = (status, now);

    /// <summary>Why it is not taken.</summary>
    public string? Problem()
    {
        bool isAdvanced = Parent is null && (Class is "bracket" or "oco");
        foreach ((string name, decimal? price) in Prices())
        {
            if (price is { } given && decimal.Round(given, given >= 1 ? 2 : 4) != given)
            {
                return $"invalid {name} {given}. sub-penny increment does not fulfill minimum pricing criteria";
            }
        }

        return ClientId.Length > 128 ? "client_order_id must be no more than 128 characters"
            : Qty is null == Notional is null ? "qty or notional is required"
            : Notional is not null && (Type, TimeInForce) != ("market", "day") ? "notional orders must be market day orders"
            : Qty % 1 != 0 && TimeInForce != "day" ? "fractional orders must be DAY orders"
            : Type is "limit" or "stop_limit" && LimitPrice is null ? "limit orders require limit_price"
            : Type is "stop" or "stop_limit" && Number("stop_price") is null ? "stop orders require stop_price"
            : Type == "trailing_stop" && Number("trail_price") is null == Number("trail_percent") is null
                ? "trailing stop orders require one of trail_price and trail_percent"
            : Number("trail_percent") is < 0.1m or >= 100 ? "trail_percent must be a percentage"
            : TimeInForce == "cls" && Type is not ("market" or "limit") ? "cls orders must be market or limit orders"
            : isAdvanced && LegNumber("take_profit", "limit_price") is null ? $"{Class} orders require take_profit.limit_price"
            : isAdvanced && LegNumber("stop_loss", "stop_price") is null ? $"{Class} orders require stop_loss.stop_price"
            : Class == "oco" && Type != "limit" ? "oco orders must be limit orders"
            : null;
    }

    /// <summary>The legs, held until they may work, with ids that the exchange gives.</summary>
    public IEnumerable<ExchangeOrder> MakeLegs(Func<string> nextId, DateTimeOffset now)
    {
        string exit = Side == "buy" ? "sell" : "buy";
        if (Class == "bracket")
        {
            yield return Leg(nextId(), exit, "limit", "limit_price", LegNumber("take_profit", "limit_price"), now);
        }

        if (Class is "bracket" or "oco")
        {
            string side = Class == "oco" ? Side : exit;
            yield return Leg(nextId(), side, "stop", "stop_price", LegNumber("stop_loss", "stop_price"), now);
        }
    }

    /// <summary>The order in its place; what is filled counts for it.</summary>
    public ExchangeOrder Replaced(string id, JsonObject changes, DateTimeOffset now)
    {
        JsonObject body = _body.DeepClone().AsObject();
        body["qty"] = Qty is { } shares ? AlpacaExchange.Text(shares) : null;
        foreach ((string name, JsonNode? value) in changes)
        {
            body[name] = value?.DeepClone();
        }

        body["replaces"] = Id;
        return new ExchangeOrder(id, body, now, Parent)
        {
            Filled = Filled,
            Paid = Paid,
            Status = Filled > 0 ? "partially_filled" : Status,
        };
    }

    public JsonObject ToJson(IReadOnlyList<ExchangeOrder> legs) =>
        new()
        {
            ["id"] = Id,
            ["client_order_id"] = ClientId,
            ["created_at"] = Time(Created),
            ["updated_at"] = Time(_updated),
            ["submitted_at"] = Time(Created),
            ["filled_at"] = Status == "filled" ? Time(_updated) : null,
            ["expired_at"] = Status == "expired" ? Time(_updated) : null,
            ["canceled_at"] = Status == "canceled" ? Time(_updated) : null,
            ["failed_at"] = Status == "rejected" ? Time(_updated) : null,
            ["replaced_at"] = Status == "replaced" ? Time(_updated) : null,
            ["replaced_by"] = ReplacedBy,
            ["replaces"] = (string?)_body["replaces"],
            ["asset_id"] = "b0b6dd9d-8b9b-48a9-ba46-b9d54906e415",
            ["symbol"] = Symbol,
            ["asset_class"] = "us_equity",
            ["notional"] = Notional is { } money ? AlpacaExchange.Text(money) : null,
            ["qty"] = Qty is { } shares ? AlpacaExchange.Text(shares) : null,
            ["filled_qty"] = AlpacaExchange.Text(Filled),
            ["filled_avg_price"] = Filled > 0 ? AlpacaExchange.Text(Paid / Filled) : null,
            ["order_class"] = Class,
            ["order_type"] = Type,
            ["type"] = Type,
            ["side"] = Side,
            ["time_in_force"] = TimeInForce,
            ["limit_price"] = LimitPrice is { } limit ? AlpacaExchange.Text(limit) : null,
            ["stop_price"] = (string?)_body["stop_price"],
            ["status"] = Status,
            ["extended_hours"] = false,
            ["legs"] = legs.Count == 0 ? null : new JsonArray([.. legs.Select(l => l.ToJson([]))]),
            ["trail_percent"] = (string?)_body["trail_percent"],
            ["trail_price"] = (string?)_body["trail_price"],
            ["hwm"] = null,
        };

    private ExchangeOrder Leg(string id, string side, string type, string name, decimal? price, DateTimeOffset now) =>
        new(
            id,
            new JsonObject
            {
                ["symbol"] = Symbol,
                ["side"] = side,
                ["type"] = type,
                ["time_in_force"] = TimeInForce,
                ["qty"] = AlpacaExchange.Text(Qty!.Value),
                ["order_class"] = Class,
                [name] = AlpacaExchange.Text(price!.Value),
            },
            now,
            this
        )
        {
            Status = "held",
        };

    private IEnumerable<(string Name, decimal? Price)> Prices() =>
        [
            ("limit_price", Number("limit_price")),
            ("stop_price", Number("stop_price")),
            ("take_profit.limit_price", LegNumber("take_profit", "limit_price")),
            ("stop_loss.stop_price", LegNumber("stop_loss", "stop_price")),
        ];

    private decimal? Number(string name) =>
        (string?)_body[name] is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;

    private decimal? LegNumber(string leg, string name) =>
        (string?)_body[leg]?[name] is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : null;
}
