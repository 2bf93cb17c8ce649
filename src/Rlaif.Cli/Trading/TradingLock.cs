namespace Rlaif.Cli;

/// <summary>Lets one process at a time trade for a home. The operating system frees the lock when its holder dies.</summary>
internal static class TradingLock
{
    /// <summary>Takes the lock; disposing the stream gives it back.</summary>
    /// <exception cref="RlaifInputException">Another process trades.</exception>
    public static FileStream Take(HomeFolder home) =>
        TryTake(home) ?? throw new RlaifInputException($"Another process trades for '{home.Root}'; only one may.");

    /// <summary>Takes the lock; null when another process has it.</summary>
    public static FileStream? TryTake(HomeFolder home)
    {
        Directory.CreateDirectory(home.Root);
        try
        {
            return new FileStream(home.TradingLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            return null;
        }
    }
}
