namespace Rlaif.Rewards.Features;

/// <summary>
/// The numerical inputs of a reward model, by name and in order. It travels with the model, so that columns can never be mixed up.
/// </summary>
public sealed record FeatureSchema
{
    private const int NamesShown = 10;

    /// <summary>Creates a schema of these columns.</summary>
    /// <exception cref="ArgumentException">Two columns have the same name.</exception>
    public FeatureSchema(IReadOnlyList<FeatureColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice)
        {
            throw new ArgumentException($"Column {twice.Key} appears twice.", nameof(columns));
        }

        Columns = columns;
        Version = ContentId.Create("schema", [.. columns.SelectMany(c => new[] { c.Name, c.Unit })]);
    }

    /// <summary>The columns, in the order of the network's inputs.</summary>
    public IReadOnlyList<FeatureColumn> Columns { get; }

    /// <summary>Hash of names, units and order: equal schemas have equal versions.</summary>
    public string Version { get; }

    /// <summary>Passes when <paramref name="other"/> has the same columns in the same order.</summary>
    /// <exception cref="RlaifInputException">It has not; the message names the columns that only one side has, or the first that moved.</exception>
    public void RequireSame(FeatureSchema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Version == other.Version)
        {
            return;
        }

        string[] missing = [.. Columns.Except(other.Columns).Select(c => c.Name)];
        string[] unknown = [.. other.Columns.Except(Columns).Select(c => c.Name)];
        string difference = missing.Length + unknown.Length > 0 ? Describe(missing, unknown) : DescribeOrder(other);
        throw new RlaifInputException(
            $"The features do not fit the reward model (schema {Version}, got {other.Version}): {difference}."
        );
    }

    /// <summary>Words for the names that only one side has.</summary>
    internal static string Describe(IReadOnlyCollection<string> missing, IReadOnlyCollection<string> unknown)
    {
        var parts = new List<string>();
        if (missing.Count > 0)
        {
            parts.Add($"missing {List(missing)}");
        }

        if (unknown.Count > 0)
        {
            parts.Add($"unknown {List(unknown)}");
        }

        return string.Join("; ", parts);
    }

    private static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "");

    private string DescribeOrder(FeatureSchema other)
    {
        int moved = Enumerable.Range(0, Columns.Count).First(i => Columns[i] != other.Columns[i]);
        return $"the order differs from column {moved} on ({Columns[moved].Name}, got {other.Columns[moved].Name})";
    }
}
