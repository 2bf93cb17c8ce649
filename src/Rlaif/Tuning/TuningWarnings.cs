namespace Rlaif.Tuning;

/// <summary>What a user should know before relying on a file.</summary>
internal static class TuningWarnings
{
    // TRL's advice for KTO: weights that bring desirable : undesirable between 1:1 and 4:3.
    private const double MaxKtoRatio = 4.0 / 3;

    internal static IEnumerable<string> Of(TuningTask task, RowFormat format, IReadOnlyList<TuningRow> rows)
    {
        if (format.Warning is not null)
        {
            yield return format.Warning;
        }

        if (rows.Count < format.MinRows || rows.Count > format.MaxRows)
        {
            yield return $"The service takes {format.MinRows} to {format.MaxRows} rows; the file has {rows.Count}.";
        }

        int good = rows.Count(r => r.Label);
        int bad = rows.Count - good;
        if (task == TuningTask.Kto && (good < bad || good > bad * MaxKtoRatio))
        {
            yield return $"{good} desirable and {bad} undesirable rows: {KtoAdvice(good, bad)}";
        }
    }

    private static string KtoAdvice(int good, int bad)
    {
        if (good == 0 || bad == 0)
        {
            return "KTO needs both kinds.";
        }

        return good < bad
            ? $"set desirable_weight to {(double)bad / good:0.##}."
            : $"set undesirable_weight to {good / (bad * MaxKtoRatio):0.##}.";
    }
}
