using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Rewards;

/// <summary>What is written beside the weights of a version and outlives them: when it was added, how it was trained, what it showed.</summary>
internal sealed record ModelAccount(
    DateTimeOffset CreatedAt,
    TrainingReport Report,
    JsonObject? Validation = null,
    JsonObject? Details = null
)
{
    private const string FileName = "training.json";

    public async Task WriteAsync(string folder, CancellationToken cancellationToken)
    {
        await using FileStream stream = File.Create(Path.Combine(folder, FileName));
        await JsonSerializer.SerializeAsync(stream, this, RlaifJson.Indented, cancellationToken);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Reads what <see cref="WriteAsync"/> wrote.</summary>
    /// <exception cref="RlaifInputException">The file is not there, or is no account.</exception>
    public static async Task<ModelAccount> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            // The other members are whatever the caller gave.
            return RlaifJson.Read<ModelAccount>(await File.ReadAllTextAsync(path, cancellationToken), within: "report");
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException)
        {
            throw new RlaifInputException(
                $"{path} is no account of a training run: {e.Message} Restore the file, or delete {folder} to give up this version.",
                e
            );
        }
    }

    /// <summary>What the weights' own file says of where they come from and what they showed.</summary>
    public IReadOnlyDictionary<string, string> ToNotes()
    {
        var notes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, JsonObject? value) in new[] { ("validation", Validation), ("details", Details) })
        {
            if (value is not null)
            {
                notes[key] = value.ToJsonString(RlaifJson.Compact);
            }
        }

        return notes;
    }

    public ModelVersion ToVersion(string name, ModelStanding standing) =>
        new(name, CreatedAt, standing.StatusOf(name), Report)
        {
            Validation = Validation,
            Details = Details,
            Tags = standing.TagsOf(name),
            IsPruned = standing.Pruned.Contains(name),
        };
}
