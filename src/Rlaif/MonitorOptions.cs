using System.ComponentModel.DataAnnotations;

namespace Rlaif;

/// <summary>How a deployed model is watched.</summary>
public sealed record MonitorOptions
{
    /// <summary>Most contexts to look at, the latest ones, 10 to 1,000,000. Default 100: fewer say little, more look back further.</summary>
    [Range(10, 1_000_000, ErrorMessage = "Window must be in 10..1000000 contexts.")]
    public int Window { get; init; } = 100;

    /// <summary>Pairs later than all that the model was fitted to or judged on from which on training again is advised, at least 1. Default 50.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "RetrainPairs must be at least 1.")]
    public int RetrainPairs { get; init; } = 50;

    /// <summary>Age of the model in days from which on training again is advised, at least 1. Default 30.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "RetrainDays must be at least 1.")]
    public int RetrainDays { get; init; } = 30;
}
