namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What one role may take in a run; null is no limit.</summary>
/// <param name="Usd">Money in US dollars; 0 to 1,000,000.</param>
/// <param name="Tokens">Input and output tokens together.</param>
public sealed record RoleBudget(decimal? Usd = null, long? Tokens = null);
