namespace Rlaif.Data.Documents;

/// <summary>
/// Brings documents into a ledger: <c>.jsonl</c> (one object a line) and <c>.csv</c>, both also with <c>.gz</c>, with the fields
/// <c>symbol</c>, <c>published_at</c> (or <c>known_at</c>, <c>timestamp</c>, <c>date</c>), <c>type</c>, <c>title</c> (or
/// <c>headline</c>), <c>source</c> and <c>text</c> (or <c>body</c>, <c>content</c>); <c>.txt</c> and <c>.md</c>, one document each. A date
/// without a time of day is known at its end, UTC. What cannot be used becomes an <see cref="ImportProblem"/>, and nothing else is lost.
/// Importing again adds nothing.
/// </summary>
public static class DocumentImport
{
    private const int BatchSize = 1000;
    private const int Kibibyte = 1024;

    /// <summary>Reads files and folders into a ledger, in batches: after a cancellation or an error, what was added stays.</summary>
    /// <param name="openLedger">Opens the ledger; not asked when there is no document to add.</param>
    /// <param name="paths">Files, or folders whose files are all read.</param>
    /// <param name="options">What documents are where their file does not say; null for the defaults.</param>
    /// <param name="progress">Told the KiB that were read.</param>
    /// <param name="cancellationToken">Stops the import.</param>
    /// <exception cref="RlaifInputException">A path does not exist, or the symbol of the options is none.</exception>
    public static Task<DocumentImportResult> RunAsync(
        Func<Task<Ledger>> openLedger,
        IReadOnlyList<string> paths,
        DocumentImportOptions? options = null,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(openLedger);
        ArgumentNullException.ThrowIfNull(paths);
        options ??= new DocumentImportOptions();
        if (options.Symbol is { } symbol && !BarFile.IsSymbol(symbol))
        {
            throw new RlaifInputException($"'{symbol}' {BarFile.SymbolRule}.");
        }

        return Task.Run(() => new Run(openLedger, options, progress).ImportAsync(paths, cancellationToken), cancellationToken);
    }

    private sealed class Run(Func<Task<Ledger>> openLedger, DocumentImportOptions options, IProgress<ProgressUpdate>? progress)
    {
        private readonly List<ImportProblem> _problems = [];
        private readonly SortedSet<string> _symbols = new(StringComparer.Ordinal);
        private readonly List<Document> _batch = [];
        private Ledger? _ledger;
        private HashSet<string> _ids = [];
        private int _added;
        private int _skipped;
        private int _files;

        internal async Task<DocumentImportResult> ImportAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
        {
            using InvariantCulture culture = InvariantCulture.Enter();
            List<string> files = ImportPaths.Expand(paths, DocumentFile.Extensions, DocumentFile.Rule, _problems);
            long total = files.Sum(f => new FileInfo(f).Length);
            long done = 0;
            foreach (string path in files)
            {
                using FileStream? file = Open(path);
                if (file is null)
                {
                    continue;
                }

                _files++;
                long length = file.Length;
                foreach (
                    Document document in DocumentFile.Read(file, new DocumentReader(path, options, _problems), cancellationToken)
                )
                {
                    _batch.Add(document);
                    if (_batch.Count == BatchSize)
                    {
                        await StoreAsync(cancellationToken);
                        Report(done + file.Position, total);
                    }
                }

                done += length;
                Report(done, total);
            }

            await StoreAsync(cancellationToken);
            return new DocumentImportResult(_files, _added, _skipped, [.. _symbols], _problems);
        }

        private FileStream? Open(string path)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _problems.Add(new ImportProblem(path, null, null, null, $"cannot be read: {e.Message}"));
                return null;
            }
        }

        // The id is of what a document says: the same news from a second source is the same document, and the first source stays.
        private async Task StoreAsync(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_batch.Count == 0)
            {
                return;
            }

            if (_ledger is null)
            {
                _ledger = await openLedger();
                _ids = await new DocumentStore(_ledger).ReadIdsAsync(cancellationToken);
            }

            Document[] added = [.. _batch.Where(d => _ids.Add(d.DocumentId))];
            _added += await _ledger.AppendAsync(added, cancellationToken);
            _skipped += _batch.Count - added.Length;
            _symbols.UnionWith(_batch.Select(d => d.Symbol).OfType<string>());
            _batch.Clear();
        }

        private void Report(long bytes, long total) =>
            progress?.Report(new ProgressUpdate("importing documents (KiB)", (int)(bytes / Kibibyte), (int)(total / Kibibyte)));
    }
}
