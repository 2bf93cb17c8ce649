using System.Globalization;

namespace Rlaif.Data;

/// <summary>Which column of a file holds what.</summary>
internal sealed class BarHeader
{
    private const decimal SharesPerLot = 100;
    private const int LongestTicker = 8;
    private const decimal LeanPriceUnit = 0.0001m;

    private BarHeader(string[] names) => Names = names;

    internal string[] Names { get; }

    internal int Date { get; private init; }

    internal int Time { get; private init; } = -1;

    internal int Symbol { get; private init; } = -1;

    internal int Open { get; private init; }

    internal int High { get; private init; }

    internal int Low { get; private init; }

    internal int Close { get; private init; }

    internal int Volume { get; private init; } = -1;

    internal int Dividend { get; private init; } = -1;

    internal int Split { get; private init; } = -1;

    internal decimal PriceUnit { get; private init; } = 1;

    internal decimal VolumeUnit { get; private init; } = 1;

    /// <summary>Whether the first row is a bar already.</summary>
    internal bool IsHeaderless { get; private init; }

    /// <summary>Whether <c>.US</c> at the end of a symbol names the country and not an exchange.</summary>
    internal bool DropsCountry { get; private init; }

    /// <summary>The zone of local times when the column says so; null for the exchange's own.</summary>
    internal TimeZoneInfo? Zone { get; private init; }

    /// <summary>Finds the columns of a file, or says in <paramref name="problem"/> what is missing.</summary>
    internal static BarHeader? Create(string[] firstRow, BarFormat format, string file, out ImportProblem? problem)
    {
        problem = null;
        if (LooksLikeLean(firstRow) && format is BarFormat.Auto or BarFormat.Lean)
        {
            return Lean(firstRow.Length);
        }

        string[] names = [.. firstRow.Select(ColumnNames.Normalize)];
        problem = Refuse(firstRow, names, format, file);
        return problem is null ? Named(firstRow, names, format) : null;
    }

    private static BarHeader Named(string[] firstRow, string[] names, BarFormat format)
    {
        int volume = ColumnNames.Find(names, ColumnNames.Volume);
        int lots = ColumnNames.Find(names, ColumnNames.VolumeLots);
        int date = FindDate(names);
        int time = ColumnNames.Find(names, ColumnNames.Time);
        return new BarHeader(firstRow)
        {
            Date = date,
            Time = time == date || names[date] is not ("date" or "day" or "session") ? -1 : time,
            Symbol = ColumnNames.Find(names, ColumnNames.Symbol),
            Open = ColumnNames.Find(names, ColumnNames.Open),
            High = ColumnNames.Find(names, ColumnNames.High),
            Low = ColumnNames.Find(names, ColumnNames.Low),
            Close = ColumnNames.Find(names, ColumnNames.Close),
            Volume = volume >= 0 ? volume : lots,
            VolumeUnit = volume < 0 && lots >= 0 ? SharesPerLot : 1,
            Dividend = ColumnNames.Find(names, ColumnNames.Dividend),
            Split = ColumnNames.Find(names, ColumnNames.Split),
            DropsCountry = format == BarFormat.Stooq || firstRow.Any(n => n.StartsWith('<')),
            Zone = ZoneOf(names[date]),
        };
    }

    private static BarHeader Lean(int fields)
    {
        string[] names = ["date", "open", "high", "low", "close", "volume"];
        return new BarHeader(names)
        {
            Open = 1,
            High = 2,
            Low = 3,
            Close = 4,
            Volume = fields > 5 ? 5 : -1,
            PriceUnit = LeanPriceUnit,
            IsHeaderless = true,
        };
    }

    private static ImportProblem? Refuse(string[] firstRow, string[] names, BarFormat format, string file)
    {
        ImportProblem Problem(string? field, string rule) => new(file, 1, field, Shortened(firstRow), rule);
        if (format == BarFormat.Lean)
        {
            return Problem(null, "is not LEAN's layout: yyyyMMdd HH:mm and five whole numbers, without a header");
        }

        string[] missing = MissingPrices(names);
        if (FindDate(names) < 0)
        {
            return Problem("date", "is not a file of bars: its first row names no date column");
        }

        if (missing.Length == 4)
        {
            return Problem(string.Join(", ", missing), NoPrices(firstRow, names));
        }

        if (missing.Length > 0)
        {
            const string Why = "a decision fills at an open, and no price is made up";
            return Problem(string.Join(", ", missing), $"the columns {string.Join(", ", missing)} are missing; {Why}");
        }

        return format switch
        {
            BarFormat.Yahoo when ColumnNames.Find(names, ColumnNames.AdjustedClose) < 0 => Problem(
                "Adj Close",
                "is not Yahoo's layout: Adj Close is missing"
            ),
            BarFormat.Alpaca when ColumnNames.Find(names, ["timestamp", "t"]) < 0 => Problem(
                "timestamp",
                "is not Alpaca's layout: timestamp (or t) is missing"
            ),
            _ => null,
        };
    }

    private static string NoPrices(string[] firstRow, string[] names)
    {
        int date = FindDate(names);
        string[] others = [.. firstRow.Where((name, i) => i != date && name.Length > 0)];
        string[] tickers = [.. others.Where(IsTicker)];
        if (tickers.Length == 0 || tickers.Length * 2 < others.Length)
        {
            return "is not a file of bars: open, high, low and close are missing";
        }

        const int Shown = 3;
        string more = tickers.Length > Shown ? $" and {tickers.Length - Shown} more" : string.Empty;
        return $"the columns {string.Join(", ", tickers.Take(Shown))}{more} look like one closing price per symbol; open, high and low "
            + "are missing: a decision fills at an open, and no price is made up";
    }

    private static string[] MissingPrices(string[] names)
    {
        (string Name, string[] Aliases)[] needed =
        [
            ("open", ColumnNames.Open),
            ("high", ColumnNames.High),
            ("low", ColumnNames.Low),
            ("close", ColumnNames.Close),
        ];
        return [.. needed.Where(n => ColumnNames.Find(names, n.Aliases) < 0).Select(n => n.Name)];
    }

    // A data frame written with its index leaves the name of the first column blank.
    private static int FindDate(string[] names)
    {
        int found = Array.FindIndex(names, n => n.StartsWith("datetime_", StringComparison.Ordinal));
        found = found >= 0 ? found : ColumnNames.Find(names, ColumnNames.Date);
        return found < 0 && names[0] is "" or "index" or "unnamed:_0" ? 0 : found;
    }

    private static TimeZoneInfo? ZoneOf(string name) =>
        name switch
        {
            "datetime_utc" => TimeZoneInfo.Utc,
            "datetime_et" or "datetime_ny" => Exchange.Eastern,
            _ => null,
        };

    private static bool LooksLikeLean(string[] row) => row.Length is 5 or 6 && IsLeanDate(row[0]) && row.Skip(1).All(IsWhole);

    private static bool IsWhole(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static string Shortened(string[] row)
    {
        const int Longest = 120;
        string text = string.Join(',', row);
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    private static bool IsLeanDate(string text) =>
        DateTime.TryParseExact(text, "yyyyMMdd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsTicker(string text) =>
        text.Length is > 0 and <= LongestTicker
        && !char.IsAsciiDigit(text[0])
        && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || ".-^=".Contains(c, StringComparison.Ordinal));
}
