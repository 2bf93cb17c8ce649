namespace Rlaif.Data;

/// <summary>Figures of one fiscal quarter, known from the moment of filing (never from the end of the period) on.</summary>
public sealed record FundamentalReport
{
    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Last day of the fiscal period.</summary>
    public required DateOnly PeriodEnd { get; init; }

    /// <summary>When the filing became public, UTC.</summary>
    public required DateTimeOffset FiledAt { get; init; }

    /// <summary>Revenue of the quarter, in currency units; null when not reported.</summary>
    public decimal? Revenue { get; init; }

    /// <summary>Net income of the quarter, in currency units; null when not reported.</summary>
    public decimal? NetIncome { get; init; }

    /// <summary>Diluted earnings of the quarter per share, as of the filing; null when not reported.</summary>
    public decimal? EarningsPerShare { get; init; }

    /// <summary>Shareholders' equity, in currency units; null when not reported.</summary>
    public decimal? Equity { get; init; }

    /// <summary>Total liabilities, in currency units; null when not reported.</summary>
    public decimal? Liabilities { get; init; }
}
