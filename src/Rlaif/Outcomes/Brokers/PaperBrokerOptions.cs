using System.ComponentModel.DataAnnotations;

namespace Rlaif.Outcomes.Brokers;

/// <summary>The account and the costs of a paper broker. Costs are those of <see cref="SettlementOptions"/>, so that paper trading and settlement agree.</summary>
public sealed record PaperBrokerOptions
{
    /// <summary>Cash at the start, in currency. Default 100,000.</summary>
    [Range(typeof(decimal), "1", "1000000000000000", ErrorMessage = "Cash must be in 1..1e15.")]
    public decimal Cash { get; init; } = 100_000m;

    /// <summary>Gross exposure allowed for each unit of equity. Default 2 (half of a position's worth has to be there, Regulation T); 1 is without credit.</summary>
    [Range(0.1, 4.0, ErrorMessage = "Leverage must be in 0.1..4.")]
    public double Leverage { get; init; } = 2;

    /// <summary>Whether shares can be borrowed and sold. Default true.</summary>
    public bool AllowShort { get; init; } = true;

    /// <summary>Largest share of a bar's volume that orders of this account are filled with. Default 0.1; what is more waits for the next bar.</summary>
    [Range(0.001, 1.0, ErrorMessage = "MaxVolumeShare must be in 0.001..1.")]
    public double MaxVolumeShare { get; init; } = 0.1;

    /// <summary>Commission, half spread and slippage a side, in basis points of the traded worth. Default 5 (1 + 2 + 2).</summary>
    [Range(0.0, 3000.0, ErrorMessage = "CostBps must be in 0..3000.")]
    public double CostBps { get; init; } = 5;

    /// <summary>Fee for borrowed shares, a year (365 calendar days), on the worth at entry. Default 50 bp, charged for each night.</summary>
    [Range(0.0, 100_000.0, ErrorMessage = "BorrowBpsPerYear must be in 0..100000.")]
    public double BorrowBpsPerYear { get; init; } = 50;
}
