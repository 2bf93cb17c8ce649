using CsCheck;
using Rlaif.Data.Documents;

namespace Rlaif.Tests.Data.Documents;

/// <summary>Documents for tests, of few words so that searches find many.</summary>
internal static class Library
{
    /// <summary>None of these is changed by the analyzer: a text is its words.</summary>
    public static readonly string[] Vocabulary =
    [
        "alpha",
        "bravo",
        "delta",
        "echo",
        "golf",
        "hotel",
        "india",
        "lima",
        "tango",
        "zulu",
    ];

    public static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static Document Document(
        string? symbol,
        double day,
        string title,
        string text = "",
        DocumentKind type = DocumentKind.News,
        string source = ""
    )
    {
        DateTimeOffset knownAt = Start.AddDays(day);
        return new Document
        {
            DocumentId = Rlaif.Data.Documents.Document.CreateId(symbol, knownAt, type, title, text),
            Symbol = symbol,
            KnownAt = knownAt,
            Type = type,
            Title = title,
            Source = source,
            Text = text,
        };
    }

    public static Gen<string> Words(int least, int most) =>
        Gen.OneOf(Vocabulary).Array[least, most].Select(w => string.Join(' ', w));

    /// <summary>Documents about A, B or all, on ten days; some say the same, some are several passages long.</summary>
    public static Gen<Document[]> Documents(int most) =>
        Gen.Select(
            Gen.OneOf("A", "B", null),
            Gen.Int[0, 9],
            Words(1, 3),
            Gen.Frequency((1, Gen.Const(string.Empty)), (4, Words(1, 12)), (1, Words(200, 400))),
            (symbol, day, title, text) => Document(symbol, day, title, text)
        ).Array[0, most];

    public static Gen<Document[]> Documents() => Documents(25);

    /// <summary>Everything about a result, scores to the last bit.</summary>
    public static string[] Print(IEnumerable<DocumentPassage> passages) =>
        [
            .. passages.Select(p =>
                $"{p.Document.DocumentId} {p.Index} {BitConverter.DoubleToInt64Bits(p.Score):x} {p.Document.KnownAt:u} {p.Text}"
            ),
        ];
}
