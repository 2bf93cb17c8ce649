namespace Rlaif.Data.Indicators;

/// <summary>Features of the filings that a snapshot holds.</summary>
internal static class FundamentalFeatures
{
    internal static readonly Feature<FundamentalInputs>[] All =
    [
        new(
            "earnings_yield",
            FeatureUnits.Fraction,
            "Diluted earnings per share of the last four quarters over the last close.",
            i => i.EarningsYield
        ),
        new(
            "revenue_growth_yoy",
            FeatureUnits.Fraction,
            "Revenue of the last quarter against the same quarter a year before.",
            i => i.RevenueGrowth
        ),
        new("net_margin", FeatureUnits.Fraction, "Net income over revenue, last quarter.", i => i.NetMargin),
        new(
            "return_on_equity",
            FeatureUnits.Fraction,
            "Net income of the last four quarters over shareholders' equity.",
            i => i.ReturnOnEquity
        ),
        new(
            "debt_to_equity",
            FeatureUnits.Ratio,
            "Total liabilities over shareholders' equity, last quarter.",
            i => i.DebtToEquity
        ),
        new("days_since_filing", FeatureUnits.Days, "Days since the last filing became public.", i => i.DaysSinceFiling),
    ];
}
