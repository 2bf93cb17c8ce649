using System.Globalization;
using System.Text.Json;
using Rlaif.Decisions;

namespace Rlaif.Cli;

/// <summary>
/// Reads candidates to be scored: one JSON object or an array of them, in the row format of <c>decisions import</c>. Fields that
/// scoring does not need are ignored.
/// </summary>
internal sealed class CandidateFile
{
    private const int ProblemsShown = 2;
    private static readonly string[] Required = ["symbol", "decided_at", "action"];

    private readonly List<string> _problems = [];
    private string _row = string.Empty;

    /// <summary>Reads a file.</summary>
    /// <exception cref="RlaifInputException">It cannot be read, is no JSON, or a row is not valid; names row, field and rule.</exception>
    public static async Task<IReadOnlyList<CandidateRow>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = File.OpenRead(path);
            using JsonDocument document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            return new CandidateFile().Read(document.RootElement, path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot read candidates from '{path}': {e.Message}", e);
        }
    }

    private List<CandidateRow> Read(JsonElement root, string path)
    {
        JsonElement[] elements = root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
        var rows = new List<CandidateRow>();
        for (int i = 0; i < elements.Length; i++)
        {
            _row = $"row {i + 1}";
            if (elements[i].ValueKind == JsonValueKind.Object)
            {
                rows.Add(ReadRow(elements[i], i + 1));
            }
            else
            {
                _problems.Add($"{_row}: must be an object with {string.Join(", ", Required)}");
            }
        }

        if (_problems.Count > 0)
        {
            string more = _problems.Count > ProblemsShown ? $"; and {_problems.Count - ProblemsShown} more" : string.Empty;
            throw new RlaifInputException($"'{path}': {string.Join("; ", _problems.Take(ProblemsShown))}{more}.");
        }

        return rows.Count > 0 ? rows : throw new RlaifInputException($"'{path}' holds no candidates.");
    }

    private CandidateRow ReadRow(JsonElement row, int number)
    {
        TradeAction action = ReadAction(row);
        double? size = Number(row, "position_size", 0, 1);
        double? quantity = Number(row, "quantity", 0, double.MaxValue);
        if (action != TradeAction.Hold && (size ?? quantity) is not > 0)
        {
            _problems.Add(
                $"{_row} position_size: must be a fraction of equity above 0, up to 1 (0.05 is 5%), or quantity a number of shares"
            );
        }

        return new CandidateRow
        {
            Number = number,
            Symbol = Text(row, "symbol") ?? Missing("symbol", "must be a symbol such as AAPL"),
            DecidedAt = ReadTime(row),
            Action = action,
            PositionSize = action == TradeAction.Hold ? 0 : size,
            Quantity = quantity,
            Score = Number(row, "score", -1, 1) ?? 0,
            Confidence = Number(row, "confidence", 0, 1) ?? CandidateRow.UnknownConfidence,
            Analysis = Text(row, "analysis") ?? string.Empty,
            Reasoning = ReadReasoning(row),
            Features = ReadFeatures(row),
            CandidateId = Text(row, "candidate_id"),
            ContextId = Text(row, "context_id"),
        };
    }

    private TradeAction ReadAction(JsonElement row)
    {
        if (
            Text(row, "action") is { } text
            && Enum.TryParse(text, ignoreCase: true, out TradeAction action)
            && Enum.IsDefined(action)
        )
        {
            return action;
        }

        Missing("action", "must be buy, sell or hold");
        return TradeAction.Hold;
    }

    private DateTimeOffset ReadTime(JsonElement row)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(Text(row, "decided_at"), CultureInfo.InvariantCulture, Utc, out DateTimeOffset time))
        {
            return time;
        }

        Missing("decided_at", "must be a time such as 2025-10-02T20:00:00Z");
        return default;
    }

    private List<string> ReadReasoning(JsonElement row)
    {
        if (!Has(row, "reasoning", out JsonElement value))
        {
            return [];
        }

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String))
        {
            return [.. value.EnumerateArray().Select(s => s.GetString()!)];
        }

        Missing("reasoning", "must be an array of sentences");
        return [];
    }

    private SortedDictionary<string, double?> ReadFeatures(JsonElement row)
    {
        var features = new SortedDictionary<string, double?>(StringComparer.Ordinal);
        if (Has(row, "features", out JsonElement value) && value.ValueKind != JsonValueKind.Object)
        {
            Missing("features", "must be an object of numbers by name");
            return features;
        }

        foreach (JsonProperty feature in value.ValueKind == JsonValueKind.Object ? value.EnumerateObject() : default)
        {
            bool isNull = feature.Value.ValueKind == JsonValueKind.Null;
            features[feature.Name] = isNull ? null : Number(value, feature.Name, double.MinValue, double.MaxValue);
        }

        return features;
    }

    private string? Text(JsonElement row, string field)
    {
        if (!Has(row, field, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return string.IsNullOrWhiteSpace(value.GetString()) ? null : value.GetString();
        }

        return Missing(field, "must be a text");
    }

    private double? Number(JsonElement row, string field, double least, double most)
    {
        if (!Has(row, field, out JsonElement value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= least && number <= most)
        {
            return number;
        }

        Missing(field, most == double.MaxValue ? "must be a number" : $"must be a number from {least} to {most}");
        return null;
    }

    private string Missing(string field, string rule)
    {
        _problems.Add($"{_row} {field}: {rule}");
        return string.Empty;
    }

    private static bool Has(JsonElement row, string field, out JsonElement value) =>
        row.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;
}
