namespace Rlaif.Data.Text.Hub;

/// <summary>A file could not be had, or is not what it should be. The message says which, why, and what to do; nothing was changed.</summary>
public sealed class DownloadException : Exception
{
    /// <summary>Creates the exception with the message that the user will read, and its cause.</summary>
    public DownloadException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
