using System.ComponentModel.DataAnnotations;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Risk;

namespace Rlaif;

/// <summary>The knobs of <see cref="ProductionLoop"/>.</summary>
public sealed record ProductionOptions
{
    /// <summary>Sessions from one decision on a symbol to the next; one of which something is held is left out until it is closed. Default 5, as many as a position is held.</summary>
    [Range(1, 252, ErrorMessage = "EverySessions must be in 1..252.")]
    public int EverySessions { get; init; } = 5;

    /// <summary>Holding period (two days or more), costs, target and stop.</summary>
    public SettlementOptions Settlement { get; init; } = new();

    /// <summary>What may be traded.</summary>
    public RiskLimits Limits { get; init; } = new();

    /// <summary>Symbols decided on at once; results do not depend on it. Default 1.</summary>
    [Range(1, 256, ErrorMessage = "Threads must be in 1..256.")]
    public int Threads { get; init; } = 1;

    /// <summary>A file whose presence stops trading; null, the default, for none.</summary>
    public string? KillFile { get; init; }

    /// <summary>Passes when everything is in range.</summary>
    /// <exception cref="RlaifInputException">Lists everything that is not.</exception>
    public void RequireValid()
    {
        OptionsValidation.RequireValid(this, Settlement, Limits);
        if (Settlement.HoldDays < 2)
        {
            throw new RlaifInputException("Positions that are traded are held for 2 days or more (HoldDays).");
        }
    }
}
