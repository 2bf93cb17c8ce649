namespace Rlaif.Data;

/// <summary>The spellings under which columns are known. Compared after <see cref="Normalize"/>.</summary>
internal static class ColumnNames
{
    internal static readonly string[] Date =
    [
        "timestamp",
        "datetime",
        "datetime_et",
        "datetime_utc",
        "date",
        "t",
        "day",
        "session",
        "time",
    ];
    internal static readonly string[] ExDate = ["ex_date", "exdate", "date"];
    internal static readonly string[] Time = ["time"];
    internal static readonly string[] Symbol = ["symbol", "ticker", "sym", "ts_code", "s", "name"];
    internal static readonly string[] Open = ["open", "o"];
    internal static readonly string[] High = ["high", "h"];
    internal static readonly string[] Low = ["low", "l"];
    internal static readonly string[] Close = ["close", "c", "last"];
    internal static readonly string[] AdjustedClose = ["adj_close", "adjclose", "adjusted_close"];
    internal static readonly string[] Volume = ["volume", "vol", "v"];
    internal static readonly string[] VolumeLots = ["volume_lots"];
    internal static readonly string[] Dividend = ["dividend", "dividends", "dividend_amount", "cash_amount"];
    internal static readonly string[] Split = ["split", "splits", "stock_splits", "split_ratio", "split_coefficient"];

    /// <summary>Lower case, underscores for other separators, without brackets and leading numbers (<c>1. open</c>).</summary>
    internal static string Normalize(string name)
    {
        string bare = name.Trim().Trim('<', '>', '\uFEFF').ToLowerInvariant();
        int dot = bare.IndexOf(". ", StringComparison.Ordinal);
        if (dot > 0 && bare.AsSpan(0, dot).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            bare = bare[(dot + 2)..];
        }

        return bare.Replace(' ', '_').Replace('-', '_');
    }

    /// <summary>Position of the first alias that is among the normalized names; -1 when none is.</summary>
    internal static int Find(string[] normalized, string[] aliases)
    {
        foreach (string alias in aliases)
        {
            int index = Array.IndexOf(normalized, alias);
            if (index >= 0)
            {
                return index;
            }
        }

        return -1;
    }
}
