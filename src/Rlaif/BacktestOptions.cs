using System.ComponentModel.DataAnnotations;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>How a backtest decides and settles. Candidates, debate and their seed belong to the manager.</summary>
public sealed record BacktestOptions
{
    /// <summary>Trading sessions between two decisions on one symbol. Default 5.</summary>
    [Range(1, 252, ErrorMessage = "EverySessions must be in 1..252 trading sessions.")]
    public int EverySessions { get; init; } = 5;

    /// <summary>Holding period and costs.</summary>
    public SettlementOptions Settlement { get; init; } = new();

    /// <summary>Threads; results do not depend on them. Default 0: one per processor.</summary>
    [Range(0, 1024, ErrorMessage = "Threads must be in 0..1024; 0 is one per processor.")]
    public int Threads { get; init; }

    /// <summary>Number of threads to use, at least 1.</summary>
    internal int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;
}
