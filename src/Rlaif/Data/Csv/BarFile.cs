using Sylvan.Data.Csv;

namespace Rlaif.Data;

/// <summary>What one file of bars holds: the rows that are good, by symbol, and the problems of those that are not.</summary>
internal sealed class BarFile
{
    private const decimal OutsideTolerance = 1e-6m;
    private const int LongestSymbol = 32;
    private const string CountrySuffix = ".US";
    internal const string SymbolRule = "must be a symbol: letters, digits and . - ^ = _ & /";
    private const string AboveZero = "must be a number above zero";

    private readonly BarHeader _header;
    private readonly string? _symbol;
    private readonly Dictionary<string, List<BarRow>> _rows = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<BarRow>>.AlternateLookup<ReadOnlySpan<char>> _rowsBySpan;

    private BarFile(string path, BarHeader header, string? symbol)
    {
        Path = path;
        _header = header;
        _symbol = symbol;
        _rowsBySpan = _rows.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    internal string Path { get; }

    internal List<ImportProblem> Problems { get; } = [];

    internal List<StatedAction> Actions { get; } = [];

    /// <summary>The zone of local times when the file names one; null for the exchange's own.</summary>
    internal TimeZoneInfo? Zone => _header.Zone;

    /// <summary>Whether a column names the symbols.</summary>
    internal bool HasSymbols => _symbol is null;

    /// <summary>The name of the column of time stamps.</summary>
    internal string DateField => _header.Names[_header.Date];

    /// <summary>Good rows by symbol, in the order of the file.</summary>
    internal IEnumerable<KeyValuePair<string, List<BarRow>>> Rows => _rows.Where(r => r.Value.Count > 0);

    /// <summary>Reads a file; null when it is not one of bars, for the reason that is then added to <paramref name="problems"/>.</summary>
    internal static BarFile? Read(
        string path,
        BarImportOptions options,
        List<ImportProblem> problems,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using CsvTable table = CsvTable.Open(path);
            return Read(table, path, options, problems, cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or CsvFormatException)
        {
            problems.Add(
                new ImportProblem(path, null, null, null, e is InvalidDataException ? e.Message : $"cannot be read: {e.Message}")
            );
            return null;
        }
    }

    internal static BarFile? Read(
        CsvTable table,
        string path,
        BarImportOptions options,
        List<ImportProblem> problems,
        CancellationToken cancellationToken
    )
    {
        if (!TryReadRow(table, path, problems))
        {
            problems.Add(new ImportProblem(path, null, null, null, "is empty"));
            return null;
        }

        string[] firstRow = table.Fields();
        if (CorporateActionFile.Recognizes(firstRow))
        {
            problems.Add(new ImportProblem(path, 1, null, null, "is a file of corporate actions: name it as such (--actions)"));
            return null;
        }

        BarHeader? header = BarHeader.Create(firstRow, options.Format, path, out ImportProblem? refused);
        string? symbol = header is { Symbol: >= 0 } ? null : options.Symbol ?? SymbolOf(path);
        if (header is null || (header.Symbol < 0 && !IsSymbol(symbol)))
        {
            problems.Add(
                refused ?? new ImportProblem(path, null, "symbol", symbol, "has no symbol column and its name is no symbol")
            );
            return null;
        }

        var file = new BarFile(path, header, symbol?.ToUpperInvariant());
        for (bool more = header.IsHeaderless || TryReadRow(table, path, file.Problems); more; )
        {
            cancellationToken.ThrowIfCancellationRequested();
            file.Add(table);
            more = TryReadRow(table, path, file.Problems);
        }

        problems.AddRange(file.Problems);
        return file;
    }

    // What was read before a file breaks off is kept.
    private static bool TryReadRow(CsvTable table, string path, List<ImportProblem> problems)
    {
        try
        {
            return table.Read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or CsvFormatException)
        {
            problems.Add(new ImportProblem(path, table.Line + 1, null, null, $"cannot be read from here on: {e.Message}"));
            return false;
        }
    }

    private static string SymbolOf(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        int end = name.IndexOf(".csv", StringComparison.OrdinalIgnoreCase);
        return end > 0 ? name[..end] : System.IO.Path.GetFileNameWithoutExtension(name);
    }

    /// <summary>Whether a text can be a symbol.</summary>
    internal static bool IsSymbol(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > LongestSymbol)
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !".-^=_&/".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private void Add(CsvTable row)
    {
        if (row.FieldCount > _header.Names.Length)
        {
            Report(row, null, $"{row.FieldCount} fields", $"the header names {_header.Names.Length} columns");
            return;
        }

        if (TryFindSymbol(row, out List<BarRow>? rows, out string symbol) && TryReadBar(row, out BarRow bar))
        {
            rows.Add(bar);
            AddAction(row, symbol, bar, _header.Split, CorporateActionKind.Split);
            AddAction(row, symbol, bar, _header.Dividend, CorporateActionKind.Dividend);
        }
    }

    private bool TryFindSymbol(CsvTable row, out List<BarRow> rows, out string symbol)
    {
        ReadOnlySpan<char> text = _symbol is null ? row[_header.Symbol] : _symbol;
        if (_header.DropsCountry && text.EndsWith(CountrySuffix, StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^CountrySuffix.Length];
        }

        if (_rowsBySpan.TryGetValue(text, out symbol!, out rows!))
        {
            return true;
        }

        if (!IsSymbol(text))
        {
            Report(row, _header.Symbol, SymbolRule);
            return false;
        }

        symbol = text.ToString().ToUpperInvariant();
        rows = [];
        _rows.Add(symbol, rows);
        return true;
    }

    private bool TryReadBar(CsvTable row, out BarRow bar)
    {
        bar = default;
        if (!RowTime.TryParse(row[_header.Date], row[_header.Time], out RowTime time))
        {
            Report(row, _header.Date, RowTime.Allowed);
            return false;
        }

        if (
            !TryReadPrice(row, _header.Open, out decimal open)
            || !TryReadPrice(row, _header.High, out decimal high)
            || !TryReadPrice(row, _header.Low, out decimal low)
            || !TryReadPrice(row, _header.Close, out decimal close)
            || !TryReadVolume(row, out decimal volume)
        )
        {
            return false;
        }

        if (high < low)
        {
            Report(row, _header.High, $"must be at least the low of {low}");
            return false;
        }

        bar = new BarRow(time, open, high, low, close, volume, row.Line);
        return IsInside(row, _header.Open, open, bar) && IsInside(row, _header.Close, close, bar);
    }

    private bool IsInside(CsvTable row, int column, decimal price, BarRow bar)
    {
        if (price <= bar.High * (1 + OutsideTolerance) && price >= bar.Low * (1 - OutsideTolerance))
        {
            return true;
        }

        Report(row, column, $"must lie between the low of {bar.Low} and the high of {bar.High}");
        return false;
    }

    private bool TryReadPrice(CsvTable row, int column, out decimal price)
    {
        if (CsvNumber.TryParse(row[column], out price) && price > 0)
        {
            price = CsvNumber.Times(price, _header.PriceUnit);
            return true;
        }

        Report(row, column, AboveZero);
        return false;
    }

    // Indices have no volume: a missing column or an empty cell is zero.
    private bool TryReadVolume(CsvTable row, out decimal volume)
    {
        volume = 0;
        if (_header.Volume < 0 || row[_header.Volume].IsEmpty)
        {
            return true;
        }

        if (CsvNumber.TryParse(row[_header.Volume], out volume) && volume >= 0)
        {
            volume = CsvNumber.Times(volume, _header.VolumeUnit);
            return true;
        }

        Report(row, _header.Volume, "must be a number of at least zero");
        return false;
    }

    // The bar stays good when only the action beside it is not.
    private void AddAction(CsvTable row, string symbol, BarRow bar, int column, CorporateActionKind kind)
    {
        ReadOnlySpan<char> text = column < 0 ? default : row[column];
        if (text.IsEmpty)
        {
            return;
        }

        if (!CsvNumber.TryParseRatio(text, out decimal value) || value < 0)
        {
            Report(row, column, "must be empty, zero or a number above zero; the bar was kept");
        }
        else if (value != 0 && (kind != CorporateActionKind.Split || value != 1))
        {
            DateOnly date = DateOnly.FromDateTime(bar.Time.Value);
            Actions.Add(new StatedAction(symbol, date, kind, value, false, false, Path, row.Line));
        }
    }

    private void Report(CsvTable row, int column, string rule) =>
        Report(row, column < 0 ? "symbol" : _header.Names[column], row[column].ToString(), rule);

    private void Report(CsvTable row, string? field, string value, string rule) =>
        Problems.Add(new ImportProblem(Path, row.Line, field, value, rule));
}
