namespace Rlaif.Core;

/// <summary>There is too little data or evidence for what was asked. The message says how much there is and how much is needed.</summary>
public sealed class NotEnoughDataException : Exception
{
    /// <summary>Creates the exception with the message that the user will read.</summary>
    public NotEnoughDataException(string message)
        : base(message) { }
}
