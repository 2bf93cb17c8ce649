namespace Rlaif.Outcomes;

/// <summary>What came of settling a list of proposals.</summary>
/// <param name="Settled">The candidates that have an outcome, in the order of the proposals and of their candidates.</param>
/// <param name="Summary">How many they are, and why others are missing.</param>
public sealed record SettledBatch(IReadOnlyList<SettledCandidate> Settled, SettlementSummary Summary);
