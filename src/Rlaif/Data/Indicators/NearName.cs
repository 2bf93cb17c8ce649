namespace Rlaif.Data.Indicators;

/// <summary>Finds what a misspelt name was likely meant to be.</summary>
internal static class NearName
{
    private const int MaxEdits = 2;

    /// <summary>The known name with the fewest edits, ignoring case; null when none is within two edits or half the length.</summary>
    internal static string? Of(string name, IEnumerable<string> known)
    {
        string? best = known.MinBy(k => Edits(name.ToLowerInvariant(), k));
        bool isNear = best is not null && Edits(name.ToLowerInvariant(), best) <= Math.Min(MaxEdits, name.Length / 2);
        return isNear ? best : null;
    }

    // Levenshtein distance, one row at a time.
    private static int Edits(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}
