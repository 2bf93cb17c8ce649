namespace Rlaif.Data;

/// <summary>Collects the bars of one symbol from all files: sorted, without duplicates and without overlaps.</summary>
internal sealed class SymbolBars(string symbol)
{
    private readonly List<Entry> _entries = [];
    private bool? _isDaily;

    internal readonly record struct Entry(Bar Bar, BarFile File, int Line);

    internal string Symbol => symbol;

    /// <summary>Rows that repeated another exactly.</summary>
    internal int Duplicates { get; private set; }

    /// <summary>Adds the rows of one file, or returns the reason why they cannot stand beside those of other files.</summary>
    internal string? Add(BarFile file, List<BarRow> rows)
    {
        BarTimes times = BarTimes.Resolve(rows, symbol, file.Zone);
        if (times.Unsupported is not null)
        {
            return times.Unsupported;
        }

        if (_isDaily is { } daily && daily != times.IsDaily)
        {
            (string here, string there) = daily ? ("intraday", "daily") : ("daily", "intraday");
            return $"holds {here} bars where another file has {there} ones of the same symbol; import one kind";
        }

        _isDaily = times.IsDaily;
        for (int i = 0; i < rows.Count; i++)
        {
            _entries.Add(new Entry(times.Bars[i], file, rows[i].Line));
        }

        return null;
    }

    /// <summary>The bars in time order.</summary>
    internal List<Entry> Build(List<ImportProblem> problems)
    {
        // Files are usually sorted already; OrderBy is stable, so of two rows the first in the input is kept.
        var kept = new List<Entry>(_entries.Count);
        foreach (Entry entry in IsSorted() ? (IEnumerable<Entry>)_entries : _entries.OrderBy(e => e.Bar.OpenTime))
        {
            if (kept.Count == 0 || entry.Bar.OpenTime >= kept[^1].Bar.CloseTime)
            {
                kept.Add(entry);
            }
            else if (entry.Bar == kept[^1].Bar)
            {
                Duplicates++;
            }
            else
            {
                problems.Add(Clash(entry, kept[^1]));
            }
        }

        return kept;
    }

    private bool IsSorted()
    {
        for (int i = 1; i < _entries.Count; i++)
        {
            if (_entries[i].Bar.OpenTime < _entries[i - 1].Bar.OpenTime)
            {
                return false;
            }
        }

        return true;
    }

    private ImportProblem Clash(Entry entry, Entry first)
    {
        string where = entry.File == first.File ? $"line {first.Line}" : $"{first.File.Path} line {first.Line}";
        string value = $"{symbol} {Stamp(entry.Bar)}";
        string rule =
            entry.Bar.OpenTime == first.Bar.OpenTime
                ? $"is a second row of the same symbol and time with other values; {where} was kept"
                : $"overlaps the bar of {Stamp(first.Bar)}; {where} was kept";
        return new ImportProblem(entry.File.Path, entry.Line, entry.File.DateField, value, rule);
    }

    private string Stamp(Bar bar) => _isDaily == true ? $"{bar.Session:yyyy-MM-dd}" : $"{bar.OpenTime:yyyy-MM-ddTHH:mmZ}";
}
