namespace Rlaif.Data;

/// <summary>Something in the bars that deserves a look.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="Date">The session at which it is, or begins.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">The values, in words.</param>
public sealed record DataFinding(string Symbol, DateOnly Date, DataFindingKind Kind, string Detail);
