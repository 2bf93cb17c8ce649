namespace Rlaif;

/// <summary>What a production loop does at its times. Of several that are due at once, they come in this order.</summary>
public enum ProductionJob
{
    /// <summary>Take in new prices and what the broker did, and see to what that asks for.</summary>
    Prices,

    /// <summary>Settle what is due, and send the orders that close positions.</summary>
    Settlement,

    /// <summary>Decide, and send the orders that open positions.</summary>
    Decisions,

    /// <summary>Compare the broker's books with the ledger.</summary>
    Reconciliation,

    /// <summary>Look whether the deployed model is still right.</summary>
    Monitoring,

    /// <summary>Form pairs, train, and promote what passes the gate.</summary>
    Learning,
}
