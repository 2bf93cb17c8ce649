using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>What a training run had to learn from, in figures.</summary>
public sealed record TrainingDataSummary
{
    private static readonly double[] Shares = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1];

    /// <summary>Decisions (contexts) with settled candidates.</summary>
    public required int Decisions { get; init; }

    /// <summary>Settled candidates.</summary>
    public required int Candidates { get; init; }

    /// <summary>Their symbols, in ordinal order.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>First decision date.</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>Last decision date.</summary>
    public required DateOnly LastDate { get; init; }

    /// <summary>Name of the metric that says which outcome is better.</summary>
    public required string Metric { get; init; }

    /// <summary>Pairs that were given.</summary>
    public required int PairsGiven { get; init; }

    /// <summary>Of those, kept for training, a judge's preferences included.</summary>
    public required int PairsTrain { get; init; }

    /// <summary>Of those, kept for deciding when to stop.</summary>
    public required int PairsStopping { get; init; }

    /// <summary>Pairs of the validation side, formed anew without a margin.</summary>
    public required int PairsValidation { get; init; }

    /// <summary>
    /// Possible pairs (for <c>metric_undefined</c>: candidates) that are none, by reason: what forming pairs leaves out
    /// (<see cref="PreferenceResult.Dropped"/>, under the options in force), and <c>cross_side</c>, <c>purged_or_embargoed</c>, <c>validation_side</c> of
    /// those that were given.
    /// </summary>
    public required IReadOnlyDictionary<string, long> Dropped { get; init; }

    /// <summary>Mean number of training pairs that a training decision is part of.</summary>
    public required double PairsPerDecisionMean { get; init; }

    /// <summary>Largest number of training pairs that a decision is part of.</summary>
    public required int PairsPerDecisionMax { get; init; }

    /// <summary>Outcome margins of the training pairs that the market made, in the metric's unit, at the shares 0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.</summary>
    public required IReadOnlyDictionary<string, double> MarginQuantiles { get; init; }

    /// <summary>Confidences of the training pairs at the same shares.</summary>
    public required IReadOnlyDictionary<string, double> ConfidenceQuantiles { get; init; }

    /// <summary>Share of each action among the candidates of the training pairs; they add up to 1.</summary>
    public required IReadOnlyDictionary<string, double> Actions { get; init; }

    /// <summary>Distinct texts of the candidates.</summary>
    public required int Texts { get; init; }

    /// <summary>Those of which the encoder reads the beginning alone.</summary>
    public required int TextsTruncated { get; init; }

    /// <inheritdoc cref="RewardModelMetadata.DataHash"/>
    public required string DataHash { get; init; }

    /// <summary>Counts.</summary>
    internal static TrainingDataSummary Of(
        IReadOnlyList<SettledCandidate> settled,
        int given,
        SplitPairs split,
        LearningSides sides,
        RewardModel model,
        PreferenceOptions options
    )
    {
        string[] texts = [.. settled.Select(s => RewardModel.TextOf(s.Candidate)).Distinct(StringComparer.Ordinal)];
        int[] perDecision =
        [
            .. sides
                .Train.Pairs.SelectMany(p =>
                    new[] { ContextOf(sides.Train, p.ChosenId), ContextOf(sides.Train, p.RejectedId) }.Distinct()
                )
                .CountBy(c => c)
                .Select(c => c.Value),
        ];
        return new TrainingDataSummary
        {
            Decisions = settled.DistinctBy(s => s.Context.ContextId, StringComparer.Ordinal).Count(),
            Candidates = settled.Count,
            Symbols = [.. settled.Select(s => s.Context.Symbol).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            FirstDate = settled.Min(s => s.Context.Date),
            LastDate = settled.Max(s => s.Context.Date),
            Metric = options.Metric.Name,
            PairsGiven = given,
            PairsTrain = sides.Train.Pairs.Count,
            PairsStopping = sides.Stopping.Pairs.Count,
            PairsValidation = sides.Validation.Pairs.Count,
            Dropped = DroppedOf(settled, split, options),
            PairsPerDecisionMean = perDecision.Average(),
            PairsPerDecisionMax = perDecision.Max(),
            MarginQuantiles = Quantiles(
                sides.Train.Pairs.Where(p => !ProcessPreferences.IsProcess(p)).Select(p => p.OutcomeMargin)
            ),
            ConfidenceQuantiles = Quantiles(sides.Train.Pairs.Select(p => p.Confidence)),
            Actions = sides
                .Train.Candidates.GroupBy(c => c.Candidate.Action)
                .OrderBy(g => g.Key)
                .ToDictionary(g => g.Key.ToString().ToLowerInvariant(), g => (double)g.Count() / sides.Train.Candidates.Count),
            Texts = texts.Length,
            TextsTruncated = texts.Count(model.Encoder.IsTruncated),
            DataHash = model.Metadata.DataHash,
        };
    }

    private static string ContextOf(PreferenceDataset data, string id) => data.Candidates[data.IndexOf(id)].Context.ContextId;

    private static SortedDictionary<string, long> DroppedOf(
        IReadOnlyList<SettledCandidate> settled,
        SplitPairs split,
        PreferenceOptions options
    )
    {
        const int FewestCandidates = 2;
        PreferenceResult formed = PreferenceGenerator.Generate(settled, options with { MinSamples = FewestCandidates });
        var dropped = new SortedDictionary<string, long>(formed.Dropped.ToDictionary(), StringComparer.Ordinal)
        {
            ["cross_side"] = split.CrossSide,
            ["purged_or_embargoed"] = split.Purged,
            ["validation_side"] = split.Validation.Count,
        };
        return dropped;
    }

    private static OrderedDictionary<string, double> Quantiles(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0)
        {
            return [];
        }

        return new OrderedDictionary<string, double>(
            Shares.Select(s => KeyValuePair.Create($"{s}", sorted[(int)Math.Round(s * (sorted.Length - 1))])),
            StringComparer.Ordinal
        );
    }
}
