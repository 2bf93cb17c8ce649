using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>
/// The figures of a model on decisions that nothing was fitted to, as they are stored with it and printed: every number is finite, or null with
/// its reason in <see cref="Undefined"/>. Intervals are [lower, upper] by decision date, at 95% where nothing else is said.
/// </summary>
public sealed record ValidationFigures
{
    /// <summary>Pairs, unfiltered by margin.</summary>
    public required int Pairs { get; init; }

    /// <summary>Decision dates of the pairs.</summary>
    public required int Dates { get; init; }

    /// <summary>Consecutive dates that the intervals resample together: as many as lie within one holding window.</summary>
    public required int DatesPerBlock { get; init; }

    /// <summary>Share of pairs whose chosen side has the higher reward, ties counted half.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Interval of the accuracy.</summary>
    public required double[]? AccuracyCi { get; init; }

    /// <summary>Mean of -log sigmoid(reward gap), before the temperature; ln 2 = 0.6931 is a coin's.</summary>
    public required double LogLoss { get; init; }

    /// <summary>The same after it.</summary>
    public required double LogLossCalibrated { get; init; }

    /// <summary>Brier score before the temperature; 0.25 is a coin's.</summary>
    public required double Brier { get; init; }

    /// <summary>The same after it.</summary>
    public required double BrierCalibrated { get; init; }

    /// <summary>Expected calibration error before the temperature, a fraction.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>The same after it.</summary>
    public required double CalibrationErrorCalibrated { get; init; }

    /// <summary>The temperature, and the probabilities with it.</summary>
    public required CalibrationNumbers Calibration { get; init; }

    /// <summary>What choosing by reward loses against the best candidate of each context, in the unit of the outcome score.</summary>
    public required double? BestOfKRegret { get; init; }

    /// <summary>Interval of the regret.</summary>
    public required double[]? BestOfKRegretCi { get; init; }

    /// <summary>What the first candidate loses.</summary>
    public required double? BestOfKBaselineRegret { get; init; }

    /// <summary>Accuracy by pool.</summary>
    public required IReadOnlyDictionary<string, GroupNumbers> ByPool { get; init; }

    /// <summary>Accuracy by outcome margin in standard deviations of its noise.</summary>
    public required IReadOnlyDictionary<string, GroupNumbers> ByMargin { get; init; }

    /// <summary>Accuracy by symbol; a pair across symbols counts for both.</summary>
    public required IReadOnlyDictionary<string, GroupNumbers> BySymbol { get; init; }

    /// <summary>Accuracy by action of the chosen side.</summary>
    public required IReadOnlyDictionary<string, GroupNumbers> ByAction { get; init; }

    /// <summary>Accuracy by quarter, or by year when there are more than twelve quarters.</summary>
    public required IReadOnlyDictionary<string, GroupNumbers> ByPeriod { get; init; }

    /// <summary>Agreement in order of reward and outcome score.</summary>
    public required RankNumbers RankCorrelation { get; init; }

    /// <summary>Mean outcome score by reward, in bins of equally many candidates.</summary>
    public required IReadOnlyList<BinNumbers> OutcomeByReward { get; init; }

    /// <summary>Share of pairs ranked wrongly by disagreement of the members on the gap; empty for a single network.</summary>
    public required IReadOnlyList<BinNumbers> ErrorBySpread { get; init; }

    /// <summary>Accuracy of everything simpler on the same pairs, by name.</summary>
    public required IReadOnlyDictionary<string, double?> Baselines { get; init; }

    /// <summary>Their intervals.</summary>
    public required IReadOnlyDictionary<string, double[]?> BaselinesCi { get; init; }

    /// <summary>The model against the best of them.</summary>
    public required LeadNumbers Lead { get; init; }

    /// <summary>The runs whose results are known beforehand; null when they were not run.</summary>
    public required ControlNumbers? Controls { get; init; }

    /// <summary>What the interval of the accuracy allows to say.</summary>
    public required string Verdict { get; init; }

    /// <summary>What looks like a leak, a sentence each.</summary>
    public required IReadOnlyList<string> Alarms { get; init; }

    /// <summary>Why a figure is null, by its path.</summary>
    public IReadOnlyDictionary<string, string> Undefined { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Collects the figures of a trained model.</summary>
    public static ValidationFigures Of(LearnedModel learned)
    {
        ArgumentNullException.ThrowIfNull(learned);
        PairwiseAccuracy validation = learned.Validation;
        BaselineAccuracy best = learned.BaselineFigures[0];
        var figures = new ValidationFigures
        {
            Pairs = validation.Pairs,
            Dates = validation.Dates,
            DatesPerBlock = learned.DatesPerBlock,
            Accuracy = validation.Accuracy,
            AccuracyCi = validation.Interval?.ToArray(),
            LogLoss = validation.LogLoss,
            LogLossCalibrated = validation.Calibrated.LogLoss,
            Brier = validation.BrierScore,
            BrierCalibrated = validation.Calibrated.BrierScore,
            CalibrationError = validation.CalibrationError,
            CalibrationErrorCalibrated = validation.Calibrated.CalibrationError,
            Calibration = CalibrationNumbers.Of(learned),
            BestOfKRegret = learned.Regret?.Regret,
            BestOfKRegretCi = learned.Regret?.Interval?.ToArray(),
            BestOfKBaselineRegret = learned.Regret?.BaselineRegret,
            ByPool = Groups(
                validation.ByPool.Select(p => p.Value with { Group = JsonNamingPolicy.SnakeCaseLower.ConvertName($"{p.Key}") })
            ),
            ByMargin = Groups(learned.Breakdown.ByMargin),
            BySymbol = Groups(learned.Breakdown.BySymbol),
            ByAction = Groups(learned.Breakdown.ByAction),
            ByPeriod = Groups(learned.Breakdown.ByPeriod),
            RankCorrelation = RankNumbers.Of(learned.RankCorrelation),
            OutcomeByReward = [.. learned.OutcomeByReward.Select(BinNumbers.Of)],
            ErrorBySpread = [.. learned.ErrorBySpread.Select(BinNumbers.Of)],
            Baselines = ByName(learned, b => b.Accuracy, default(double?)),
            BaselinesCi = ByName(learned, b => b.Interval?.ToArray(), null),
            Lead = new LeadNumbers(best.Name, best.Lead, best.LeadInterval?.ToArray(), learned.AgainstBaselines),
            Controls = learned.Controls is { } controls ? ControlNumbers.Of(controls) : null,
            Verdict = learned.Verdict,
            Alarms = learned.Alarms,
        };
        return figures with { Undefined = Reasons(figures, learned) };
    }

    private static OrderedDictionary<string, GroupNumbers> Groups(IEnumerable<GroupAccuracy> groups) =>
        new(groups.Select(g => KeyValuePair.Create(g.Group, GroupNumbers.Of(g))), StringComparer.Ordinal);

    private static SortedDictionary<string, T> ByName<T>(LearnedModel learned, Func<BaselineAccuracy, T> value, T missing)
    {
        var byName = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (BaselineAccuracy baseline in learned.BaselineFigures)
        {
            byName[baseline.Name] = value(baseline);
        }

        foreach (string name in learned.MissingBaselines.Keys)
        {
            byName[name] = missing;
        }

        return byName;
    }

    private static SortedDictionary<string, string> Reasons(ValidationFigures figures, LearnedModel learned)
    {
        var reasons = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Walk(JsonSerializer.SerializeToNode(figures, RlaifJson.Compact)!, string.Empty);
        return reasons;

        void Walk(JsonNode node, string path)
        {
            IEnumerable<(string Name, JsonNode? Value)> children = node switch
            {
                JsonObject o => o.Select(p => (p.Key, p.Value)),
                JsonArray a => a.Select((v, i) => ($"{i}", v)),
                _ => [],
            };
            foreach ((string name, JsonNode? value) in children)
            {
                string child = path.Length == 0 ? name : $"{path}.{name}";
                if (value is null)
                {
                    reasons[child] = Reason(child, learned);
                }
                else
                {
                    Walk(value, child);
                }
            }
        }
    }

    private static string Reason(string path, LearnedModel learned) =>
        path.Split('.') switch
        {
            ["baselines" or "baselines_ci", var name] when learned.MissingBaselines.TryGetValue(name, out string? why) => why,
            ["best_of_k_regret" or "best_of_k_baseline_regret"] or ["best_of_k_regret_ci"] when learned.Regret is null =>
                "no validation context has two candidates with outcome scores",
            ["rank_correlation", ..] when learned.RankCorrelation is not { Spearman: not null } =>
                "all rewards or all outcome scores are equal, or there is none",
            ["controls"] => "not run: FullEvidence is off",
            ["controls", "future_features"] => "no pair has later decisions of its symbols",
            _ => "fewer than two independent blocks of decision dates",
        };
}
