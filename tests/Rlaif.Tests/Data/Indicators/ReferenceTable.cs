using System.Globalization;
using System.IO.Compression;

namespace Rlaif.Tests.Data.Indicators;

/// <summary>A CSV file of reference data, plain or gzipped: text by column, numbers with null for empty fields.</summary>
internal sealed class ReferenceTable
{
    private readonly string[] _header;
    private readonly List<string[]> _rows;

    private ReferenceTable(string[] header, List<string[]> rows)
    {
        _header = header;
        _rows = rows;
    }

    internal int Count => _rows.Count;

    internal static ReferenceTable Read(string relativePath)
    {
        using Stream file = File.OpenRead(SharedData.Require(relativePath));
        using Stream content = relativePath.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var reader = new StreamReader(content);
        string[] header = reader.ReadLine()!.Split(',');
        var rows = new List<string[]>();
        while (reader.ReadLine() is { } line)
        {
            rows.Add(line.Split(','));
        }

        return new ReferenceTable(header, rows);
    }

    internal ReferenceTable Where(string column, string value)
    {
        int index = Index(column);
        return new ReferenceTable(_header, _rows.FindAll(r => r[index] == value));
    }

    internal string[] Text(string column)
    {
        int index = Index(column);
        return [.. _rows.Select(r => r[index])];
    }

    internal double?[] Numbers(string column) =>
        [.. Text(column).Select(t => t.Length == 0 ? (double?)null : double.Parse(t, CultureInfo.InvariantCulture))];

    internal decimal[] Decimals(string column) => [.. Text(column).Select(t => decimal.Parse(t, CultureInfo.InvariantCulture))];

    private int Index(string column) =>
        Array.IndexOf(_header, column) is >= 0 and int i
            ? i
            : throw new ArgumentException($"No column {column}.", nameof(column));
}
