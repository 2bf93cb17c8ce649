using Sylvan.Data.Csv;

namespace Rlaif.Data;

/// <summary>One CSV file, plain or gzipped, row by row. The delimiter is found by the parser (comma, tab, semicolon, bar).</summary>
internal sealed class CsvTable : IDisposable
{
    private const int BufferSize = 1 << 16;
    private readonly CsvDataReader _rows;
    private readonly bool _hasTexts;
    private int _linesWithin;

    private CsvTable(TextReader text, int longestText)
    {
        _hasTexts = longestText > 0;
        _rows = CsvDataReader.Create(
            _hasTexts ? text : new LineReader(text),
            new CsvDataReaderOptions
            {
                HasHeaders = false,
                CsvStyle = CsvStyle.Lax,
                BufferSize = BufferSize,
                MaxBufferSize = Math.Max(BufferSize, longestText),
                Comment = '\0',
            }
        );
    }

    /// <summary>Line on which the current row begins, from 1.</summary>
    internal int Line => _rows.RowNumber + _linesWithin;

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
    /// <param name="stream">The file.</param>
    /// <param name="longestText">
    /// Zero when every line is a row; else a quoted field may span lines, and a row may have so many characters.
    /// </param>
    internal static CsvTable Open(Stream stream, int longestText = 0)
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
        return new CsvTable(new StreamReader(content, bufferSize: BufferSize), longestText);
    }

    /// <summary>Goes to the next row that is not blank.</summary>
    internal bool Read()
    {
        while (NextRow())
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

    // The parser counts rows.
    private bool NextRow()
    {
        for (int i = 0; _hasTexts && _rows.RowNumber > 0 && i < FieldCount; i++)
        {
            _linesWithin += _rows.GetFieldSpan(i).Count('\n');
        }

        return _rows.Read();
    }
}
