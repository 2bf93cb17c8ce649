using Sylvan.Data.Csv;

namespace Rlaif.Data;

/// <summary>
/// Reads files of splits and dividends: <c>symbol,date,split,dividend</c>; one action a row with
/// <c>type,ex_date,cash_amount,split_from,split_to</c>; LEAN factors (<c>symbol,date,price_factor,split_factor,reference_price</c>).
/// </summary>
internal sealed class CorporateActionFile
{
    private const string Layouts =
        "is not a file of corporate actions: it needs symbol,date with split and/or dividend, or symbol,type,ex_date, or LEAN's factors";

    private readonly string _path;
    private readonly string[] _fields;
    private readonly string[] _names;
    private readonly List<ImportProblem> _problems;
    private readonly List<StatedAction> _actions = [];

    private CorporateActionFile(string path, string[] fields, List<ImportProblem> problems)
    {
        _path = path;
        _fields = fields;
        _names = [.. fields.Select(ColumnNames.Normalize)];
        _problems = problems;
    }

    private int Symbol => ColumnNames.Find(_names, ColumnNames.Symbol);

    private int Date => ColumnNames.Find(_names, ColumnNames.ExDate);

    private bool IsLean => Column("split_factor") >= 0 && Column("price_factor") >= 0;

    private bool IsTyped => Column("type") >= 0 && Column("split_to") >= 0;

    private bool IsGeneric =>
        ColumnNames.Find(_names, ColumnNames.Split) >= 0 || ColumnNames.Find(_names, ColumnNames.Dividend) >= 0;

    /// <summary>Whether a header belongs to such a file, to say so when one lies among files of bars.</summary>
    internal static bool Recognizes(string[] header)
    {
        var file = new CorporateActionFile(string.Empty, header, []);
        return file.IsUsable && ColumnNames.Find(file._names, ColumnNames.Close) < 0;
    }

    private bool IsUsable => Symbol >= 0 && Date >= 0 && (IsLean || IsTyped || IsGeneric);

    /// <summary>Reads a file.</summary>
    /// <exception cref="RlaifInputException">The file is missing or is not one of corporate actions.</exception>
    internal static List<StatedAction> Read(string path, List<ImportProblem> problems, CancellationToken cancellationToken)
    {
        try
        {
            using CsvTable table = CsvTable.Open(path);
            var file = new CorporateActionFile(path, table.Read() ? table.Fields() : [], problems);
            if (!file.IsUsable)
            {
                throw new RlaifInputException($"{path}: {Layouts}.");
            }

            file.ReadRows(table, cancellationToken);
            return file._actions;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or CsvFormatException)
        {
            throw new RlaifInputException($"{path}: {e.Message}", e);
        }
    }

    private void ReadRows(CsvTable row, CancellationToken cancellationToken)
    {
        var factors = new List<FactorRow>();
        while (row.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            string symbol = row[Symbol].ToString().ToUpperInvariant();
            if (symbol.Length == 0)
            {
                Report(row, Symbol, "must be a symbol");
            }
            else if (!RowTime.TryParse(row[Date], default, out RowTime time))
            {
                Report(row, Date, RowTime.Allowed);
            }
            else
            {
                ReadRow(row, symbol, DateOnly.FromDateTime(time.Value), factors);
            }
        }

        foreach (IGrouping<string, FactorRow> group in factors.GroupBy(f => f.Symbol, StringComparer.Ordinal))
        {
            AddFactors([.. group.OrderBy(f => f.Date)]);
        }
    }

    private void ReadRow(CsvTable row, string symbol, DateOnly date, List<FactorRow> factors)
    {
        if (IsLean)
        {
            if (
                TryRead(row, Column("price_factor"), out decimal price)
                && TryRead(row, Column("split_factor"), out decimal split)
                && TryRead(row, Column("reference_price"), out decimal reference)
            )
            {
                factors.Add(new FactorRow(symbol, date, price, split, reference, row.Line));
            }
        }
        else if (!IsTyped)
        {
            AddCell(row, symbol, date, ColumnNames.Split, CorporateActionKind.Split);
            AddCell(row, symbol, date, ColumnNames.Dividend, CorporateActionKind.Dividend);
        }
        else if (row[Column("type")].Equals("split", StringComparison.OrdinalIgnoreCase))
        {
            if (TryRead(row, Column("split_from"), out decimal from) && TryRead(row, Column("split_to"), out decimal to))
            {
                Add(symbol, date, CorporateActionKind.Split, to / from, row.Line, isLastSessionBefore: false);
            }
        }
        else if (row[Column("type")].Equals("dividend", StringComparison.OrdinalIgnoreCase))
        {
            AddCell(row, symbol, date, ColumnNames.Dividend, CorporateActionKind.Dividend);
        }
        else
        {
            Report(row, Column("type"), "must be split or dividend");
        }
    }

    private void AddCell(CsvTable row, string symbol, DateOnly date, string[] aliases, CorporateActionKind kind)
    {
        int column = ColumnNames.Find(_names, aliases);
        ReadOnlySpan<char> text = column < 0 ? default : row[column];
        if (text.IsEmpty)
        {
            return;
        }

        if (!CsvNumber.TryParseRatio(text, out decimal value) || value < 0)
        {
            Report(row, column, "must be empty, zero or a number above zero");
            return;
        }

        Add(symbol, date, kind, value, row.Line, isLastSessionBefore: false);
    }

    // A row of factors holds for all dates up to its own: the step to the next row is the action that follows its date.
    private void AddFactors(FactorRow[] rows)
    {
        foreach ((FactorRow row, FactorRow next) in rows.Zip(rows.Skip(1)))
        {
            decimal dividend = Math.Round(row.ReferencePrice * (1 - (row.PriceFactor / next.PriceFactor)), 4);
            Add(
                row.Symbol,
                row.Date,
                CorporateActionKind.Split,
                WithoutRounding(next.SplitFactor / row.SplitFactor),
                row.Line,
                true
            );
            Add(row.Symbol, row.Date, CorporateActionKind.Dividend, Math.Max(dividend, 0), row.Line, true);
        }
    }

    // Factors are rounded to eight digits: 0.25 / 0.0357143 is a split of 7.
    private static decimal WithoutRounding(decimal ratio)
    {
        const decimal Tolerance = 1e-4m;
        const int MaxPer = 20;
        for (int per = 1; per <= MaxPer; per++)
        {
            decimal shares = Math.Round(ratio * per);
            if (shares > 0 && Math.Abs((shares / per) - ratio) <= Tolerance * ratio)
            {
                return shares / per;
            }
        }

        return ratio;
    }

    private void Add(string symbol, DateOnly date, CorporateActionKind kind, decimal value, int line, bool isLastSessionBefore)
    {
        bool nothing = value == 0 || (kind == CorporateActionKind.Split && value == 1);
        if (!nothing)
        {
            _actions.Add(new StatedAction(symbol, date, kind, value, isLastSessionBefore, true, _path, line));
        }
    }

    private bool TryRead(CsvTable row, int column, out decimal value)
    {
        bool isFactor = _names[column] != "reference_price";
        if (CsvNumber.TryParse(row[column], out value) && (value > 0 || (value == 0 && !isFactor)))
        {
            return true;
        }

        Report(row, column, "must be a number above zero");
        return false;
    }

    private int Column(string name) => Array.IndexOf(_names, name);

    private void Report(CsvTable row, int column, string rule) =>
        _problems.Add(new ImportProblem(_path, row.Line, _fields[column], row[column].ToString(), rule));

    private sealed record FactorRow(
        string Symbol,
        DateOnly Date,
        decimal PriceFactor,
        decimal SplitFactor,
        decimal ReferencePrice,
        int Line
    );
}
