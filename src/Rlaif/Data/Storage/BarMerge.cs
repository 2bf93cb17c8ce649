namespace Rlaif.Data;

/// <summary>Compares a series that is offered with the bars that are stored, both in time order.</summary>
internal sealed class BarMerge
{
    private readonly string _symbol;
    private readonly List<BarConflict> _conflicts;

    internal BarMerge(BarSeries offered, IReadOnlyList<Bar> stored, List<BarConflict> conflicts)
    {
        _symbol = offered.Symbol;
        _conflicts = conflicts;
        int next = 0;
        for (int i = 0; i < offered.Count; i++)
        {
            Bar bar = offered[i];
            while (next < stored.Count && stored[next].OpenTime < bar.OpenTime)
            {
                next++;
            }

            Bar? at = next < stored.Count ? stored[next] : null;
            if (at?.OpenTime == bar.OpenTime)
            {
                Compare(bar, at.Value);
            }
            else if (next > 0 && stored[next - 1].CloseTime > bar.OpenTime)
            {
                Overlap(bar, stored[next - 1]);
            }
            else if (at is { } following && following.OpenTime < bar.CloseTime)
            {
                Overlap(bar, following);
            }
            else
            {
                NewBars.Add(bar);
            }
        }
    }

    internal List<Bar> NewBars { get; } = [];

    /// <summary>Number of bars that are stored with the same values.</summary>
    internal int Same { get; private set; }

    private void Compare(Bar bar, Bar stored)
    {
        if (bar == stored)
        {
            Same++;
            return;
        }

        (string field, decimal offered, decimal kept) = bar switch
        {
            _ when bar.Open != stored.Open => ("open", bar.Open, stored.Open),
            _ when bar.High != stored.High => ("high", bar.High, stored.High),
            _ when bar.Low != stored.Low => ("low", bar.Low, stored.Low),
            _ when bar.Close != stored.Close => ("close", bar.Close, stored.Close),
            _ when bar.Volume != stored.Volume => ("volume", bar.Volume, stored.Volume),
            _ => ("close_time", 0m, 0m),
        };
        if (field == "close_time")
        {
            Refuse(
                bar,
                field,
                $"{bar.CloseTime:u}",
                $"conflicts with the stored bar of {_symbol} {bar.OpenTime:u}, which ends at {stored.CloseTime:u}"
            );
            return;
        }

        Refuse(
            bar,
            field,
            BarTable.Text(offered),
            $"conflicts with the stored bar of {_symbol} {bar.OpenTime:u} ({field} {BarTable.Text(kept)}), which stays"
        );
    }

    private void Overlap(Bar bar, Bar stored) =>
        Refuse(
            bar,
            "date",
            $"{bar.OpenTime:u}",
            $"conflicts with the stored bar of {_symbol} from {stored.OpenTime:u} to {stored.CloseTime:u}, which it overlaps"
        );

    private void Refuse(Bar bar, string field, string value, string rule) =>
        _conflicts.Add(new BarConflict(_symbol, bar.OpenTime, field, value, rule));
}
