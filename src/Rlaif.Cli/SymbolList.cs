namespace Rlaif.Cli;

/// <summary>Lists on the command line: <c>A,B</c>.</summary>
internal static class SymbolList
{
    /// <summary>The parts between the commas; null when the option is absent.</summary>
    /// <exception cref="RlaifInputException">Nothing stands between the commas.</exception>
    public static IReadOnlyList<string>? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Length > 0 ? parts : throw new RlaifInputException($"'{text}' names nothing; write A,B.");
    }
}
