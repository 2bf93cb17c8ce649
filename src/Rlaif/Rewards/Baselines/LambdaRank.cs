using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards.Baselines;

/// <summary>
/// LightGBM's LambdaRank on the reward model's numerical inputs: boosted trees that learn the order of the candidates of a group. Groups are those
/// of the pools (a context, a date, a symbol's window of days), labels the ranks of the outcome scores within a group. One thread and a fixed seed, so
/// that equal data give equal trees.
/// </summary>
internal sealed class LambdaRank
{
    /// <summary>Ranks are told apart up to this many; a larger group shares them out evenly.</summary>
    public const int MostRanks = 32;

    // Small trees: there are hundreds of decisions to learn from, not millions.
    private const int MostTrees = 200;
    private const int Leaves = 8;
    private const int FewestRowsPerLeaf = 20;
    private const double LearningRate = 0.05;
    private const int Patience = 20;
    private const int Bins = 63;

    /// <summary>LightGBM refuses larger groups.</summary>
    private const int LargestGroup = 10_000;

    private readonly MLContext _context;
    private readonly ITransformer _model;
    private readonly FeatureBuilder _features;

    private LambdaRank(MLContext context, ITransformer model, FeatureBuilder features)
    {
        _context = context;
        _model = model;
        _features = features;
    }

    /// <summary>Trains the trees.</summary>
    /// <param name="train">Candidates to learn from: those in training pairs.</param>
    /// <param name="stopping">Later candidates that decide how many trees; may be empty.</param>
    /// <param name="features">The inputs of the reward model, fitted on the same training pairs.</param>
    /// <param name="options">The pools, and the metric that ranks outcomes.</param>
    /// <param name="seed">Seed of the trees.</param>
    /// <exception cref="DllNotFoundException">LightGBM has no native library for this platform.</exception>
    /// <exception cref="NotEnoughDataException">No group has two candidates with different outcome scores, or the trees have nothing to split.</exception>
    public static LambdaRank Fit(
        IReadOnlyList<SettledCandidate> train,
        IReadOnlyList<SettledCandidate> stopping,
        FeatureBuilder features,
        PreferenceOptions options,
        int seed
    )
    {
        Row[] rows = RowsOf(train, features, options);
        Row[] later = RowsOf(stopping, features, options);
        if (rows.Length == 0)
        {
            throw new NotEnoughDataException("No group of training candidates has two with different outcome scores.");
        }

        var context = new MLContext(seed);
        var trainer = context.Ranking.Trainers.LightGbm(
            new LightGbmRankingTrainer.Options
            {
                LabelColumnName = nameof(Row.Label),
                FeatureColumnName = nameof(Row.Features),
                RowGroupColumnName = nameof(Row.Group),
                // A step in rank counts the same at the top and at the bottom, as it does in pairs.
                CustomGains = [.. Enumerable.Range(0, MostRanks)],
                NumberOfIterations = MostTrees,
                NumberOfLeaves = Leaves,
                MinimumExampleCountPerLeaf = FewestRowsPerLeaf,
                MaximumBinCountPerFeature = Bins,
                LearningRate = LearningRate,
                EarlyStoppingRound = later.Length == 0 ? 0 : Patience,
                HandleMissingValue = false,
                NumberOfThreads = 1,
                Deterministic = true,
                ForceRowWise = true,
                Seed = seed,
            }
        );
        IDataView data = Load(context, rows, features);
        IDataView? laterData = later.Length == 0 ? null : Load(context, later, features);
        try
        {
            ITransformer model = laterData is null ? trainer.Fit(data) : trainer.Fit(data, laterData);
            return new LambdaRank(context, model, features);
        }
        catch (ArgumentNullException e) when (e.ParamName == "items")
        {
            // Of trees that are one leaf each LightGBM writes nothing that ML.NET could read.
            throw new NotEnoughDataException(
                $"No split of the {rows.Length} training candidates has {FewestRowsPerLeaf} on either side and tells better from worse."
            );
        }
    }

    /// <summary>The scores of candidates, in their order; on no particular scale.</summary>
    public double[] Score(IReadOnlyList<SettledCandidate> candidates)
    {
        Row[] rows = [.. candidates.Select(c => new Row { Features = Build(_features, c) })];
        IEnumerable<float> scores = _model.Transform(Load(_context, rows, _features)).GetColumn<float>("Score");
        return [.. scores.Select(s => (double)s)];
    }

    private static Row[] RowsOf(IReadOnlyList<SettledCandidate> candidates, FeatureBuilder features, PreferenceOptions options)
    {
        var inputs = candidates.ToDictionary(c => c.Candidate.CandidateId, c => Build(features, c), StringComparer.Ordinal);
        var rows = new List<Row>();
        uint group = 0;
        foreach (SettledCandidate[] members in options.Pools.SelectMany(p => Groups(candidates, p, options)))
        {
            double[] scores = [.. members.Select(m => options.Metric.Score(m) ?? double.NaN)];
            double[] levels = [.. scores.Where(double.IsFinite).Distinct().Order()];
            if (levels.Length < 2)
            {
                continue;
            }

            group++;
            for (int i = 0; i < members.Length; i++)
            {
                if (double.IsFinite(scores[i]))
                {
                    int rank = Array.BinarySearch(levels, scores[i]) * Math.Min(MostRanks, levels.Length) / levels.Length;
                    rows.Add(
                        new Row
                        {
                            Features = inputs[members[i].Candidate.CandidateId],
                            Label = (uint)rank + 1,
                            Group = group,
                        }
                    );
                }
            }
        }

        return [.. rows];
    }

    private static IEnumerable<SettledCandidate[]> Groups(
        IReadOnlyList<SettledCandidate> candidates,
        PreferencePool pool,
        PreferenceOptions options
    ) =>
        candidates
            .GroupBy(c => (c.Context.RunId, Key(c, pool, options)))
            .SelectMany(g => g.Chunk(LargestGroup))
            .Where(g => g.Length > 1);

    private static string Key(SettledCandidate candidate, PreferencePool pool, PreferenceOptions options) =>
        pool switch
        {
            PreferencePool.SameContext => candidate.Context.ContextId,
            PreferencePool.SameDate => $"{candidate.Context.AsOf.UtcTicks}",
            _ => $"{candidate.Context.Symbol}/{candidate.Context.Date.DayNumber / options.SameSymbolWindowDays}",
        };

    private static float[] Build(FeatureBuilder features, SettledCandidate settled)
    {
        float[] row = new float[features.Schema.Columns.Count];
        features.Build(settled.Context, settled.Candidate, row);
        return row;
    }

    // Labels and groups are keys, which count from 1. Their types are stated here instead of mapped from values, so that a rank that
    // happens to be absent does not move the others. A key of one value would count as none, and the data as empty.
    private static IDataView Load(MLContext context, Row[] rows, FeatureBuilder features)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            features.Schema.Columns.Count
        );
        schema[nameof(Row.Label)].ColumnType = new KeyDataViewType(typeof(uint), MostRanks);
        schema[nameof(Row.Group)].ColumnType = new KeyDataViewType(typeof(uint), Math.Max(2, (int)rows.Max(r => r.Group)));
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row
    {
        public required float[] Features { get; init; }

        public uint Label { get; init; }

        public uint Group { get; init; }
    }
}
