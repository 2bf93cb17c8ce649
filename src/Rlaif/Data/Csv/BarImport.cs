namespace Rlaif.Data;

/// <summary>
/// Reads bars from CSV and CSV.GZ files and from whole folders. A row or file that cannot be used becomes an
/// <see cref="ImportProblem"/>, and nothing else is lost.
/// </summary>
public static class BarImport
{
    /// <summary>Reads files and folders.</summary>
    /// <param name="paths">Files, or folders whose files are all read.</param>
    /// <param name="options">How to read them; null for the defaults.</param>
    /// <param name="progress">Told after each file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RlaifInputException">A path does not exist, or a file of corporate actions cannot be used.</exception>
    public static Task<BarImportResult> ReadAsync(
        IReadOnlyList<string> paths,
        BarImportOptions? options = null,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    ) => Task.Run(() => Read(paths, options ?? new BarImportOptions(), progress, cancellationToken), cancellationToken);

    private static BarImportResult Read(
        IReadOnlyList<string> paths,
        BarImportOptions options,
        IProgress<ProgressUpdate>? progress,
        CancellationToken cancellationToken
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        var problems = new List<ImportProblem>();
        List<string> names = ImportPaths.Expand(paths, problems);
        var stated = options.ActionFiles.SelectMany(f => CorporateActionFile.Read(f, problems, cancellationToken)).ToList();
        var files = new List<BarFile>();
        foreach (string name in names)
        {
            if (BarFile.Read(name, options, problems, cancellationToken) is { } file)
            {
                files.Add(file);
            }

            progress?.Report(new ProgressUpdate("reading files", files.Count, names.Count));
        }

        BarImportResult result = Combine(files, stated, options.Basis, problems);
        if (options.Symbol is { } symbol && files.Any(f => f.HasSymbols))
        {
            result.AddNote($"The symbol {symbol} was not applied to files that have a symbol column.");
        }

        return result;
    }

    /// <summary>Joins files by symbol; the part of an import that knows nothing of paths.</summary>
    internal static BarImportResult Combine(
        IReadOnlyList<BarFile> files,
        IEnumerable<StatedAction> stated,
        PriceBasis basis,
        List<ImportProblem> problems
    )
    {
        var symbols = new SortedDictionary<string, SymbolBars>(StringComparer.Ordinal);
        foreach (BarFile file in files)
        {
            Add(file, symbols, problems);
        }

        ILookup<string, StatedAction> actions = files
            .SelectMany(f => f.Actions)
            .Concat(stated)
            .ToLookup(a => a.Symbol, StringComparer.Ordinal);
        var result = new BarImportResult(files.Select(f => f.Path), problems);
        foreach (SymbolBars bars in symbols.Values)
        {
            List<SymbolBars.Entry> entries = bars.Build(problems);
            if (entries.Count > 0)
            {
                var decided = new SymbolActions(bars.Symbol, entries, basis);
                decided.Decide(actions[bars.Symbol], problems);
                result.Add(bars, entries, decided);
            }
        }

        return result;
    }

    private static void Add(BarFile file, SortedDictionary<string, SymbolBars> symbols, List<ImportProblem> problems)
    {
        var refused = new List<(string Symbol, string Rule)>();
        foreach ((string symbol, List<BarRow> rows) in file.Rows)
        {
            if (!symbols.TryGetValue(symbol, out SymbolBars? bars))
            {
                symbols.Add(symbol, bars = new SymbolBars(symbol));
            }

            if (bars.Add(file, rows) is { } rule)
            {
                refused.Add((symbol, rule));
            }
        }

        // One problem per reason, not per symbol.
        problems.AddRange(
            refused
                .GroupBy(r => r.Rule, r => r.Symbol, StringComparer.Ordinal)
                .Select(g => new ImportProblem(file.Path, null, "symbol", string.Join(", ", g), g.Key))
        );
    }
}
