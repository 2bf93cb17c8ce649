using Sylvan.Data.Csv;

namespace Rlaif.Data;

/// <summary>One CSV file, plain or gzipped, row by row. The delimiter is found by the parser (comma, tab, semicolon, bar).</summary>
internal sealed class CsvTable : IDisposable
{
    private const int BufferSize = 1 << 16;
    private readonly CsvDataReader _rows;

    private CsvTable(TextReader text)
    {
        _rows = CsvDataReader.Create(
            new LineReader(text),
            new CsvDataReaderOptions
            {
                HasHeaders = false,
                CsvStyle = CsvStyle.Lax,
                BufferSize = BufferSize,
                Comment = '\0',
            }
        );
    }

    /// <summary>Line of the current row, from 1.</summary>
    internal int Line => _rows.RowNumber;

    /// <summary>Number of fields of the current row.</summary>
    internal int FieldCount => _rows.RowFieldCount;

    /// <summary>The text of a field of the current row; empty when the row ends before it.</summary>
    internal ReadOnlySpan<char> this[int column] =>
        column >= 0 && column < FieldCount ? _rows.GetFieldSpan(column).Trim() : default;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The file is of another kind; the message says which.</exception>
    internal static CsvTable Open(string path)
    {
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
        try
        {
            return Open(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads from a stream that can seek, which the table then owns.</summary>
    internal static CsvTable Open(Stream stream)
    {
        Span<byte> start = stackalloc byte[4];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        start = start[..read];
        if (start.StartsWith("PAR1"u8))
        {
            throw new InvalidDataException("is a Parquet file; CSV and CSV.GZ are read");
        }

        if (start.StartsWith("PK"u8))
        {
            throw new InvalidDataException("is a ZIP archive; unpack it first");
        }

        bool zipped = start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);
        Stream content = zipped ? new GzipContent(stream) : stream;
        return new CsvTable(new StreamReader(content, bufferSize: BufferSize));
    }

    /// <summary>Goes to the next row that is not blank.</summary>
    internal bool Read()
    {
        while (_rows.Read())
        {
            for (int i = 0; i < FieldCount; i++)
            {
                if (!this[i].IsEmpty)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>The fields of the current row.</summary>
    internal string[] Fields()
    {
        var fields = new string[FieldCount];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = this[i].ToString();
        }

        return fields;
    }

    public void Dispose() => _rows.Dispose();
}
