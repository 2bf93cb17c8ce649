namespace Rlaif.Validation;

/// <summary>Value of the account at the close of a session.</summary>
/// <param name="Date">The session.</param>
/// <param name="Equity">Multiple of the starting equity; 1 is unchanged.</param>
public readonly record struct EquityPoint(DateOnly Date, double Equity);
