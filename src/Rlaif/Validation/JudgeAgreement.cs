using Rlaif.Decisions.Llm.Judging;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>
/// How often a judge preferred the candidate that the market then did. A judge is not asked to foresee the market, so half is the normal
/// figure; the counts add up: <see cref="Judged"/> is the sum of <see cref="Ties"/>, <see cref="OrderDependent"/>, <see cref="Unsettled"/>,
/// <see cref="MarketTies"/> and <see cref="Compared"/>.
/// </summary>
public sealed record JudgeAgreement
{
    private const double Chance = 0.5;

    /// <summary>The metric by which the market chose.</summary>
    public required string Metric { get; init; }

    /// <summary>Pairs that were judged.</summary>
    public required int Judged { get; init; }

    /// <summary>Of those: the judge saw no better one, in either order.</summary>
    public required int Ties { get; init; }

    /// <summary>Of those: the two orders gave different answers, so neither counts.</summary>
    public required int OrderDependent { get; init; }

    /// <summary>Of those: preferred, but a side is not settled or its score cannot be computed.</summary>
    public required int Unsettled { get; init; }

    /// <summary>Of those: preferred and settled, but the market rewarded both alike.</summary>
    public required int MarketTies { get; init; }

    /// <summary>Of those: preferred, settled, and different in outcome.</summary>
    public required int Compared { get; init; }

    /// <summary>Of the compared: dated before the judge's knowledge cutoff, so that its choice may be memory.</summary>
    public required int BeforeCutoff { get; init; }

    /// <summary>Decision dates of the compared.</summary>
    public required int Dates { get; init; }

    /// <summary>Share of the compared in which the market agreed, in [0, 1], 0.5 by chance; null when nothing was compared.</summary>
    public required double? Share { get; init; }

    /// <summary>
    /// Interval of the share by decision date, in blocks as long as the holding windows overlap; null with fewer than two independent blocks.
    /// </summary>
    public required BootstrapInterval? Interval { get; init; }

    /// <summary>
    /// Position bias: share of the answers naming a side that named the one shown first, both orders taken; without bias 0.5. Null when no
    /// answer named a side.
    /// </summary>
    public required double? FirstShare { get; init; }

    /// <summary><c>agrees with the market</c>, <c>not enough evidence</c> or <c>disagrees with the market</c>, by the interval.</summary>
    public string Verdict =>
        Interval switch
        {
            { Lower: > Chance } => "agrees with the market",
            { Upper: < Chance } => "disagrees with the market",
            _ => "not enough evidence",
        };

    /// <summary>Measures agreement.</summary>
    /// <param name="judgements">Judgements; each counts once.</param>
    /// <param name="settled">Settled candidates; those of other contexts do not matter.</param>
    /// <param name="metric">What "did better" means; any difference counts, without a smallest margin.</param>
    /// <param name="random">Seeds the interval.</param>
    public static JudgeAgreement Measure(
        IReadOnlyList<Judgement> judgements,
        IReadOnlyList<SettledCandidate> settled,
        ComparisonMetric metric,
        DeterministicRandom random
    )
    {
        Dictionary<string, SettledCandidate> byId = settled.ToDictionary(s => s.Candidate.CandidateId, StringComparer.Ordinal);
        Judgement[] preferred = [.. judgements.Where(j => j.PreferredId is not null)];
        (Judgement Judgement, double? Gap)[] gaps = [.. preferred.Select(j => (j, GapOf(j, byId, metric)))];
        (Judgement Judgement, double? Gap)[] compared = [.. gaps.Where(g => g.Gap is < 0 or > 0)];
        double[] hits = [.. compared.Select(c => c.Gap > 0 ? 1.0 : 0)];
        JudgeChoice[] sided = [.. judgements.SelectMany(j => j.Choices).Where(c => c != JudgeChoice.Tie)];
        return new JudgeAgreement
        {
            Metric = metric.Name,
            Judged = judgements.Count,
            Ties = judgements.Count(j => j.PreferredId is null && !j.OrderDependent),
            OrderDependent = judgements.Count(j => j.OrderDependent),
            Unsettled = gaps.Count(g => g.Gap is null),
            MarketTies = gaps.Count(g => g.Gap is 0),
            Compared = compared.Length,
            BeforeCutoff = compared.Count(c => c.Judgement.BeforeCutoff == true),
            Dates = compared.Select(c => DateOf(c.Judgement)).Distinct().Count(),
            Share = hits.Length == 0 ? null : hits.Average(),
            Interval = IntervalOf(hits, [.. compared.Select(c => byId[c.Judgement.FirstId])], random),
            FirstShare = sided.Length == 0 ? null : sided.Average(c => c == JudgeChoice.First ? 1.0 : 0),
        };
    }

    // The market's score of the judge's choice, minus that of the other.
    private static double? GapOf(Judgement judgement, Dictionary<string, SettledCandidate> byId, ComparisonMetric metric)
    {
        double? first = byId.TryGetValue(judgement.FirstId, out SettledCandidate? a) ? metric.Score(a) : null;
        double? second = byId.TryGetValue(judgement.SecondId, out SettledCandidate? b) ? metric.Score(b) : null;
        return judgement.PreferredId == judgement.FirstId ? first - second : second - first;
    }

    private static BootstrapInterval? IntervalOf(double[] hits, SettledCandidate[] items, DeterministicRandom random)
    {
        if (hits.Length == 0)
        {
            return null;
        }

        return ClusterBootstrap.OfShare(
            hits,
            [.. items.Select(i => i.Context.Date)],
            random.Fork("judge_agreement"),
            BootstrapOptions.ForDecisions(items)
        );
    }

    private static DateOnly DateOf(Judgement judgement) => DateOnly.FromDateTime(judgement.AsOf.UtcDateTime);
}
