using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// Models and their prices, from the file that comes with the library, each row with its date and source. A user's file of the same
/// form changes and adds rows: what it leaves out of a known model stays as it is.
/// </summary>
public sealed partial class ModelTable
{
    private const string Resource = "Rlaif.Decisions.Llm.Models.models.json";

    private static readonly JsonSerializerOptions RowJson = new(RlaifJson.Compact)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly Dictionary<(string Provider, string Model), ModelCard> _rows;

    private ModelTable(Dictionary<(string, string), ModelCard> rows) => _rows = rows;

    /// <summary>All rows, by provider and model.</summary>
    public IReadOnlyList<ModelCard> Rows =>
        [.. _rows.Values.OrderBy(r => r.Provider, StringComparer.Ordinal).ThenBy(r => r.Model, StringComparer.Ordinal)];

    /// <summary>Reads the table.</summary>
    /// <param name="path">
    /// A JSON file with rows that come before those of the library: a list of objects with <c>provider</c>, <c>model</c>,
    /// <c>input_usd</c>, <c>output_usd</c> and what else <see cref="ModelCard"/> has, in snake case. Null for none.
    /// </param>
    /// <exception cref="RlaifInputException">The file is missing or not of that form; the message names the row.</exception>
    public static ModelTable Load(string? path = null)
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is missing.");
        var rows = new Dictionary<(string, string), JsonObject>();
        Read(JsonNode.Parse(stream), rows, Resource, own: false);
        if (path is not null)
        {
            Read(Parse(path), rows, path, own: true);
        }

        return new ModelTable(rows.ToDictionary(r => r.Key, r => Card(r.Value, path)));
    }

    /// <summary>
    /// The row of a model; null when there is none. A dated snapshot (<c>claude-haiku-4-5-20251001</c>, <c>gpt-5-mini-2025-08-07</c>) has
    /// the row of its model unless it has one of its own; the card then carries the name that was asked for.
    /// </summary>
    public ModelCard? Find(string provider, string model)
    {
        if (_rows.TryGetValue((provider, model), out ModelCard? exact))
        {
            return exact;
        }

        string undated = Snapshot().Replace(model, "");
        return undated.Length < model.Length && _rows.TryGetValue((provider, undated), out ModelCard? row)
            ? row with
            {
                Model = model,
            }
            : null;
    }

    private static JsonNode? Parse(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient);
        }
        catch (JsonException e)
        {
            throw new RlaifInputException($"{path} is not JSON: line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"The model table {path} cannot be read: {e.Message}", e);
        }
    }

    private static void Read(JsonNode? table, Dictionary<(string, string), JsonObject> rows, string path, bool own)
    {
        if (table is not JsonArray list)
        {
            throw new RlaifInputException($"{path} must be a list of models: [{{\"provider\": ..., \"model\": ..., ...}}].");
        }

        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject row || Text(row, "provider") is not { } provider || Text(row, "model") is not { } model)
            {
                throw new RlaifInputException($"{path}, row {i + 1}: provider and model are needed.");
            }

            if (!ProviderClients.Names.Contains(provider))
            {
                throw new RlaifInputException(
                    $"{path}, row {i + 1}: there is no provider '{provider}'. There are: {string.Join(", ", ProviderClients.Names)}."
                );
            }

            JsonObject merged = rows.GetValueOrDefault((provider, model)) ?? [];
            if (own)
            {
                // What a user writes was not checked by us.
                merged["checked_on"] = null;
                merged["source"] = path;
            }

            foreach ((string name, JsonNode? value) in row)
            {
                merged[name] = value?.DeepClone();
            }

            rows[(provider, model)] = merged;
        }
    }

    private static string? Text(JsonObject row, string name) =>
        row.TryGetPropertyValue(name, out JsonNode? value) && value?.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : null;

    private static ModelCard Card(JsonObject row, string? path)
    {
        string name = $"{Text(row, "provider")} {Text(row, "model")}";
        ModelCard card;
        try
        {
            card = row.Deserialize<ModelCard>(RowJson)!;
        }
        catch (JsonException e)
        {
            throw new RlaifInputException($"{path}, {name}: {e.Message}", e);
        }

        double?[] prices =
        [
            card.InputUsd,
            card.OutputUsd,
            card.CachedInputUsd,
            card.CacheWriteUsd,
            card.LongInputUsd,
            card.LongOutputUsd,
        ];
        return prices.Any(p => p < 0) || card.LongContextFrom < 0
            ? throw new RlaifInputException($"{path}, {name}: prices and limits are 0 or more.")
            : card;
    }

    [GeneratedRegex(@"-(?:\d{8}|\d{4}-\d{2}-\d{2})$", RegexOptions.None, 1000)]
    private static partial Regex Snapshot();
}
