using System.Globalization;
using System.Text.Json.Nodes;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>What a server of tests holds, and how it answers from that: names and types are those of Alpaca's documentation.</summary>
internal sealed class AlpacaContent
{
    private readonly List<(string Timeframe, string Symbol, DateTimeOffset Time, JsonObject Bar)> _bars = [];
    private readonly List<(string Symbol, DateTimeOffset Time, JsonObject Trade)> _trades = [];
    private readonly List<JsonObject> _articles = [];
    private readonly List<(string Type, string Symbol, string Date, JsonObject Action)> _actions = [];

    public Dictionary<string, JsonObject> LatestTrades { get; } = [];

    public Dictionary<string, JsonObject> LatestQuotes { get; } = [];

    public List<JsonObject> Sessions { get; } = [];

    public List<JsonObject> Assets { get; } = [];

    public List<JsonObject> Orders { get; } = [];

    public JsonObject? Clock { get; set; }

    /// <summary>Adds a bar; <paramref name="time"/> is <c>t</c>.</summary>
    public void AddBar(string timeframe, string symbol, string time, decimal price, long volume = 1000) =>
        _bars.Add((timeframe, symbol, Time(time), Bar(time, price, volume)));

    /// <summary>Takes the bars of a symbol away that begin in a day, and gives them back when what is returned is called.</summary>
    public Action Hide(string symbol, DateOnly day)
    {
        var hidden = _bars.FindAll(b => b.Symbol == symbol && DateOnly.FromDateTime(b.Time.UtcDateTime) == day);
        _bars.RemoveAll(hidden.Contains);
        return () => _bars.AddRange(hidden);
    }

    public static JsonObject Bar(string time, decimal price, long volume = 1000) =>
        new()
        {
            ["t"] = time,
            ["o"] = price,
            ["h"] = price + 1,
            ["l"] = price - 1,
            ["c"] = price + 0.5m,
            ["v"] = volume,
            ["n"] = 17,
            ["vw"] = price + 0.123456m,
        };

    public void AddTrade(string symbol, string time, decimal price, long id, string? update = null)
    {
        JsonObject trade = Trade(time, price, id);
        if (update is not null)
        {
            trade["u"] = update;
        }

        _trades.Add((symbol, Time(time), trade));
    }

    public static JsonObject Trade(string time, decimal price, long id) =>
        new()
        {
            ["t"] = time,
            ["x"] = "P",
            ["p"] = price,
            ["s"] = 246,
            ["c"] = new JsonArray("@", "T"),
            ["i"] = id,
            ["z"] = "C",
        };

    public static JsonObject Quote(string time, decimal bid, decimal ask) =>
        new()
        {
            ["t"] = time,
            ["ax"] = "C",
            ["ap"] = ask,
            ["as"] = 100,
            ["bx"] = "N",
            ["bp"] = bid,
            ["bs"] = 200,
            ["c"] = new JsonArray("R"),
            ["z"] = "C",
        };

    /// <summary>A bar, trade or quote as streams send it.</summary>
    public static string Message(string type, string symbol, JsonObject item)
    {
        item["T"] = type;
        item["S"] = symbol;
        return item.ToJsonString();
    }

    public void AddArticle(long id, string time, string headline, string content, params string[] symbols) =>
        _articles.Add(
            new JsonObject
            {
                ["id"] = id,
                ["headline"] = headline,
                ["author"] = "A. Writer",
                ["created_at"] = time,
                ["updated_at"] = time,
                ["summary"] = "In short.",
                ["content"] = content,
                ["url"] = null,
                ["images"] = new JsonArray(),
                ["symbols"] = new JsonArray([.. symbols.Select(s => (JsonNode)s)]),
                ["source"] = "benzinga",
            }
        );

    public void AddSplit(string symbol, string date, decimal newRate, decimal oldRate) =>
        Add(newRate > oldRate ? "forward_splits" : "reverse_splits", symbol, date, ("new_rate", newRate), ("old_rate", oldRate));

    public void AddDividend(string symbol, string date, decimal rate, bool isSpecial = false) =>
        Add("cash_dividends", symbol, date, ("rate", rate), ("special", isSpecial), ("foreign", false));

    public void Add(string type, string symbol, string date, params (string Name, JsonNode Value)[] members)
    {
        var action = new JsonObject
        {
            ["id"] = $"{_actions.Count + 1:D8}-0000-0000-0000-000000000000",
            [type == "spin_offs" ? "source_symbol" : "symbol"] = symbol,
            ["cusip"] = "037833100",
            ["ex_date"] = date,
            ["process_date"] = date,
        };
        foreach ((string name, JsonNode value) in members)
        {
            action[name] = value;
        }

        _actions.Add((type, symbol, date, action));
    }

    /// <summary>The reply to a request; null when there is no such path.</summary>
    public JsonNode? Answer(AlpacaServer.Asked asked, int pageSize) =>
        asked.Path switch
        {
            "/v2/stocks/bars" => Pages(asked, pageSize, "bars", Bars(asked)),
            "/v2/stocks/trades" => Pages(asked, pageSize, "trades", Trades(asked)),
            "/v2/stocks/trades/latest" => Latest("trades", LatestTrades, asked),
            "/v2/stocks/quotes/latest" => Latest("quotes", LatestQuotes, asked),
            "/v1beta1/news" => News(asked, pageSize),
            "/v1/corporate-actions" => Actions(asked, pageSize),
            "/v2/calendar" => CalendarOf(asked),
            "/v2/clock" => Clock?.DeepClone(),
            "/v2/assets" => new JsonArray([.. Assets.Select(a => a.DeepClone())]),
            "/v2/orders" => new JsonArray([.. Orders.Select(o => o.DeepClone())]),
            _ when asked.Path.StartsWith("/v2/assets/", StringComparison.Ordinal) => Assets
                .FirstOrDefault(a => (string)a["symbol"]! == asked.Path["/v2/assets/".Length..])
                ?.DeepClone(),
            _ => null,
        };

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static bool IsWithin(DateTimeOffset time, AlpacaServer.Asked asked) =>
        (asked["start"] is not { } start || time >= Time(start)) && (asked["end"] is not { } end || time <= Time(end));

    // By symbol and then by time, as the documentation says.
    private IEnumerable<(string Symbol, JsonObject Item)> Bars(AlpacaServer.Asked asked) =>
        _bars
            .Where(b => b.Timeframe == asked["timeframe"] && asked.Symbols.Contains(b.Symbol) && IsWithin(b.Time, asked))
            .OrderBy(b => b.Symbol, StringComparer.Ordinal)
            .ThenBy(b => b.Time)
            .Select(b => (b.Symbol, b.Bar));

    private IEnumerable<(string Symbol, JsonObject Item)> Trades(AlpacaServer.Asked asked) =>
        _trades
            .Where(t => asked.Symbols.Contains(t.Symbol) && IsWithin(t.Time, asked))
            .OrderBy(t => t.Symbol, StringComparer.Ordinal)
            .ThenBy(t => t.Time)
            .Select(t => (t.Symbol, t.Trade));

    private static (T[] Items, string? Next) Page<T>(AlpacaServer.Asked asked, int pageSize, IEnumerable<T> all)
    {
        int size = Math.Min(pageSize, int.Parse(asked["limit"] ?? "100", CultureInfo.InvariantCulture));
        int from = asked["page_token"] is { } token ? int.Parse(token["page".Length..], CultureInfo.InvariantCulture) : 0;
        T[] items = [.. all];
        return ([.. items.Skip(from).Take(size)], from + size < items.Length ? $"page{from + size}" : null);
    }

    private static JsonObject Pages(
        AlpacaServer.Asked asked,
        int pageSize,
        string name,
        IEnumerable<(string Symbol, JsonObject Item)> all
    )
    {
        ((string Symbol, JsonObject Item)[] items, string? next) = Page(asked, pageSize, all);
        var bySymbol = new JsonObject();
        foreach (IGrouping<string, JsonObject> group in items.GroupBy(i => i.Symbol, i => i.Item))
        {
            bySymbol[group.Key] = new JsonArray([.. group.Select(i => i.DeepClone())]);
        }

        return new JsonObject { [name] = items.Length == 0 ? null : bySymbol, ["next_page_token"] = next };
    }

    private static JsonObject Latest(string name, Dictionary<string, JsonObject> all, AlpacaServer.Asked asked)
    {
        var found = new JsonObject();
        foreach (string symbol in asked.Symbols.Where(all.ContainsKey))
        {
            found[symbol] = all[symbol].DeepClone();
        }

        return new JsonObject { [name] = found };
    }

    private JsonObject News(AlpacaServer.Asked asked, int pageSize)
    {
        IEnumerable<JsonObject> all = _articles
            .Where(a => IsWithin(Time((string)a["updated_at"]!), asked))
            .Where(a => a["symbols"]!.AsArray().Any(s => asked.Symbols.Contains((string)s!)))
            .OrderBy(a => Time((string)a["updated_at"]!));
        (JsonObject[] items, string? next) = Page(asked, pageSize, all);
        return new JsonObject { ["news"] = new JsonArray([.. items.Select(i => i.DeepClone())]), ["next_page_token"] = next };
    }

    private JsonObject Actions(AlpacaServer.Asked asked, int pageSize)
    {
        var all = _actions
            .Where(a => asked.Symbols.Contains(a.Symbol))
            .Where(a => string.CompareOrdinal(a.Date, asked["start"]) >= 0 && string.CompareOrdinal(a.Date, asked["end"]) <= 0);
        var (items, next) = Page(asked, pageSize, all);
        var byType = new JsonObject();
        foreach (var group in items.GroupBy(i => i.Type))
        {
            byType[group.Key] = new JsonArray([.. group.Select(i => i.Action.DeepClone())]);
        }

        return new JsonObject { ["corporate_actions"] = byType, ["next_page_token"] = next };
    }

    private JsonArray CalendarOf(AlpacaServer.Asked asked) =>
        new([
            .. Sessions
                .Where(s => string.CompareOrdinal((string)s["date"]!, asked["start"]) >= 0)
                .Where(s => string.CompareOrdinal((string)s["date"]!, asked["end"]) <= 0)
                .Select(s => s.DeepClone()),
        ]);
}
