using System.Text;

namespace Rlaif.Cli;

/// <summary>Writes tables as CSV.</summary>
internal static class CsvFile
{
    /// <summary>Writes a header and rows; null is an empty field.</summary>
    /// <exception cref="RlaifInputException">The file cannot be written.</exception>
    public static async Task WriteAsync(
        string file,
        IEnumerable<string> header,
        IEnumerable<IEnumerable<object?>> rows,
        CancellationToken cancellationToken
    )
    {
        var text = new StringBuilder(string.Join(',', header)).Append('\n');
        foreach (IEnumerable<object?> row in rows)
        {
            text.AppendJoin(',', row.Select(Field)).Append('\n');
        }

        try
        {
            await File.WriteAllTextAsync(file, text.ToString(), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot write '{file}': {e.Message}", e);
        }
    }

    private static string Field(object? value)
    {
        string text = value switch
        {
            null => "",
            DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ"),
            Enum name => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()),
            IFormattable number => number.ToString(null, null),
            _ => value.ToString()!,
        };
        return text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
