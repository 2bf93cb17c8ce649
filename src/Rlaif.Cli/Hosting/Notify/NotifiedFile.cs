using System.Text.Json;

namespace Rlaif.Cli;

/// <summary>
/// How far each hook was told: the position in the ledger from which it goes on, and what was told of what is behind it. Replaced as a whole, so a process
/// that is killed finds one state or the next.
/// </summary>
internal sealed class NotifiedFile
{
    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Told> _hooks;

    private NotifiedFile(string path, SortedDictionary<string, Told> hooks) => (_path, _hooks) = (path, hooks);

    /// <summary>What one hook was told.</summary>
    /// <param name="Position">The position in the ledger to go on from.</param>
    /// <param name="Ids">Notices from after it that were told already.</param>
    internal sealed record Told(long Position, IReadOnlyList<string> Ids);

    /// <summary>Reads the file; nothing when it is not there.</summary>
    /// <exception cref="RlaifInputException">It cannot be read.</exception>
    public static NotifiedFile Open(string path)
    {
        try
        {
            return new NotifiedFile(
                path,
                File.Exists(path)
                    ? JsonSerializer.Deserialize<SortedDictionary<string, Told>>(File.ReadAllText(path), RlaifJson.Compact)!
                    : new SortedDictionary<string, Told>(StringComparer.Ordinal)
            );
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot read '{path}': {e.Message} Without it, hooks are told from now on.", e);
        }
    }

    /// <summary>What a hook was told; null when it is new.</summary>
    public Told? Find(string hook)
    {
        lock (_lock)
        {
            return _hooks.GetValueOrDefault(hook);
        }
    }

    /// <summary>Keeps what a hook was told.</summary>
    public void Keep(string hook, Told told)
    {
        lock (_lock)
        {
            _hooks[hook] = told;
            string next = $"{_path}.next";
            File.WriteAllText(next, JsonSerializer.Serialize(_hooks, RlaifJson.Compact));
            File.Move(next, _path, overwrite: true);
        }
    }
}
