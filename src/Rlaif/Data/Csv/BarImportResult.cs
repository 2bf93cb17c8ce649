namespace Rlaif.Data;

/// <summary>What an import found: series, the corporate actions kept beside them, and everything that could not be used.</summary>
public sealed class BarImportResult
{
    private readonly List<BarSeries> _series = [];
    private readonly List<SplitDecision> _splits = [];
    private readonly List<string> _notes = [];
    private readonly Dictionary<string, (string File, int Line)[]> _origins = new(StringComparer.Ordinal);

    internal BarImportResult(IEnumerable<string> files, List<ImportProblem> problems)
    {
        Files = [.. files];
        Problems = problems;
    }

    /// <summary>The files that hold bars, in the order in which they were read.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>One series per symbol, in ordinal order.</summary>
    public IReadOnlyList<BarSeries> Series => _series;

    /// <summary>What was decided about each split that lies within the bars.</summary>
    public IReadOnlyList<SplitDecision> Splits => _splits;

    /// <summary>Rows and files that could not be used.</summary>
    public IReadOnlyList<ImportProblem> Problems { get; }

    /// <summary>Assumptions that were made, in sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Rows that repeated another exactly and were left out.</summary>
    public int Duplicates { get; private set; }

    /// <summary>The series as a market in memory.</summary>
    /// <param name="source">What the data is, for reports.</param>
    /// <exception cref="RlaifInputException">No series was found; the message gives the first problems.</exception>
    public IMarketData ToMarketData(string source) =>
        _series.Count > 0
            ? new InMemoryMarketData(source, _series, KnownBenchmarks.Find(_series.Select(s => s.Symbol)))
            : throw new RlaifInputException(Describe("No bars were found."));

    /// <summary>Puts the place in the input to a row that the store refused.</summary>
    public ImportProblem Locate(BarConflict conflict)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        BarSeries series = _series.First(s => s.Symbol == conflict.Symbol);
        int index = conflict.OpenTime is { } open ? series.FirstOpenAtOrAfter(open) : -1;
        (string file, int? line) = index < 0 ? (_origins[conflict.Symbol][0].File, null) : Place(conflict.Symbol, index);
        return new ImportProblem(file, line, conflict.Field, conflict.Value, conflict.Rule);
    }

    internal void AddNote(string note) => _notes.Add(note);

    internal void Add(SymbolBars bars, List<SymbolBars.Entry> entries, SymbolActions actions)
    {
        string symbol = bars.Symbol;
        _series.Add(new BarSeries(symbol, entries.Select(e => e.Bar), actions.Kept));
        _origins.Add(symbol, [.. entries.Select(e => (e.File.Path, e.Line))]);
        _splits.AddRange(actions.Decisions);
        Duplicates += bars.Duplicates;
        if (actions.Outside > 0)
        {
            _notes.Add($"{symbol}: {actions.Outside} corporate actions outside its bars were left out.");
        }

        if (!Exchange.IsKnown(symbol))
        {
            _notes.Add(
                $"{symbol}: the hours of exchange '{Exchange.CodeOf(symbol)}' are not known; those of New York (09:30-16:00) were taken."
            );
        }
    }

    internal string Describe(string sentence)
    {
        const int Shown = 3;
        IEnumerable<string> lines = Problems.Take(Shown).Select(p => $"  {p}");
        string more = Problems.Count > Shown ? $"{Environment.NewLine}  and {Problems.Count - Shown} more." : string.Empty;
        return sentence + string.Concat(lines.Select(l => Environment.NewLine + l)) + more;
    }

    private (string File, int? Line) Place(string symbol, int index)
    {
        (string file, int line) = _origins[symbol][index];
        return (file, line);
    }
}
