namespace Rlaif.Rewards;

/// <summary>
/// Lets one writer at a time into a registry, among all processes of a machine. The operating system frees the lock when its holder dies, so
/// the file stays for ever and says nothing by being there.
/// </summary>
internal static class ModelRegistryLock
{
    // Adding a model takes a second at most; a minute is fifty of them in a queue.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private const int Attempts = 6000;

    /// <summary>Waits for the lock; disposing the stream gives it back.</summary>
    /// <exception cref="IOException">Somebody held it for a minute.</exception>
    public static async Task<FileStream> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e.GetType() == typeof(IOException) && attempt < Attempts)
            {
                // Another process has it, and no injected clock moves that one.
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }
        }
    }
}
