using System.Text;
using System.Text.Json;

namespace Rlaif.Rewards;

/// <summary>
/// The file of events, one JSON object a line, only ever appended to. A line counts once its end is written: what a killed writer left
/// behind the last line end is ignored by readers and cut off by the next writer. Readers need no lock, writers hold that of the registry.
/// </summary>
internal sealed class ModelHistory(string path)
{
    private const byte LineEnd = (byte)'\n';

    /// <summary>All events, oldest first; none when there is no file.</summary>
    /// <exception cref="RlaifInputException">A complete line is no event; the message names it.</exception>
    public IReadOnlyList<ModelEvent> Read()
    {
        if (!File.Exists(path))
        {
            return [];
        }

        byte[] bytes;
        using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            bytes = new byte[stream.Length];
            // A writer may cut off a torn end meanwhile.
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            bytes = bytes[..read];
        }

        string text = Encoding.UTF8.GetString(bytes, 0, CompleteLength(bytes));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    /// <summary>Adds one event and returns when it is on the disk. Only for who holds the lock of the registry.</summary>
    public void Append(ModelEvent happened)
    {
        byte[] line = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(happened, RlaifJson.Compact) + "\n");
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        stream.SetLength(CompleteLength(bytes));
        stream.Seek(0, SeekOrigin.End);
        stream.Write(line);
        stream.Flush(flushToDisk: true);
    }

    private static int CompleteLength(byte[] bytes) => Array.LastIndexOf(bytes, LineEnd) + 1;

    private ModelEvent Parse(string line, int index)
    {
        try
        {
            return RlaifJson.Read<ModelEvent>(line);
        }
        catch (JsonException e)
        {
            throw new RlaifInputException($"{path} line {index + 1} is no event of a model registry: {e.Message}", e);
        }
    }
}
