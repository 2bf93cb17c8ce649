namespace Rlaif.Cli;

/// <summary>Tables written for other programs: comma-separated, invariant numbers, empty where nothing is known.</summary>
internal static class CsvFile
{
    /// <summary>Writes a header and rows.</summary>
    /// <exception cref="RlaifInputException">The file cannot be written.</exception>
    public static async Task WriteAsync(
        string path,
        IEnumerable<string> header,
        IEnumerable<IEnumerable<string>> rows,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await File.WriteAllLinesAsync(
                path,
                rows.Prepend(header).Select(r => string.Join(',', r.Select(Quoted))),
                cancellationToken
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RlaifInputException($"Cannot write '{path}': {e.Message}", e);
        }
    }

    private static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
