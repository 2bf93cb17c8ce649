namespace Rlaif.Data;

/// <summary>Market data straight from files: no ledger, everything in memory.</summary>
public static class CsvMarketData
{
    /// <summary>Loads a file, or all files of a folder. See <see cref="LoadAsync(IReadOnlyList{string}, BarImportOptions?, Action{ImportProblem}?, CancellationToken)"/>.</summary>
    public static Task<IMarketData> LoadAsync(string path, CancellationToken cancellationToken = default) =>
        LoadAsync([path], null, null, cancellationToken);

    /// <summary>
    /// Loads files and folders. The benchmark is SPY, ^GSPC, GSPC, ^SPX or .SPX when it is among several symbols.
    /// </summary>
    /// <param name="paths">Files or folders.</param>
    /// <param name="options">How to read them; null for the defaults.</param>
    /// <param name="problems">Told of every row and file that was skipped; null refuses input with bad rows instead.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="RlaifInputException">Nothing could be read, or a row is bad and nobody listens to <paramref name="problems"/>.</exception>
    public static async Task<IMarketData> LoadAsync(
        IReadOnlyList<string> paths,
        BarImportOptions? options = null,
        Action<ImportProblem>? problems = null,
        CancellationToken cancellationToken = default
    )
    {
        BarImportResult result = await BarImport.ReadAsync(paths, options, null, cancellationToken);
        IMarketData market = result.ToMarketData(
            string.Join(", ", paths.Select(p => Path.GetFileName(Path.TrimEndingDirectorySeparator(p))))
        );
        if (problems is null && result.Problems.Any(p => p.Line > 1))
        {
            throw new RlaifInputException(
                result.Describe("Some rows cannot be used; correct them, or pass a listener for problems to skip them.")
            );
        }

        foreach (ImportProblem problem in result.Problems)
        {
            problems?.Invoke(problem);
        }

        return market;
    }
}
