namespace Rlaif.Outcomes;

/// <summary>Where an outcome comes from.</summary>
public enum OutcomeProvenance
{
    /// <summary>The candidate was the accepted one and was executed (really, on paper or in a backtest).</summary>
    Traded,

    /// <summary>The candidate was not executed; it is settled on the path that the market took.</summary>
    Counterfactual,
}
