namespace Rlaif.Rewards;

/// <summary>The folders of the versions: each appears complete or not at all.</summary>
internal sealed class ModelFolders(string root)
{
    private const string AddingPrefix = ".adding.";

    /// <summary>
    /// The versions that there are, oldest first. A version appears with its files: an empty folder is what is left of one that was deleted, or was never
    /// one.
    /// </summary>
    public string[] Names() => [.. Taken().Where(n => Directory.EnumerateFileSystemEntries(Path.Combine(root, n)).Any())];

    /// <summary>Names that no further version can get, in order: those of the versions and of empty folders.</summary>
    public string[] Taken() =>
        Directory.Exists(root)
            ?
            [
                .. Directory
                    .EnumerateDirectories(root, "v*")
                    .Select(ModelNames.NumberOf)
                    .OfType<int>()
                    .Order()
                    .Select(ModelNames.Version),
            ]
            : [];

    /// <summary>Path of a version's weights.</summary>
    public string WeightsOf(string version) => Path.Combine(root, version, ModelRegistry.ModelFile);

    /// <summary>Reads the account of a version.</summary>
    public Task<ModelAccount> ReadAsync(string version, CancellationToken cancellationToken) =>
        ModelAccount.ReadAsync(Path.Combine(root, version), cancellationToken);

    /// <summary>Writes a version under another name and renames it.</summary>
    public async Task WriteAsync(string version, RewardModel model, ModelAccount account, CancellationToken cancellationToken)
    {
        string temporary = Path.Combine(root, $"{AddingPrefix}{Path.GetRandomFileName()}");
        Directory.CreateDirectory(temporary);
        try
        {
            string weights = Path.Combine(temporary, ModelRegistry.ModelFile);
            await model.SaveWithNotesAsync(weights, account.ToNotes(), cancellationToken);
            using (FileStream stream = File.Open(weights, FileMode.Open, FileAccess.ReadWrite))
            {
                // The folder's new name must not reach the disk before its content does.
                stream.Flush(flushToDisk: true);
            }

            await account.WriteAsync(temporary, cancellationToken);
            Directory.Move(temporary, Path.Combine(root, version));
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>Removes what killed writers left behind; only for who holds the lock, as living writers do.</summary>
    public void DeleteLeftovers()
    {
        foreach (string left in Directory.EnumerateDirectories(root, $"{AddingPrefix}*"))
        {
            Directory.Delete(left, recursive: true);
        }
    }
}
