namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// A language model could not be asked. The message says why and what to do, in one or two lines; keys and what the provider echoes of
/// them are taken out of it. It has no inner exception, for those would carry what was taken out.
/// </summary>
public sealed class ModelCallException : Exception
{
    internal ModelCallException(string message)
        : base(message) { }

    /// <summary>Provider, for example <c>claude</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>Model as configured.</summary>
    public required string Model { get; init; }

    /// <summary>What kind of failure it is.</summary>
    public required ModelFailure Kind { get; init; }

    /// <summary>HTTP status of the reply; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>How often was tried; 1 or more.</summary>
    public int Tries { get; init; } = 1;

    /// <summary>Whether one of the tries may have been charged: its end is not known, as after a time-out or a broken connection.</summary>
    public bool MayBeCharged { get; init; }

    /// <summary>Whether another try may help.</summary>
    internal bool MayRetry { get; init; }

    /// <summary>How long the provider asks to wait; null when it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>The same failure, after several tries.</summary>
    internal ModelCallException After(int tries, bool mayBeCharged)
    {
        string[] lines = Message.Split('\n', 2);
        string message = tries <= 1 ? lines[0] : $"{lines[0].TrimEnd('\r', '.')} (tried {tries} times).";
        return new ModelCallException(lines.Length > 1 ? $"{message.TrimEnd('\r')}{Environment.NewLine}{lines[1]}" : message)
        {
            Provider = Provider,
            Model = Model,
            Kind = Kind,
            Status = Status,
            Tries = tries,
            MayBeCharged = mayBeCharged,
            MayRetry = MayRetry,
            RetryAfter = RetryAfter,
        };
    }
}
