using System.Text.RegularExpressions;

namespace Rlaif.Data.Documents;

/// <summary>Turns named fields, wherever they come from, into documents. One with a problem is no document; all its problems are told.</summary>
/// <param name="file">The name of the file, for problems.</param>
/// <param name="options">What holds where the fields do not say.</param>
/// <param name="problems">Receives what is wrong.</param>
internal sealed partial class DocumentReader(string file, DocumentImportOptions options, List<ImportProblem> problems)
{
    /// <summary>Longer texts are refused, in UTF-16 units: about the length of ten novels.</summary>
    internal const int LongestText = 16_000_000;

    private const int LongestTitle = 1000;
    private const int TitleFromText = 120;
    private const int LongestShown = 40;

    private static readonly string[] SymbolNames = ["symbol", "ticker", "stock_symbol"];
    private static readonly string[] UtcNames = ["published_utc", "datetime_utc", "utc"];
    private static readonly string[] TimeNames =
    [
        "known_at",
        "published_at",
        "published_utc",
        "utc",
        "datetime_utc",
        "timestamp",
        "datetime",
        "published",
        "date",
        "time",
    ];
    private static readonly string[] TypeNames = ["type", "kind"];
    private static readonly string[] TitleNames = ["title", "headline", "article_title"];
    private static readonly string[] SourceNames = ["source", "publisher"];
    private static readonly string[] TextNames = ["text", "body", "content", "article", "summary", "description"];
    private static readonly HashSet<string> Known =
    [
        .. SymbolNames,
        .. TimeNames,
        .. TypeNames,
        .. TitleNames,
        .. SourceNames,
        .. TextNames,
    ];

    /// <summary>Whether a normalized name means something here.</summary>
    internal static bool IsKnown(string name) => Known.Contains(name);

    /// <summary>What of the names (normalized) is missing that every row needs, in words; null when nothing is.</summary>
    internal static string? Missing(IReadOnlyCollection<string> names) =>
        !names.Any(TimeNames.Contains) ? "has no column for the time of publication, such as published_at or date"
        : !names.Any(TitleNames.Contains) && !names.Any(TextNames.Contains) ? "has neither a title nor a text column"
        : null;

    /// <summary>Reads one document; null when it has a problem.</summary>
    /// <param name="fields">Texts by normalized name.</param>
    /// <param name="line">Where it stands; null when it is the whole file.</param>
    /// <param name="type">What it is where neither fields nor options say.</param>
    internal Document? Read(IReadOnlyDictionary<string, string> fields, int? line, DocumentKind type)
    {
        int before = problems.Count;
        string? symbol = Symbol(fields, line);
        DateTimeOffset knownAt = KnownAt(fields, line);
        type = Type(fields, line, type);
        string text = Find(fields, TextNames).Value?.Trim() ?? string.Empty;
        string title = Title(fields, line, text);
        if (title.Length == 0)
        {
            Tell(line, "title", null, "a title or a text is required");
        }

        if (text.Length > LongestText)
        {
            Tell(line, "text", null, $"must have at most {LongestText:N0} characters");
        }

        if (problems.Count > before)
        {
            return null;
        }

        return new Document
        {
            DocumentId = Document.CreateId(symbol, knownAt, type, title, text),
            Symbol = symbol,
            KnownAt = knownAt,
            Type = type,
            Title = title,
            Source = OneLine(Find(fields, SourceNames).Value),
            Text = text,
        };
    }

    /// <summary>Adds a problem.</summary>
    internal void Tell(int? line, string? field, string? value, string rule) =>
        problems.Add(
            new ImportProblem(file, line, field, value?.Length > LongestShown ? $"{value[..LongestShown]}..." : value, rule)
        );

    private string? Symbol(IReadOnlyDictionary<string, string> fields, int? line)
    {
        (string? name, string? value) = Find(fields, SymbolNames);
        string? symbol = (value ?? options.Symbol)?.Trim().ToUpperInvariant();
        if (symbol is not null && !BarFile.IsSymbol(symbol))
        {
            Tell(line, name ?? SymbolNames[0], symbol, BarFile.SymbolRule);
        }

        return symbol;
    }

    // A time that is missing or unreadable is never replaced by the time of the import.
    private DateTimeOffset KnownAt(IReadOnlyDictionary<string, string> fields, int? line)
    {
        (string? name, string? value) = Find(fields, TimeNames);
        if (name is null && line is null && options.Date is { } date)
        {
            return new DateRange(date, date).EndOfLastDay;
        }

        DateTimeOffset time = default;
        if (name is null)
        {
            Tell(line, line is null ? "date" : TimeNames[0], null, $"is required and {DocumentTime.Allowed}");
        }
        else if (!DocumentTime.TryParse(value!, UtcNames.Contains(name), out time))
        {
            Tell(line, name, value, DocumentTime.Allowed);
        }

        return time;
    }

    private DocumentKind Type(IReadOnlyDictionary<string, string> fields, int? line, DocumentKind type)
    {
        (string? name, string? value) = Find(fields, TypeNames);
        if (name is null)
        {
            return options.Type ?? type;
        }

        DocumentKind? found = value!.Trim().ToUpperInvariant() switch
        {
            "NEWS" => DocumentKind.News,
            "FILING" => DocumentKind.Filing,
            "NOTE" => DocumentKind.Note,
            _ => null,
        };
        if (found is null)
        {
            Tell(line, name, value, "must be news, filing or note");
        }

        return found ?? type;
    }

    private string Title(IReadOnlyDictionary<string, string> fields, int? line, string text)
    {
        (string? name, string? value) = Find(fields, TitleNames);
        string title = OneLine(value ?? text[..Math.Min(TitleFromText, text.Length)]);
        if (title.Length > LongestTitle)
        {
            Tell(line, name, title, $"must have at most {LongestTitle:N0} characters");
        }

        return title;
    }

    private static (string? Name, string? Value) Find(IReadOnlyDictionary<string, string> fields, string[] names)
    {
        foreach (string name in names)
        {
            if (fields.TryGetValue(name, out string? value) && !string.IsNullOrWhiteSpace(value))
            {
                return (name, value);
            }
        }

        return (null, null);
    }

    private static string OneLine(string? text) => text is null ? string.Empty : Space().Replace(text, " ").Trim();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
