using System.Globalization;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Rlaif.Validation.Reports;

/// <summary>Ticks that a person would choose: few, round, and in the unit of the axis.</summary>
internal static class PlotTicks
{
    private const int MostDateTicks = 9;
    private const int MinimumSpacing = 30;
    private const int MostWholeTicks = 12;
    private static readonly int[] WholeSteps = [1, 2, 5];
    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60, 120];
    private static readonly int[] DaySteps = [1, 2, 7, 14];

    internal static ITickGenerator Create(PlotUnit unit, double from, double to) =>
        unit switch
        {
            PlotUnit.Date => Dates(from, to),
            PlotUnit.Whole => WholeNumbers(from, to),
            PlotUnit.Percent => Numbers(value => Format(value, "0.##%", "0.####%")),
            _ => Numbers(value => Format(value, "0.###", "0.######")),
        };

    private static NumericAutomatic Numbers(Func<double, string> label) =>
        new()
        {
            LabelFormatter = label,
            MinorTickGenerator = new NoMinorTicks(),
            MinimumTickSpacing = MinimumSpacing,
        };

    private static string Format(double value, string usual, string small)
    {
        const double AlmostZero = 1e-12;
        const double Small = 0.01;
        double shown = Math.Abs(value) < AlmostZero ? 0 : value;
        return shown.ToString(Math.Abs(shown) < Small ? small : usual, CultureInfo.InvariantCulture);
    }

    private static NumericManual WholeNumbers(double from, double to)
    {
        long first = (long)Math.Ceiling(from);
        long last = (long)Math.Floor(to);
        long step = 1;
        for (int i = 0; (last - first) / step >= MostWholeTicks; i++)
        {
            // 1, 2, 5, 10, 20, 50, ...
            step = WholeSteps[i % WholeSteps.Length] * (long)Math.Pow(10, i / WholeSteps.Length);
        }

        var ticks = new NumericManual();
        for (long value = (long)Math.Ceiling((double)first / step) * step; value <= last; value += step)
        {
            ticks.AddMajor(value, value.ToString("#,0", CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static NumericManual Dates(double from, double to)
    {
        var first = DateOnly.FromDayNumber((int)Math.Ceiling(from));
        var last = DateOnly.FromDayNumber((int)Math.Floor(to));
        var ticks = new NumericManual();
        foreach (DateOnly date in Choose(first, last, out string format))
        {
            ticks.AddMajor(date.DayNumber, date.ToString(format, CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static IEnumerable<DateOnly> Choose(DateOnly first, DateOnly last, out string format)
    {
        int days = last.DayNumber - first.DayNumber;
        int dayStep = Array.Find(DaySteps, s => days / s < MostDateTicks);
        if (dayStep > 0)
        {
            format = "d MMM";
            return Enumerable.Range(0, (days / dayStep) + 1).Select(i => first.AddDays(i * dayStep));
        }

        int firstMonth = (first.Year * 12) + first.Month - (first.Day == 1 ? 1 : 0);
        int lastMonth = (last.Year * 12) + last.Month - 1;
        int step = Array.Find(MonthSteps, s => (lastMonth - firstMonth) / s < MostDateTicks);
        step = step == 0 ? MonthSteps[^1] : step;
        format = step >= 12 ? "yyyy" : "MMM yyyy";
        int start = (firstMonth + step - 1) / step * step;
        return Enumerable
            .Range(0, Math.Max(0, ((lastMonth - start) / step) + 1))
            .Select(i => new DateOnly((start + (i * step)) / 12, ((start + (i * step)) % 12) + 1, 1));
    }

    private sealed class NoMinorTicks : IMinorTickGenerator
    {
        public IEnumerable<double> GetMinorTicks(double[] majorTicks, CoordinateRange visibleRange) => [];
    }
}
