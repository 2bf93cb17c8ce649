namespace Rlaif.Outcomes.Brokers;

/// <summary>A broker did not answer, so that nobody knows whether it did what it was asked for.</summary>
public sealed class BrokerDoubtException : Exception
{
    /// <summary>Creates the exception.</summary>
    public BrokerDoubtException() { }

    /// <summary>Creates the exception.</summary>
    public BrokerDoubtException(string message)
        : base(message) { }

    /// <summary>Creates the exception.</summary>
    public BrokerDoubtException(string message, Exception inner)
        : base(message, inner) { }
}
