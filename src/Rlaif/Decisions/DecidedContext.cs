namespace Rlaif.Decisions;

/// <summary>A context with its candidates and the decision that was taken.</summary>
public sealed record DecidedContext(Proposal Proposal, TradingDecision Decision);
