using System.ComponentModel.DataAnnotations;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Risk;

namespace Rlaif;

/// <summary>The knobs of <see cref="ProductionLoop"/>.</summary>
public sealed record ProductionOptions
{
    /// <summary>Sessions from one decision on a symbol to the next. Default 5: with the default holding period a position is closed before the next decision.</summary>
    [Range(1, 252, ErrorMessage = "EverySessions must be in 1..252.")]
    public int EverySessions { get; init; } = 5;

    /// <summary>Holding period and costs. Held for two days or more; target and stop are not traded yet and have to be null.</summary>
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
        if (Settlement.HoldDays < 2 || Settlement.TargetReturn is not null || Settlement.StopReturn is not null)
        {
            throw new RlaifInputException(
                "Positions that are traded are held for 2 days or more, without target and stop (HoldDays, TargetReturn, StopReturn)."
            );
        }

        if (EverySessions < Settlement.HoldDays)
        {
            throw new RlaifInputException(
                $"A symbol is decided on again when its position is closed: every {EverySessions} sessions is less than the {Settlement.HoldDays} days held."
            );
        }
    }
}
