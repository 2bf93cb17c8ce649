namespace Rlaif.Data;

/// <summary>Quarterly filings of one simulated stock: a business that grows at its own pace, with noise, and says nothing about returns.</summary>
internal static class SimulatedFilings
{
    private const int FilingDelayDays = 35;
    private const double PriceOverEarnings = 24;

    // Growth a quarter: good and bad years follow each other, so that filings argue for both sides of the market.
    private const double UsualGrowth = 0.012;
    private const double GrowthMemory = 0.8;
    private const double GrowthNoise = 0.025;
    private static readonly TimeSpan FilingTime = TimeSpan.FromHours(21);

    internal static IEnumerable<FundamentalReport> Write(
        string symbol,
        DateOnly first,
        DateOnly last,
        BarSeries series,
        DeterministicRandom random
    )
    {
        double revenue = 1e9 * (5 + (20 * random.NextDouble()));
        double growth = UsualGrowth;
        double margin = 0.04 + (0.16 * random.NextDouble());
        double shares = revenue * 4 * margin * PriceOverEarnings / (double)series[0].Close;
        double equity = revenue * (2 + (2 * random.NextDouble()));
        double liabilities = equity * (0.4 + random.NextDouble());
        // Two years of filings before the first session, so that year-over-year figures exist from the start.
        for (
            DateOnly quarter = QuarterEnd(first.AddYears(-2));
            quarter.AddDays(FilingDelayDays) <= last;
            quarter = QuarterEnd(quarter.AddDays(1))
        )
        {
            growth = UsualGrowth + (GrowthMemory * (growth - UsualGrowth)) + (GrowthNoise * random.NextGaussian());
            revenue *= 1 + growth;
            double income = revenue * (margin + (0.02 * random.NextGaussian()));
            equity += 0.5 * income;
            yield return new FundamentalReport
            {
                Symbol = symbol,
                PeriodEnd = quarter,
                FiledAt =
                    new DateTimeOffset(quarter.AddDays(FilingDelayDays).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)
                    + FilingTime,
                Revenue = Math.Round((decimal)revenue),
                NetIncome = Math.Round((decimal)income),
                EarningsPerShare = Math.Round((decimal)(income / shares), 2),
                Equity = Math.Round((decimal)equity),
                Liabilities = Math.Round((decimal)liabilities),
            };
        }
    }

    private static DateOnly QuarterEnd(DateOnly date)
    {
        int month = ((date.Month - 1) / 3 * 3) + 3;
        return new DateOnly(date.Year, month, DateTime.DaysInMonth(date.Year, month));
    }
}
