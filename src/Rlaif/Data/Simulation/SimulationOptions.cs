using System.ComponentModel.DataAnnotations;

namespace Rlaif.Data;

/// <summary>What the simulated market is like.</summary>
public sealed record SimulationOptions
{
    /// <summary>Seed of every draw. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Symbols, each with its own beta, volatility, business and news.</summary>
    [MinLength(1, ErrorMessage = "Symbols must name at least one symbol.")]
    public IReadOnlyList<string> Symbols { get; init; } = ["AAPL", "MSFT", "GOOGL", "TSLA", "NVDA"];

    /// <summary>Trading days. Default 1,300: about five years.</summary>
    [Range(SimulatedMarket.WarmUpSessions + 10, SimulatedMarket.MostSessions, ErrorMessage = "Sessions must be in 270..20000.")]
    public int Sessions { get; init; } = 1_300;

    /// <summary>First trading day, or the first one after it. Default 2 January 2015.</summary>
    public DateOnly FirstDate { get; init; } = new(2015, 1, 2);

    /// <summary>Trading days over which one signal plays out; the planted drift is renewed at this interval. Default 5.</summary>
    [Range(1, 60, ErrorMessage = "HorizonDays must be in 1..60 trading days.")]
    public int HorizonDays { get; init; } = 5;

    /// <summary>
    /// Size of the planted drift that momentum and volume have together, in standard deviations of the return over the horizon;
    /// 0 plants none. Default 0.4.
    /// </summary>
    [Range(0.0, 3.0, ErrorMessage = "InteractionStrength must be in 0..3 standard deviations.")]
    public double InteractionStrength { get; init; } = 0.4;

    /// <summary>Size of the planted drift behind the wording of the news, in the same unit; 0 plants none. Default 0.9.</summary>
    [Range(0.0, 3.0, ErrorMessage = "CueStrength must be in 0..3 standard deviations.")]
    public double CueStrength { get; init; } = 0.9;

    /// <summary>The same market without any edge: nothing that is known before the fact tells anything about returns.</summary>
    public SimulationOptions WithoutEdge() => this with { InteractionStrength = 0, CueStrength = 0 };
}
