using System.Text.Json;
using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>Turns lines into checked rows. A row with a problem is no row; all its problems are told.</summary>
/// <param name="file">The name of the file, for problems.</param>
/// <param name="now">The clock: nothing is decided later.</param>
/// <param name="problems">Receives what is wrong.</param>
/// <param name="unknownFields">Counts fields that mean nothing here.</param>
internal sealed class ReportedRowReader(
    string file,
    DateTimeOffset now,
    List<ImportProblem> problems,
    SortedDictionary<string, int> unknownFields
)
{
    private const string DefaultAgent = "reported";
    private const double NoClaim = 0.5;
    private const int LongestShown = 40;

    internal ReportedRow? Read(string text, int line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            string shown = text.Length <= LongestShown ? text : $"{text[..LongestShown]}...";
            problems.Add(new ImportProblem(file, line, null, shown, $"is no JSON (byte {e.BytePositionInLine} of the line)"));
            return null;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                string shown = JsonFields.Shown(document.RootElement);
                problems.Add(new ImportProblem(file, line, null, shown, "must be a JSON object, one a line"));
                return null;
            }

            int before = problems.Count;
            var fields = new JsonFields(
                document.RootElement,
                "",
                (f, v, r) => problems.Add(new ImportProblem(file, line, f, v, r))
            );
            ReportedRow row = Read(fields, line);
            CheckSize(fields, row);
            CountUnknown(fields);
            return problems.Count == before ? row : null;
        }
    }

    private ReportedRow Read(JsonFields fields, int line)
    {
        string symbol = fields.Text("symbol", isRequired: true) ?? "";
        DateTimeOffset decidedAt = fields.Moment("decided_at", isRequired: true) ?? DateTimeOffset.MinValue;
        if (decidedAt > now)
        {
            fields.Tell("decided_at", $"{decidedAt:u}", $"lies after the clock ({now:u})");
        }

        TradeAction action = Action(fields);
        return new ReportedRow
        {
            Line = line,
            Symbol = symbol,
            DecidedAt = decidedAt,
            Action = action,
            PositionSize = fields.Number("position_size", 0, 1, "must be a fraction of equity in 0..1 (0.05 is 5%)"),
            Quantity = fields.Positive("quantity"),
            Score = fields.Number("score", -1, 1, "must be in -1..1") ?? 0,
            Confidence = fields.Number("confidence", 0, 1, "must be in 0..1") ?? NoClaim,
            Analysis = fields.Text("analysis", mayBeEmpty: true) ?? "",
            Reasoning =
                fields.List(
                    "reasoning",
                    e => e.ValueKind == JsonValueKind.String ? e.GetString() : null,
                    "must be a list of texts"
                ) ?? [],
            Features = Features(fields),
            Agent = fields.Text("agent") ?? DefaultAgent,
            ContextId = fields.Text("context_id"),
            Prompt = fields.Text("prompt"),
            Outcome = Outcome(fields, decidedAt),
        };
    }

    private static TradeAction Action(JsonFields fields)
    {
        string? text = fields.Text("action", isRequired: true);
        TradeAction? action = text switch
        {
            "buy" => TradeAction.Buy,
            "sell" => TradeAction.Sell,
            "hold" => TradeAction.Hold,
            _ => null,
        };
        if (text is not null && action is null)
        {
            fields.Tell("action", text, "must be one of buy, sell, hold");
        }

        return action ?? TradeAction.Hold;
    }

    private static void CheckSize(JsonFields fields, ReportedRow row)
    {
        bool hasSize = fields.Find("position_size") is not null;
        bool hasQuantity = fields.Find("quantity") is not null;
        if (hasSize && hasQuantity)
        {
            fields.Tell("quantity", null, "stands instead of position_size, not beside it");
        }
        else if (row.Action == TradeAction.Hold)
        {
            if (row.PositionSize > 0 || hasQuantity)
            {
                fields.Tell(hasQuantity ? "quantity" : "position_size", null, "a hold has none: leave it out, or 0");
            }
        }
        else if (!hasSize && !hasQuantity)
        {
            fields.Tell("position_size", null, "is required for a buy or sell (or quantity, in shares)");
        }
        else if (row.PositionSize == 0)
        {
            fields.Tell("position_size", "0", "must be more than 0 for a buy or sell");
        }
    }

    private static SortedDictionary<string, double?> Features(JsonFields fields)
    {
        const string Name = "features";
        var features = new SortedDictionary<string, double?>(StringComparer.Ordinal);
        if (fields.Find(Name) is not { } json)
        {
            return features;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            fields.Tell(Name, JsonFields.Shown(json), "must be an object of named numbers");
            return features;
        }

        foreach (JsonProperty feature in json.EnumerateObject())
        {
            bool isNull = feature.Value.ValueKind == JsonValueKind.Null;
            double value = 0;
            bool isFeature =
                feature.Value.ValueKind == JsonValueKind.Number
                && feature.Value.TryGetDouble(out value)
                && DecisionContext.IsFeature(value);
            if (feature.Name.Length == 0 || (!isNull && !isFeature))
            {
                fields.Tell(
                    $"{Name}.{feature.Name}",
                    JsonFields.Shown(feature.Value),
                    "must be a number in -1e100..1e100 with a name, or null when unknown"
                );
            }

            features[feature.Name] = isNull ? null : value;
        }

        return features;
    }

    private ReportedRowOutcome? Outcome(JsonFields fields, DateTimeOffset decidedAt)
    {
        const string Name = "outcome";
        if (fields.Find(Name) is not { } json)
        {
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            fields.Tell(Name, JsonFields.Shown(json), "must be an object with exit_at and exit_price");
            return null;
        }

        var inner = new JsonFields(json, $"{Name}.", fields.Tell);
        DateTimeOffset exitAt = inner.Moment("exit_at", isRequired: true) ?? DateTimeOffset.MaxValue;
        DateTimeOffset? entryAt = inner.Moment("entry_at");
        if (exitAt != DateTimeOffset.MaxValue && (exitAt < (entryAt ?? decidedAt) || exitAt > now))
        {
            inner.Tell("exit_at", $"{exitAt:u}", $"must lie between the entry and the clock ({now:u})");
        }

        if (entryAt < decidedAt)
        {
            inner.Tell("entry_at", $"{entryAt:u}", "must not lie before decided_at");
        }

        var outcome = new ReportedRowOutcome(
            exitAt,
            inner.Positive("exit_price", isRequired: true) ?? 0,
            entryAt,
            inner.Positive("entry_price"),
            inner
                .List("price_history", e => (object?)JsonFields.TryPositive(e), "must be a list of numbers in 1e-9..1e12")
                ?.Cast<decimal>()
                .ToArray()
        );
        CountUnknown(inner);
        return outcome;
    }

    private void CountUnknown(JsonFields fields)
    {
        foreach (string name in fields.Unread)
        {
            unknownFields[name] = unknownFields.GetValueOrDefault(name) + 1;
        }
    }
}
