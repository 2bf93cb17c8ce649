namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Calls of one role that a run will make.</summary>
/// <param name="Role">Who asks.</param>
/// <param name="Calls">How many calls.</param>
/// <param name="InputTokens">Input tokens of one; see <see cref="CostEstimate.Tokens"/>.</param>
/// <param name="OutputTokens">Output tokens that one is assumed to take.</param>
public sealed record PlannedCalls(ModelRole Role, long Calls, int InputTokens, int OutputTokens);
