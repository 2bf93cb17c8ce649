namespace Rlaif.Data;

/// <summary>The symbols under which the S&amp;P 500 is known: the benchmark of a set of series when one of them is present.</summary>
internal static class KnownBenchmarks
{
    private static readonly string[] ByPreference = ["SPY", "^GSPC", "GSPC", "^SPX", ".SPX"];

    /// <summary>The benchmark among several symbols; null when there is none, or when it would be the only series.</summary>
    internal static string? Find(IEnumerable<string> symbols)
    {
        var present = symbols.ToHashSet(StringComparer.Ordinal);
        return present.Count < 2 ? null : ByPreference.FirstOrDefault(present.Contains);
    }
}
