namespace Rlaif.Data.Indicators;

/// <summary>
/// What a snapshot says in numbers: a fixed list of named features, each a pure function of the snapshot. All are free of scale (no
/// price levels, no share counts), so neither the currency nor a split, past or later, changes them. Fractions, never percent, except the
/// oscillators that are defined from 0 to 100.
/// </summary>
public static class MarketFeatures
{
    private const int VersionLength = 12;

    /// <summary>The features, in the order in which <see cref="Compute"/> gives them.</summary>
    public static IReadOnlyList<FeatureDefinition> Schema { get; } =
    [
        .. Define(PriceFeatures.All),
        .. Define(IndicatorFeatures.All),
        .. Define(BenchmarkFeatures.All),
        .. Define(NewsFeatures.All),
        .. Define(FundamentalFeatures.All),
    ];

    /// <summary>A short hash of the names and units in order: equal versions mean that the numbers can be compared.</summary>
    public static string SchemaVersion { get; } =
        ContentId.Sha256(string.Join('\n', Schema.Select(f => $"{f.Name}|{f.Unit}")))[..VersionLength];

    /// <summary>
    /// Every feature of the schema, in its order; null where the history is too short or the feature is not defined (a constant price has
    /// no correlation). Values are finite. Safe to call from any thread.
    /// </summary>
    public static IReadOnlyDictionary<string, double?> Compute(MarketSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var values = new OrderedDictionary<string, double?>(Schema.Count, StringComparer.Ordinal);
        Add(values, PriceFeatures.All, new PriceInputs(snapshot.Bars));
        Add(values, IndicatorFeatures.All, new IndicatorInputs(snapshot.Bars));
        Add(values, BenchmarkFeatures.All, new BenchmarkInputs(snapshot.Bars, snapshot.Benchmark));
        Add(values, NewsFeatures.All, snapshot);
        Add(values, FundamentalFeatures.All, new FundamentalInputs(snapshot));
        return values;
    }

    private static IEnumerable<FeatureDefinition> Define<T>(IEnumerable<Feature<T>> features) =>
        features.Select(f => new FeatureDefinition(f.Name, f.Unit, f.Description));

    private static void Add<T>(OrderedDictionary<string, double?> values, Feature<T>[] features, T inputs)
    {
        foreach (Feature<T> feature in features)
        {
            double value = feature.Value(inputs);
            values.Add(feature.Name, double.IsFinite(value) ? value : null);
        }
    }
}
