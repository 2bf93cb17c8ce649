namespace Rlaif.Data.Alpaca;

/// <summary>Makes series of replies: regular hours only, nothing that is not over, nothing impossible, in order and once.</summary>
internal sealed class PulledBars(List<ImportProblem> problems)
{
    internal const string Source = "alpaca";

    private readonly HashSet<DateOnly> _closedDays = [];

    /// <summary>Bars outside the regular hours, which were left out.</summary>
    internal int Extended { get; private set; }

    /// <summary>One series per symbol.</summary>
    /// <param name="page">Bars of a reply.</param>
    /// <param name="over">Bars that close later are not over.</param>
    /// <param name="isDaily">Whether they are sessions.</param>
    internal List<BarSeries> Series(IReadOnlyList<AlpacaBar> page, DateTimeOffset over, bool isDaily)
    {
        var series = new List<BarSeries>();
        foreach (IGrouping<string, AlpacaBar> symbol in page.GroupBy(b => b.Symbol, StringComparer.Ordinal))
        {
            var kept = new List<Bar>();
            foreach (AlpacaBar bar in symbol.OrderBy(b => b.Bar.OpenTime).Where(b => IsUsable(b, over, isDaily)))
            {
                if (kept.Count == 0 || bar.Bar.OpenTime >= kept[^1].CloseTime)
                {
                    kept.Add(bar.Bar);
                }
                else if (bar.Bar != kept[^1])
                {
                    Tell(bar, "is a second bar of the same time with other values; the first was kept");
                }
            }

            series.Add(new BarSeries(symbol.Key, kept));
        }

        return series;
    }

    private bool IsUsable(AlpacaBar bar, DateTimeOffset over, bool isDaily)
    {
        if (!bar.IsRegular)
        {
            Extended += isDaily ? 0 : 1;
            DateOnly day = bar.Bar.Session;
            if (isDaily && _closedDays.Add(day))
            {
                Tell(bar, "is a bar of a day on which New York does not trade");
            }

            return false;
        }

        if (bar.Bar.CloseTime > over)
        {
            return false;
        }

        string? fault = AlpacaTimes.Fault(bar.Bar);
        if (fault is not null)
        {
            Tell(bar, fault);
        }

        return fault is null;
    }

    private void Tell(AlpacaBar bar, string rule) =>
        problems.Add(new ImportProblem(Source, null, "bar", $"{bar.Symbol} {AlpacaTimes.Text(bar.Bar.OpenTime)}", rule));
}
