using Rlaif.Decisions.Llm.Judging;

namespace Rlaif.Preferences;

/// <summary>
/// Pairs by what a judge thought of the reasoning, not by what the market did. Their metric is <see cref="Metric"/>, which no market
/// metric has, so the two kinds never mix unless they are asked to.
/// </summary>
public static class ProcessPreferences
{
    /// <summary>The metric of these pairs.</summary>
    public const string Metric = "process";

    // One judgement is the unit of the margin.
    private const double OneJudgement = 1;

    // However clear the votes: a judge is a model.
    private const double MaxConfidence = 0.95;

    /// <summary>
    /// One pair per two candidates that were judged to differ. The confidence is 0.5 + 0.5 times the share of principles that were decided
    /// for the chosen one in both orders, at most 0.95; with a share of 0 the pair weighs nothing. Where several judges (models or
    /// constitutions) looked at the same two and one of them disagrees or sees a tie there is no pair; where all agree the confidence is their mean.
    /// </summary>
    /// <returns>The pairs ordered by the moment they were known and by id.</returns>
    public static IReadOnlyList<PreferencePair> From(IEnumerable<Judgement> judgements)
    {
        ArgumentNullException.ThrowIfNull(judgements);
        return
        [
            .. judgements
                .GroupBy(j => (j.FirstId, j.SecondId))
                .Where(g => g.First().PreferredId is { } preferred && g.All(j => j.PreferredId == preferred))
                .Select(g => Pair([.. g]))
                .OrderBy(p => p.KnownAt)
                .ThenBy(p => p.PairId, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether a pair is one of these.</summary>
    internal static bool IsProcess(PreferencePair pair) => pair.Metric == Metric;

    private static PreferencePair Pair(Judgement[] agreed)
    {
        string chosen = agreed[0].PreferredId!;
        string rejected = chosen == agreed[0].FirstId ? agreed[0].SecondId : agreed[0].FirstId;
        return new PreferencePair
        {
            PairId = PreferencePair.CreateId(chosen, rejected, PreferencePool.SameContext, Metric),
            ChosenId = chosen,
            RejectedId = rejected,
            Pool = PreferencePool.SameContext,
            Metric = Metric,
            OutcomeMargin = OneJudgement,
            Confidence = agreed.Average(ConfidenceOf),
            KnownAt = agreed.Max(j => j.AsOf),
        };
    }

    private static double ConfidenceOf(Judgement judgement)
    {
        double share = (double)judgement.Principles.Values.Count(v => v == judgement.PreferredId) / judgement.Principles.Count;
        return Math.Min(MaxConfidence, 0.5 + (0.5 * share));
    }
}
