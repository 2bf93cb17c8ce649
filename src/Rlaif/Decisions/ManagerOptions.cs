using System.ComponentModel.DataAnnotations;

namespace Rlaif.Decisions;

/// <summary>How the desk debates and how boldly its manager proposes.</summary>
public sealed record ManagerOptions
{
    /// <summary>Proposals per context, the static baseline included; 1 to 64, default 5. Both sides of the market are on the table from 3 on.</summary>
    [Range(1, 64, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int Candidates { get; init; } = 5;

    /// <summary>Rounds in which the analysts may answer each other; 0 to 10, default 2. A debate that stands still ends earlier.</summary>
    [Range(0, 10, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int DebateRounds { get; init; } = 2;

    /// <summary>A debate ends after a round in which no score moved by more than this; 0 to 1, default 0.03.</summary>
    [Range(0.0, 1.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double DebateTolerance { get; init; } = 0.03;

    /// <summary>Largest position that any candidate may propose, a fraction of equity; 0.01 to 1, default 0.10 (10%).</summary>
    [Range(0.01, 1.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double MaxPositionSize { get; init; } = 0.10;

    /// <summary>
    /// Daily volatility at which a position is not scaled down, a fraction; 0.001 to 0.2, default 0.015. Twice the volatility halves the size.
    /// </summary>
    [Range(0.001, 0.2, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double ReferenceDailyVolatility { get; init; } = 0.015;

    /// <summary>The manager trades when the combined score is at least this far from zero, and holds below; 0 to 1, default 0.08.</summary>
    [Range(0.0, 1.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    public double ActionThreshold { get; init; } = 0.08;

    /// <summary>Complete bars that a decision needs; 2 to 504, default 60.</summary>
    [Range(2, Data.MarketSnapshot.HistoryBars, ErrorMessage = "{0} must be from {1} to {2}.")]
    public int MinHistoryBars { get; init; } = 60;

    /// <summary>Seed of what differs between candidates; the static baseline does not depend on it. Any value; default 42.</summary>
    public int Seed { get; init; } = 42;
}
