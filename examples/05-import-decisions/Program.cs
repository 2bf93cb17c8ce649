// Converts trading sessions recorded by AI-Trader (github.com/HKUDS/AI-Trader: one JSON object per session and model) into the lines
// that `rlaif decisions import` reads. Shows how little any agent, in any language, has to write to be settled and learnt from.
//
//   dotnet run --project examples/05-import-decisions -- decisions_us_nasdaq100.jsonl.gz decisions.jsonl
//
// Choices made here:
// - A session is stamped with the exchange's local time. Those logs filled at a price from before the stamp; only the stamp is kept, so
//   settlement starts at the first bar that opens after it. A stamp without a time of day counts as the close of that day.
// - Several models that traded one symbol in one session answered one question: they share a context_id and are compared directly.
// - Sizes are fractions of the cash that the model started with.
// - A sale counts as a view against the stock. Trades of one symbol in one session are netted; a net of zero is left out.
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: import-decisions SESSIONS.jsonl[.gz] OUTPUT.jsonl");
    return 2;
}

int sessions = 0;
int written = 0;
int withoutTrade = 0;
var startingCash = new Dictionary<string, double>();
using (StreamReader reader = Open(args[0]))
using (var writer = new StreamWriter(args[1]))
{
    while (reader.ReadLine() is { } line)
    {
        sessions++;
        JsonObject session = JsonNode.Parse(line)!.AsObject();
        string model = session["model"]!.GetValue<string>();
        startingCash.TryAdd(model, session["positions_before"]?["CASH"]?.GetValue<double>() ?? 0);
        JsonObject[] rows = [.. Decisions(session, startingCash[model])];
        withoutTrade += rows.Length == 0 ? 1 : 0;
        foreach (JsonObject row in rows)
        {
            writer.Write(row.ToJsonString() + "\n");
            written++;
        }
    }
}

Console.WriteLine($"{sessions} sessions: {written} decisions written to {args[1]}, {withoutTrade} sessions without a trade.");
return 0;

static IEnumerable<JsonObject> Decisions(JsonObject session, double startingCash)
{
    string model = session["model"]!.GetValue<string>();
    string stamp = session["session"]!.GetValue<string>();
    string[] reasoning = [.. session["reasoning"]!.AsArray().Select(r => r!.GetValue<string>()).Where(r => r.Length > 0)];
    var trades = session["actions"]!
        .AsArray()
        .Select(a => a!.AsObject())
        .Where(a => a["action"]!.GetValue<string>() is "buy" or "sell" && a["amount"]!.GetValue<double>() > 0)
        .GroupBy(a => a["symbol"]!.GetValue<string>());
    foreach (var bySymbol in trades)
    {
        double shares = bySymbol.Sum(a => (a["action"]!.GetValue<string>() == "buy" ? 1 : -1) * a["amount"]!.GetValue<double>());
        double price = bySymbol.First()["fill_price"]?.GetValue<double>() ?? 0;
        if (shares == 0)
        {
            continue;
        }

        var row = new JsonObject
        {
            ["symbol"] = bySymbol.Key,
            ["decided_at"] = ToUtc(stamp, bySymbol.Key).ToString("yyyy-MM-ddTHH:mm:ssZ"),
            ["action"] = shares > 0 ? "buy" : "sell",
            ["analysis"] = reasoning.FirstOrDefault() ?? $"{model} gave no reason.",
            ["reasoning"] = new JsonArray([.. reasoning.Skip(1).Select(r => JsonValue.Create(r))]),
            ["agent"] = model,
            ["context_id"] = $"{bySymbol.Key} {stamp}",
        };
        if (price > 0 && startingCash > 0)
        {
            row["position_size"] = Math.Min(1, Math.Abs(shares) * price / startingCash);
        }
        else
        {
            row["quantity"] = Math.Abs(shares);
        }

        yield return row;
    }
}

static DateTimeOffset ToUtc(string stamp, string symbol)
{
    bool china = symbol.EndsWith(".SH", StringComparison.Ordinal) || symbol.EndsWith(".SZ", StringComparison.Ordinal);
    TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(china ? "Asia/Shanghai" : "America/New_York");
    DateTime local = stamp.Length > 10 ? DateTime.Parse(stamp) : DateTime.Parse(stamp).AddHours(china ? 15 : 16);
    return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
}

static StreamReader Open(string path)
{
    Stream file = File.OpenRead(path);
    return new StreamReader(
        path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file
    );
}
