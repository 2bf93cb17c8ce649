namespace Rlaif.Decisions;

/// <summary>The point of view of an analyst.</summary>
public enum AnalystRole
{
    /// <summary>Filings: growth, profitability, valuation.</summary>
    Fundamental,

    /// <summary>News.</summary>
    Sentiment,

    /// <summary>Prices and volumes.</summary>
    Technical,

    /// <summary>Volatility, drawdown, market regime.</summary>
    Risk,

    /// <summary>Argues the case for buying from all the evidence.</summary>
    Bull,

    /// <summary>Argues the case for selling from all the evidence.</summary>
    Bear,
}
