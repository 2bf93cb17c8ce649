using System.Text.Json;
using Sylvan.Data.Csv;

namespace Rlaif.Data.Documents;

/// <summary>Reads the documents of one file, one after the other, so that a file may be larger than memory.</summary>
internal sealed class DocumentFile
{
    private const string FrontMatter = "---";

    // JSON may write a character as six.
    private const int LongestLine = DocumentReader.LongestText * 2;

    private readonly FileStream _stream;
    private readonly DocumentReader _reader;
    private readonly CancellationToken _cancellation;
    private int _line;

    private DocumentFile(FileStream stream, DocumentReader reader, CancellationToken cancellationToken)
    {
        _stream = stream;
        _reader = reader;
        _cancellation = cancellationToken;
    }

    /// <summary>Extensions of the files that are read.</summary>
    internal static string[] Extensions { get; } = [".jsonl", ".jsonl.gz", ".csv", ".csv.gz", ".txt", ".md"];

    /// <summary>What files may be, in words.</summary>
    internal const string Rule = "JSONL and CSV (also with .gz), TXT and MD are read";

    /// <summary>Reads a file that is open. What was read before it breaks off is kept.</summary>
    internal static IEnumerable<Document> Read(FileStream stream, DocumentReader reader, CancellationToken cancellationToken)
    {
        var file = new DocumentFile(stream, reader, cancellationToken);
        string name = Path.GetFileName(stream.Name).ToUpperInvariant();
        return name switch
        {
            _ when name.EndsWith(".JSONL", StringComparison.Ordinal) || name.EndsWith(".JSONL.GZ", StringComparison.Ordinal) =>
                file.Lines(name.EndsWith(".GZ", StringComparison.Ordinal)),
            _ when name.EndsWith(".CSV", StringComparison.Ordinal) || name.EndsWith(".CSV.GZ", StringComparison.Ordinal) =>
                file.Rows(),
            _ when name.EndsWith(".TXT", StringComparison.Ordinal) || name.EndsWith(".MD", StringComparison.Ordinal) =>
                file.Text(),
            _ => file.Refused(),
        };
    }

    private IEnumerable<Document> Refused()
    {
        _reader.Tell(null, null, null, $"was skipped: {Rule}");
        yield break;
    }

    private IEnumerable<Document> Lines(bool isZipped)
    {
        using var text = new StreamReader(isZipped ? new GzipContent(_stream) : _stream);
        var lines = new LongLines(text, LongestLine);
        string? line = null;
        while (Try(() => lines.TryRead(out line)))
        {
            _line++;
            if (line is null)
            {
                _reader.Tell(_line, null, null, $"must have at most {LongestLine:N0} characters");
            }
            else if (!string.IsNullOrWhiteSpace(line) && Fields(line) is { } fields)
            {
                if (_reader.Read(fields, _line, DocumentKind.News) is { } document)
                {
                    yield return document;
                }
            }
        }
    }

    private Dictionary<string, string>? Fields(string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Fields(json.RootElement);
            }

            _reader.Tell(_line, null, line, "must be a JSON object, one a line");
        }
        catch (JsonException e)
        {
            _reader.Tell(_line, null, line, $"is no JSON (byte {e.BytePositionInLine} of the line)");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as \ud800.
            _reader.Tell(_line, null, line, "has an escape that is no character");
        }

        return null;
    }

    private Dictionary<string, string>? Fields(JsonElement json)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            string name = ColumnNames.Normalize(property.Name);
            if (!DocumentReader.IsKnown(name) || property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (property.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
            {
                _reader.Tell(_line, property.Name, property.Value.GetRawText(), "must be a text");
                return null;
            }

            fields[name] = property.Value.ToString();
        }

        return fields;
    }

    private IEnumerable<Document> Rows()
    {
        using CsvTable? table = OpenTable();
        if (table is null || !Try(table.Read))
        {
            yield break;
        }

        string[] names = [.. table.Fields().Select(ColumnNames.Normalize)];
        if (DocumentReader.Missing(names) is { } missing)
        {
            _reader.Tell(1, null, null, missing);
            yield break;
        }

        while (Try(table.Read))
        {
            _line = table.Line;
            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            for (int i = 0; i < names.Length; i++)
            {
                fields.TryAdd(names[i], DocumentReader.IsKnown(names[i]) ? table[i].ToString() : string.Empty);
            }

            if (_reader.Read(fields, _line, DocumentKind.News) is { } document)
            {
                yield return document;
            }
        }
    }

    private CsvTable? OpenTable()
    {
        try
        {
            return CsvTable.Open(_stream, DocumentReader.LongestText);
        }
        catch (InvalidDataException e)
        {
            _reader.Tell(null, null, null, e.Message);
            return null;
        }
    }

    private bool Try(Func<bool> read)
    {
        _cancellation.ThrowIfCancellationRequested();
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or CsvFormatException)
        {
            _reader.Tell(_line + 1, null, null, $"cannot be read from here on: {e.Message}");
            return false;
        }
    }

    // A whole file is one document, with what is known about it in lines of "name: value" between two lines of "---" at its top.
    private IEnumerable<Document> Text()
    {
        if (_stream.Length > DocumentReader.LongestText)
        {
            _reader.Tell(null, null, null, $"must have at most {DocumentReader.LongestText:N0} bytes");
            yield break;
        }

        string? text = null;
        using var content = new StreamReader(_stream);
        if (!Try(() => (text = content.ReadToEnd()) is not null))
        {
            yield break;
        }

        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        fields["text"] = Body(text!, fields);
        fields.TryAdd("title", Path.GetFileNameWithoutExtension(_stream.Name));
        if (_reader.Read(fields, null, DocumentKind.Note) is { } document)
        {
            yield return document;
        }
    }

    private static string Body(string text, Dictionary<string, string> fields)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        int end = lines[0].TrimEnd() == FrontMatter ? Array.FindIndex(lines, 1, l => l.TrimEnd() == FrontMatter) : -1;
        for (int i = 1; i < end; i++)
        {
            int colon = lines[i].IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                fields[ColumnNames.Normalize(lines[i][..colon])] = lines[i][(colon + 1)..].Trim().Trim('"', '\'');
            }
        }

        return string.Join('\n', lines[(end + 1)..]);
    }
}
