namespace Rlaif.Core;

/// <summary>Input or usage that cannot be accepted. The message says what, where, and what is allowed; nothing was changed.</summary>
public sealed class RlaifInputException : Exception
{
    /// <summary>Creates the exception with the message that the user will read.</summary>
    public RlaifInputException(string message)
        : base(message) { }

    /// <summary>Creates the exception with the message that the user will read and its cause.</summary>
    public RlaifInputException(string message, Exception innerException)
        : base(message, innerException) { }
}
