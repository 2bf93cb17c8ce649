using Rlaif.Data;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif.Cli;

/// <summary>What a demo found.</summary>
internal sealed record DemoResult
{
    public required IMarketData Market { get; init; }

    public required int Bars { get; init; }

    public required DateOnly FirstDate { get; init; }

    public required DateOnly LastDate { get; init; }

    public required GenerationReport Baseline { get; init; }

    public required GenerationReport Guided { get; init; }

    public required DemoFiles Files { get; init; }

    /// <summary>The model that guided: trained and measured before the guided decisions were made.</summary>
    public LearnedModel Judged => Baseline.Learned;

    public int Decisions => Baseline.Decided.Count + Guided.Decided.Count;

    public int Candidates => Baseline.Decided.Concat(Guided.Decided).Sum(d => d.Proposal.Candidates.Count);

    public required int Outcomes { get; init; }

    /// <summary>The document of <c>--json</c>.</summary>
    public object ToDocument() =>
        new
        {
            Input = new
            {
                Market.Source,
                Market.Symbols,
                Bars,
                FirstDate,
                LastDate,
            },
            Decisions,
            Candidates,
            Outcomes,
            Preferences = new { Guided.Preferences.Total, ByPool = ByPool(Guided.Preferences.ByPool) },
            Training = Training(),
            Ab = Comparison(),
            Files,
        };

    private object Training() =>
        new
        {
            PairsTrain = Judged.Training.TrainingPairs,
            PairsValidation = Judged.Validation.Pairs,
            EpochsRun = Judged.Training.History.Count,
            Judged.Training.BestEpoch,
            ValidationAccuracy = Judged.Validation.Accuracy,
            ValidationAccuracyCi = Interval(Judged.Validation.Interval),
            Judged.Validation.LogLoss,
            Judged.AttainableAccuracy,
            Judged.Baselines,
            Judged.Verdict,
        };

    private object? Comparison() =>
        Guided.Comparison is not { } comparison
            ? null
            : new
            {
                comparison.Decisions,
                comparison.BaselineMean,
                comparison.ImprovedMean,
                comparison.Difference,
                DifferenceCi = Interval(comparison.Interval),
                AttainableDifference = Guided.Attainable?.Difference,
                Verdict = comparison.Verdict.ToText(),
                comparison.Sentence,
            };

    private static double[]? Interval(BootstrapInterval? interval) => interval is null ? null : [interval.Lower, interval.Upper];

    private static SortedDictionary<string, int> ByPool(IReadOnlyDictionary<PreferencePool, int> pools) =>
        new(
            pools.ToDictionary(p => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Key.ToString()), p => p.Value),
            StringComparer.Ordinal
        );
}
