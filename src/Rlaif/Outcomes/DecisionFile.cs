using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>
/// A file of decisions made elsewhere: one JSON object a line (<c>.jsonl</c>, or <c>.jsonl.gz</c>). Good rows are kept, bad ones become
/// problems. Required are <c>symbol</c>, <c>decided_at</c> with its offset, <c>action</c> and, for a buy or sell, <c>position_size</c>
/// (fraction of equity) or <c>quantity</c> (shares). A <c>score</c> that is not given counts as 0,
/// a <c>confidence</c> as 0.5.
/// </summary>
public sealed class DecisionFile
{
    private readonly List<ImportProblem> _problems = [];
    private readonly List<ReportedRow> _rows = [];
    private readonly SortedDictionary<string, int> _unknownFields = new(StringComparer.Ordinal);

    private DecisionFile(string path)
    {
        Path = path;
    }

    /// <summary>The file, as it was named.</summary>
    public string Path { get; }

    /// <summary>Lines that are not blank.</summary>
    public int Lines { get; private set; }

    /// <summary>Rows without a problem.</summary>
    public int GoodRows => _rows.Count;

    /// <summary>What cannot be used, in the order of the file.</summary>
    public IReadOnlyList<ImportProblem> Problems => _problems;

    /// <summary>Fields that mean nothing here and are left out, with the number of rows that have them.</summary>
    public IReadOnlyDictionary<string, int> UnknownFields => _unknownFields;

    internal IReadOnlyList<ReportedRow> Rows => _rows;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; a name that ends in <c>.gz</c> is decompressed.</param>
    /// <param name="now">The clock: a row that was decided later is a problem.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="RlaifInputException">The file cannot be opened.</exception>
    public static DecisionFile Read(string path, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new DecisionFile(path);
        var rows = new ReportedRowReader(path, now, file._problems, file._unknownFields);
        using StreamReader reader = Open(path);
        int line = 0;
        while (file.NextLine(reader, line + 1) is { } text)
        {
            cancellationToken.ThrowIfCancellationRequested();
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            file.Lines++;
            if (rows.Read(text, line) is { } row)
            {
                file._rows.Add(row);
            }
        }

        return file;
    }

    private static StreamReader Open(string path)
    {
        try
        {
            Stream stream = File.OpenRead(path);
            return new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GzipContent(stream) : stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot read '{path}': {e.Message}", e);
        }
    }

    // What was read before a file breaks off is kept.
    private string? NextLine(StreamReader reader, int line)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            _problems.Add(new ImportProblem(Path, line, null, null, $"the file breaks off here: {e.Message}"));
            return null;
        }
    }
}
