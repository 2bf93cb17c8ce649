using System.Reflection;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>The names of large listed companies, indices and funds. Safe to use from any thread.</summary>
internal static class CompanyNames
{
    private const string ResourceName = "Rlaif.Decisions.Llm.Masking.company-names.tsv";
    private const char IndexMark = '^';
    private const char OrdinaryMark = '~';

    private static readonly Lazy<List<IssuerName>> Loaded = new(Load);

    private static readonly Lazy<NameTable> LoadedTable = new(() => new NameTable(All));

    private static readonly Lazy<IReadOnlyList<Issuer>> LoadedIssuers = new(() => [.. All.Select(n => n.Issuer).Distinct()]);

    private static readonly Lazy<IReadOnlyDictionary<string, Issuer>> ByTicker = new(() =>
        All.Where(n => n.IsTicker).ToDictionary(n => n.Key, n => n.Issuer, StringComparer.Ordinal)
    );

    /// <summary>Every ticker and name, in the order of the table.</summary>
    internal static IReadOnlyList<IssuerName> All => Loaded.Value;

    /// <summary>The same, to be looked up.</summary>
    internal static NameTable Table => LoadedTable.Value;

    /// <summary>All issuers, in the order of the table.</summary>
    internal static IReadOnlyList<Issuer> Issuers => LoadedIssuers.Value;

    /// <summary>The S&amp;P 500 with the funds that follow it.</summary>
    internal static Issuer Market => All[0].Issuer;

    /// <summary>The issuer of a symbol, however its share class is joined (<c>BRK.B</c>, <c>BRK-B</c>); null when the table has none.</summary>
    internal static Issuer? Find(string symbol) => ByTicker.Value.GetValueOrDefault(IssuerName.KeyOf(symbol));

    private static List<IssuerName> Load()
    {
        using Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"The resource {ResourceName} is not in the assembly.");
        using var reader = new StreamReader(stream);
        var names = new List<IssuerName>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                names.AddRange(Read(line));
            }
        }

        return names;
    }

    private static IEnumerable<IssuerName> Read(string line)
    {
        bool isIndex = line.StartsWith(IndexMark);
        string[] columns = line.TrimStart(IndexMark).Split('\t');
        string[] tickers = columns[0].Split(',', StringSplitOptions.RemoveEmptyEntries);
        string[] names = columns[1].Split('|');
        var issuer = new Issuer([.. tickers.Select(t => t.TrimStart(OrdinaryMark))], names[0].TrimStart(OrdinaryMark), isIndex);
        return
        [
            .. tickers.Select(t => new IssuerName(issuer, t.TrimStart(OrdinaryMark), true, t.StartsWith(OrdinaryMark))),
            .. names.Select(n => new IssuerName(issuer, n.TrimStart(OrdinaryMark), false, n.StartsWith(OrdinaryMark))),
        ];
    }
}
