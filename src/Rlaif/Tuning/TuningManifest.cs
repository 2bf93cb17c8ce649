using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Rlaif.Tuning;

/// <summary>What a fine-tuning file holds and where it comes from; written beside it, since services reject unknown keys in rows.</summary>
public sealed record TuningManifest
{
    /// <summary>Version of this layout.</summary>
    public const string CurrentSchema = "rlaif.tuning/1";

    /// <summary>The version that wrote it.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>What the data is for.</summary>
    public required TuningTask Task { get; init; }

    /// <summary>Whose layout it has.</summary>
    public required TuningFormat Format { get; init; }

    /// <summary>Name of the data file, without folder.</summary>
    public required string File { get; init; }

    /// <summary>Rows in the data file.</summary>
    public required int Rows { get; init; }

    /// <summary>SHA-256 of the data file, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Size of the data in tokens, an estimate: characters of all texts over <see cref="CharactersPerToken"/>.</summary>
    public required long EstimatedTokens { get; init; }

    /// <summary>The divisor of <see cref="EstimatedTokens"/>.</summary>
    public int CharactersPerToken { get; init; } = TuningFileWriter.CharactersPerToken;

    /// <summary>Examples left out, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Dropped { get; init; }

    /// <summary>The metrics that compared the outcomes.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>The runs that the examples come from.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }

    /// <summary>The agents that wrote the answers.</summary>
    public required IReadOnlyList<string> Agents { get; init; }

    /// <summary>Number of different contexts.</summary>
    public required int Contexts { get; init; }

    /// <summary>Date of the first decision.</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>Date of the last decision.</summary>
    public required DateOnly LastDate { get; init; }

    /// <summary>When the last of the outcomes behind the rows was known, UTC: a model tuned on them must not be tested before it.</summary>
    public required DateTimeOffset LastKnownAt { get; init; }

    /// <summary>What a user should know before relying on the file.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>
    /// Rows whose texts are those that a language model was given and answered, word for word (masked names as they were masked; the
    /// messages of a prompt joined by an empty line; a repaired answer after the prompt of the first attempt). Null when there are none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? AsSaid { get; init; }

    /// <summary>The other rows, rendered from the records; null when all are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Rendered { get; init; }

    /// <summary>
    /// Rows as said whose prompt is only the message that the candidates of a context share: the one that told them apart (persona, seed) is
    /// left out of pairs, whose two sides answer one prompt. Null when there are none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? VariationLeftOut { get; init; }

    /// <summary>The entry for LLaMA-Factory's <c>dataset_info.json</c>; null for other formats.</summary>
    public required JsonObject? DatasetInfo { get; init; }
}
