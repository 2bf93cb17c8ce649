using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Tuning;

/// <summary>
/// Writes rows as JSON Lines (UTF-8 without mark, a line feed after every row), reads them back, checks them, and only then gives the file
/// its name.
/// </summary>
internal static class TuningFileWriter
{
    /// <summary>Rule of thumb for English text.</summary>
    internal const int CharactersPerToken = 4;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the data and returns its SHA-256.</summary>
    internal static async Task<string> WriteRowsAsync(
        string path,
        IReadOnlyList<TuningRow> rows,
        RowFormat format,
        CancellationToken cancellationToken
    )
    {
        byte[] data = StrictUtf8.GetBytes(string.Concat(rows.Select(r => ToLine(format.Write(r)) + "\n")));
        await ReplaceAsync(path, data, temporary => Check(File.ReadAllBytes(temporary), rows, format, path), cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(data));
    }

    /// <summary>Writes the manifest.</summary>
    internal static Task WriteManifestAsync(string path, TuningManifest manifest, CancellationToken cancellationToken)
    {
        string json = JsonSerializer.Serialize(manifest, RlaifJson.Indented).ReplaceLineEndings("\n") + "\n";
        return ReplaceAsync(path, StrictUtf8.GetBytes(json), _ => { }, cancellationToken);
    }

    // Some readers of JSON Lines also split at U+0085, U+2028 and U+2029, which JSON allows inside strings: escape them.
    private static string ToLine(JsonObject row) =>
        row.ToJsonString(RlaifJson.Compact)
            .Replace("\u0085", "\\u0085", StringComparison.Ordinal)
            .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
            .Replace("\u2029", "\\u2029", StringComparison.Ordinal);

    private static async Task ReplaceAsync(string path, byte[] data, Action<string> check, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string temporary = path + ".tmp";
        try
        {
            await File.WriteAllBytesAsync(temporary, data, cancellationToken);
            check(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Reads what a trainer would read: every line an object with the same keys, every text of the row among its values and none empty.
    private static void Check(byte[] data, IReadOnlyList<TuningRow> rows, RowFormat format, string path)
    {
        string[] lines = StrictUtf8.GetString(data).Split('\n');
        Require(
            lines.Length == rows.Count + 1 && lines[^1].Length == 0,
            "the number of lines differs from the number of rows",
            path,
            0
        );
        string? keys = null;
        for (int i = 0; i < rows.Count; i++)
        {
            JsonObject row = JsonNode.Parse(lines[i])!.AsObject();
            string found = string.Join(',', row.Select(p => p.Key));
            keys ??= found;
            Require(found == keys, "the keys differ from those of the first row", path, i);
            HashSet<string> texts = [.. Texts(row)];
            Require(!texts.Any(string.IsNullOrWhiteSpace), "a text is empty", path, i);
            Require(
                texts.Contains(rows[i].System) && texts.Contains(rows[i].Prompt) && texts.Contains(rows[i].Answer),
                "prompt or answer was not kept",
                path,
                i
            );
            Require(
                rows[i].Rejected is not { } rejected || texts.Contains(rejected),
                "the rejected answer was not kept",
                path,
                i
            );
            Require(!format.OnePrompt || rows[i].HasOnePrompt, "the two sides answer different prompts", path, i);
        }
    }

    private static void Require(bool holds, string problem, string path, int row)
    {
        if (!holds)
        {
            throw new InvalidDataException($"{path}, row {row + 1}: {problem}. The file was not written.");
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonObject o => o.SelectMany(p => Texts(p.Value)),
            JsonArray a => a.SelectMany(Texts),
            JsonValue v when v.GetValueKind() == JsonValueKind.String => [v.GetValue<string>()],
            _ => [],
        };
}
