namespace Rlaif.Data;

/// <summary>Something in the input that could not be used; everything else was.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, 1 being the first of the file; null when the whole file is concerned.</param>
/// <param name="Field">The column, by its name in the file; null when no single one is at fault.</param>
/// <param name="Value">What was found there.</param>
/// <param name="Rule">What is allowed, in words.</param>
public sealed record ImportProblem(string File, int? Line, string? Field, string? Value, string Rule)
{
    /// <summary>One line for people: <c>bars.csv:12 high '9.5': must be at least the low of 10</c>.</summary>
    public override string ToString()
    {
        string place = Line is null ? File : $"{File}:{Line}";
        string what = (Field, Value) switch
        {
            (null, null) => string.Empty,
            (null, _) => $" '{Value}'",
            (_, null) => $" {Field}",
            _ => $" {Field} '{Value}'",
        };
        return $"{place}{what}: {Rule}";
    }
}
