using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// What issuers are called at one moment. The decided one is <c>ASSET</c>, the market index <c>INDEX</c>; others have letters behind these, which
/// are dealt out anew for every moment, so that no letter comes to stand for a company.
/// </summary>
internal sealed class NeutralNames
{
    /// <summary>The decided symbol.</summary>
    internal const string Asset = "ASSET";

    /// <summary>The market index.</summary>
    internal const string Index = "INDEX";

    private const int Alphabet = 26;
    private const string UnitedStates = ".US";

    private readonly Dictionary<Issuer, string> _names = [];
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    internal NeutralNames(MarketSnapshot snapshot, IReadOnlyList<string> symbols, string? benchmark)
    {
        string[] all =
        [
            .. symbols.Append(snapshot.Symbol).Append(benchmark ?? snapshot.Symbol).Distinct().Order(StringComparer.Ordinal),
        ];
        Issuer[] unlisted = [.. all.Where(s => Find(s) is null).Select(Issuer.Unlisted)];
        Extra = new NameTable(
            unlisted.Select(TickerOf).Concat(all.Where(IsSuffixed).Select(s => new IssuerName(Find(s)!, s, true, false)))
        );
        Decided = IssuerOf(snapshot.Symbol, unlisted);
        Issuer market = benchmark is null ? CompanyNames.Market : IssuerOf(benchmark, unlisted);
        Add(Decided, Asset, snapshot.Symbol);
        Add(market, Index, benchmark ?? market.Label);
        ILookup<Issuer, string> spellings = all.ToLookup(s => IssuerOf(s, unlisted));
        var random = new DeterministicRandom(0).Fork($"{snapshot.Symbol}|{snapshot.AsOf.UtcTicks}");
        // The issuers of the table come first: a symbol more in the market does not rename them.
        Deal([.. CompanyNames.Issuers], spellings, random.Fork("table"));
        Deal(unlisted, spellings, random.Fork("market"));
    }

    /// <summary>The issuer of the decided symbol.</summary>
    internal Issuer Decided { get; }

    /// <summary>Names that the table does not have: those of symbols that it does not know.</summary>
    internal NameTable Extra { get; }

    /// <summary>The neutral name of an issuer.</summary>
    internal string Of(Issuer issuer) => _names[issuer];

    /// <summary>The ticker for which a neutral name stands; null when it is none.</summary>
    internal string? Restore(string neutral) => _labels.GetValueOrDefault(neutral);

    private static Issuer? Find(string symbol) =>
        CompanyNames.Find(symbol) ?? (IsSuffixed(symbol) ? CompanyNames.Find(Core(symbol)) : null);

    // AAPL.US is a spelling of AAPL.
    private static bool IsSuffixed(string symbol) =>
        symbol.EndsWith(UnitedStates, StringComparison.Ordinal) && CompanyNames.Find(Core(symbol)) is not null;

    private static string Core(string symbol) => symbol[..^UnitedStates.Length];

    private static Issuer IssuerOf(string symbol, Issuer[] unlisted) => Find(symbol) ?? unlisted.First(i => i.Name == symbol);

    private static IssuerName TickerOf(Issuer issuer) =>
        new(issuer, issuer.Name, isTicker: true, OrdinaryWords.Contains(issuer.Name));

    private void Add(Issuer issuer, string neutral, string label)
    {
        if (_names.TryAdd(issuer, neutral))
        {
            _labels.Add(neutral, label);
        }
    }

    private void Deal(Issuer[] issuers, ILookup<Issuer, string> spellings, DeterministicRandom random)
    {
        random.Shuffle(issuers.AsSpan());
        foreach (Issuer issuer in issuers.Where(i => !_names.ContainsKey(i)))
        {
            string letters = Letters(_names.Count - 1);
            Add(issuer, $"{(issuer.IsIndex ? Index : Asset)}-{letters}", spellings[issuer].FirstOrDefault() ?? issuer.Label);
        }
    }

    // B .. Z, AA .. ZZ, AAA ..: the bare name is the A.
    private static string Letters(int number)
    {
        string letters = string.Empty;
        for (int rest = number; rest >= 0; rest = (rest / Alphabet) - 1)
        {
            letters = (char)('A' + (rest % Alphabet)) + letters;
        }

        return letters;
    }
}
