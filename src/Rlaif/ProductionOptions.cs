using System.ComponentModel.DataAnnotations;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Risk;

namespace Rlaif;

/// <summary>The knobs of <see cref="ProductionLoop"/>.</summary>
public sealed record ProductionOptions
{
    /// <summary>Fewest trading days that a position is held, the entry day counted as the first.</summary>
    public const int FewestHoldDays = 2;

    /// <summary>Sessions from one decision on a symbol to the next; one of which something is held is left out until it is closed. Default 5, as many as a position is held.</summary>
    [Range(1, 252, ErrorMessage = "EverySessions must be in 1..252.")]
    public int EverySessions { get; init; } = 5;

    /// <summary>Holding period (two days or more), costs, target and stop.</summary>
    public SettlementOptions Settlement { get; init; } = new();

    /// <summary>What may be traded.</summary>
    public RiskLimits Limits { get; init; } = new();

    /// <summary>Symbols decided on at once; results do not depend on it. Default 1.</summary>
    [Range(1, 1024, ErrorMessage = "Threads must be in 1..1024.")]
    public int Threads { get; init; } = 1;

    /// <summary>A file whose presence stops trading; null, the default, for none.</summary>
    public string? KillFile { get; init; }

    /// <summary>Passes when everything is in range.</summary>
    /// <exception cref="RlaifInputException">Lists everything that is not.</exception>
    public void RequireValid()
    {
        OptionsValidation.RequireValid(this, Settlement, Limits);
        if (Settlement.HoldDays < FewestHoldDays)
        {
            throw new RlaifInputException($"Positions that are traded are held for {FewestHoldDays} days or more (HoldDays).");
        }
    }
}
