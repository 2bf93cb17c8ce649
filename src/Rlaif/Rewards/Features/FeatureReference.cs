using System.Text.Json.Serialization;
using Rlaif.Decisions;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Features;

/// <summary>
/// Where the market features of the training contexts lay, for comparison with later ones: how many values fell between the training
/// deciles, in each of up to <see cref="MaxStretches"/> stretches of time of equal length. The stretches tell how much a feature wanders
/// when nothing is wrong.
/// </summary>
internal sealed record FeatureReference
{
    private const int Quantiles = 10;
    private const int MaxStretches = 60;

    /// <summary>Day of the first training context.</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>Calendar days of a stretch.</summary>
    public required int StretchDays { get; init; }

    /// <summary>Every market feature that a training context carried, in ordinal order.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>By feature: what separates its bins, ascending. A value lies in the first bin whose edge it does not exceed, or in the last bin.</summary>
    public required double[][] Edges { get; init; }

    /// <summary>Contexts by feature, stretch and bin; the bin after the last one is that of missing values.</summary>
    public required int[][][] Counts { get; init; }

    /// <summary>Number of stretches.</summary>
    [JsonIgnore]
    public int Stretches => Counts.Length == 0 ? 0 : Counts[0].Length;

    /// <summary>Counts the contexts of the training side.</summary>
    public static FeatureReference Of(IReadOnlyList<DecisionContext> contexts, IReadOnlyList<string> names, WorkTeam team)
    {
        DateOnly first = contexts.Min(c => c.Date);
        int days = contexts.Max(c => c.Date).DayNumber - first.DayNumber + 1;
        int stretchDays = (days + MaxStretches - 1) / MaxStretches;
        int stretches = (days + stretchDays - 1) / stretchDays;
        double[][] edges = new double[names.Count][];
        int[][][] counts = new int[names.Count][][];
        team.Run(
            names.Count,
            i =>
            {
                double?[] values = [.. contexts.Select(c => FeatureBuilder.Read(c, names[i]))];
                edges[i] = EdgesOf([.. values.OfType<double>()]);
                counts[i] = [.. Enumerable.Range(0, stretches).Select(_ => new int[edges[i].Length + 2])];
                foreach ((DecisionContext context, double? value) in contexts.Zip(values))
                {
                    int stretch = (context.Date.DayNumber - first.DayNumber) / stretchDays;
                    counts[i][stretch][BinOf(edges[i], value)]++;
                }
            }
        );
        return new FeatureReference
        {
            FirstDate = first,
            StretchDays = stretchDays,
            Names = names,
            Edges = edges,
            Counts = counts,
        };
    }

    /// <summary>The bin of a value; the last for a missing one.</summary>
    public int BinOf(int feature, double? value) => BinOf(Edges[feature], value);

    private static int BinOf(double[] edges, double? value)
    {
        if (value is not { } known)
        {
            return edges.Length + 1;
        }

        int found = Array.BinarySearch(edges, known);
        return found >= 0 ? found : ~found;
    }

    /// <summary>Passes when the parts fit each other, as they may not in a file.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    public FeatureReference Checked()
    {
        bool fits =
            StretchDays > 0
            && Edges.Length == Names.Count
            && Counts.Length == Names.Count
            && Counts
                .Zip(Edges)
                .All(f => f.First.Length == Stretches && Array.TrueForAll(f.First, c => c.Length == f.Second.Length + 2))
            && Counts.All(f => f.All(s => s.All(c => c >= 0)));
        return fits ? this : throw new InvalidDataException("its counts of the training features do not fit each other");
    }

    private static double[] EdgesOf(double[] values)
    {
        if (values.Length == 0)
        {
            return [];
        }

        Array.Sort(values);
        double[] deciles =
        [
            .. Enumerable.Range(1, Quantiles - 1).Select(i => values[i * (values.Length - 1) / Quantiles]).Distinct(),
        ];
        // Below a lone edge there has to be a bin of its own, or a constant feature could fall without leaving its bin.
        return deciles.Length == 1 ? [Math.BitDecrement(deciles[0]), deciles[0]] : deciles;
    }
}
