namespace Rlaif.Data.Indicators;

/// <summary>
/// The last filings of a snapshot by fiscal quarter, oldest first: of a quarter that was restated, what is known last. NaN where a figure
/// was not reported, a quarter is missing, or a denominator is not positive (its ratio would have the wrong sign).
/// </summary>
internal sealed class FundamentalInputs
{
    private const int QuartersPerYear = 4;

    // Quarter ends of a 52/53-week year move by up to two weeks against the calendar.
    private const int DaysPerYear = 365;
    private const int DaysOfThreeQuarters = 274;
    private const int CalendarSlackDays = 20;

    private readonly MarketSnapshot _snapshot;
    private readonly List<FundamentalReport> _quarters;

    internal FundamentalInputs(MarketSnapshot snapshot)
    {
        _snapshot = snapshot;
        _quarters = new List<FundamentalReport>(snapshot.Fundamentals.Length);
        foreach (FundamentalReport report in snapshot.Fundamentals)
        {
            int index = _quarters.FindIndex(q => q.PeriodEnd >= report.PeriodEnd);
            if (index < 0)
            {
                _quarters.Add(report);
            }
            else if (_quarters[index].PeriodEnd == report.PeriodEnd)
            {
                _quarters[index] = report;
            }
            else
            {
                _quarters.Insert(index, report);
            }
        }
    }

    internal double EarningsYield
    {
        get
        {
            BarWindow bars = _snapshot.Bars;
            return bars.Count == 0 ? double.NaN : SumOfYear(EarningsPerShareToday) / (double)bars.Last.Close;
        }
    }

    internal double RevenueGrowth
    {
        get
        {
            if (Last is not { } last)
            {
                return double.NaN;
            }

            FundamentalReport? before = _quarters.Find(q => IsApart(q, last, DaysPerYear));
            return Number(last.Revenue) / Positive(before?.Revenue) - 1;
        }
    }

    internal double NetMargin => Number(Last?.NetIncome) / Positive(Last?.Revenue);

    internal double ReturnOnEquity => SumOfYear(q => Number(q.NetIncome)) / Positive(Last?.Equity);

    internal double DebtToEquity => Number(Last?.Liabilities) / Positive(Last?.Equity);

    internal double DaysSinceFiling =>
        _snapshot.Fundamentals.IsEmpty ? double.NaN : (_snapshot.AsOf - _snapshot.Fundamentals[^1].FiledAt).TotalDays;

    private FundamentalReport? Last => _quarters.Count == 0 ? null : _quarters[^1];

    private static double Number(decimal? value) => value is { } number ? (double)number : double.NaN;

    private static double Positive(decimal? value) => value > 0 ? (double)value.Value : double.NaN;

    private static bool IsApart(FundamentalReport earlier, FundamentalReport later, int days) =>
        Math.Abs(later.PeriodEnd.DayNumber - earlier.PeriodEnd.DayNumber - days) <= CalendarSlackDays;

    private double SumOfYear(Func<FundamentalReport, double> figure)
    {
        if (_quarters.Count < QuartersPerYear || !IsApart(_quarters[^QuartersPerYear], _quarters[^1], DaysOfThreeQuarters))
        {
            return double.NaN;
        }

        double sum = 0;
        for (int i = _quarters.Count - QuartersPerYear; i < _quarters.Count; i++)
        {
            sum += figure(_quarters[i]);
        }

        return sum;
    }

    // A report counts shares as of its filing; a split since then leaves each share of today with less of the earnings.
    private double EarningsPerShareToday(FundamentalReport report)
    {
        BarWindow bars = _snapshot.Bars;
        int atFiling = 0;
        while (atFiling + 1 < bars.Count && bars[atFiling + 1].CloseTime <= report.FiledAt)
        {
            atFiling++;
        }

        double sharesAtFiling = bars.Closes[atFiling] / (double)bars[atFiling].Close;
        return Number(report.EarningsPerShare) * sharesAtFiling * bars.PriceScale;
    }
}
