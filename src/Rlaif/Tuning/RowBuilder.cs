using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif.Tuning;

/// <summary>Chooses the examples of each task and counts what it leaves out, by reason.</summary>
internal sealed class RowBuilder(TuningOptions options, SpokenTexts spoken)
{
    // Steps of the margin, in standard deviations of the gap: below half a sigma it says nothing, from two on it is "significantly
    // better" (Llama 2, section 3.2.2). Outcomes are in other units than rewards, so the steps are all that carries over.
    private static readonly (double Sigmas, double Margin)[] MarginSteps = [(2, 1), (1, 2.0 / 3), (0.5, 1.0 / 3)];

    private readonly SortedDictionary<string, int> _dropped = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, int> Dropped => _dropped;

    /// <summary>Pairs as rows; with <paramref name="onePrompt"/>, only those whose two sides answer the same question.</summary>
    internal IReadOnlyList<TuningRow> Pairs(PreferenceDataset preferences, bool onePrompt)
    {
        var rows = new List<TuningRow>();
        foreach (PreferencePair pair in preferences.Pairs)
        {
            SettledCandidate chosen = preferences.Candidates[preferences.IndexOf(pair.ChosenId)];
            SettledCandidate rejected = preferences.Candidates[preferences.IndexOf(pair.RejectedId)];
            if (onePrompt && (pair.Pool != PreferencePool.SameContext || chosen.Context.ContextId != rejected.Context.ContextId))
            {
                Drop("cross_context");
            }
            else if (pair.Confidence < options.MinConfidence)
            {
                Drop("below_confidence");
            }
            else
            {
                rows.Add(PairRow(pair, chosen, rejected, onePrompt));
            }
        }

        return Finish(rows);
    }

    /// <summary>The best candidate of each context, where it clearly beat holding.</summary>
    internal IReadOnlyList<TuningRow> Best(IEnumerable<SettledCandidate> settled)
    {
        var rows = new List<TuningRow>();
        foreach (IGrouping<string, SettledCandidate> context in settled.GroupBy(s => s.Context.ContextId))
        {
            (SettledCandidate Settled, double? Score) best = context
                .Select(s => (Settled: s, Score: options.Metric.Score(s)))
                .OrderByDescending(s => s.Score ?? double.NegativeInfinity)
                .ThenBy(s => s.Settled.Candidate.Index)
                .First();
            if (best.Score is not { } score)
            {
                Drop("metric_undefined");
            }
            else if (score <= 0 || MarginOverHold(best.Settled, score) < MinMargin)
            {
                Drop("nothing_beats_hold");
            }
            else
            {
                rows.Add(SingleRow(best.Settled, label: true, score));
            }
        }

        return Finish(rows);
    }

    /// <summary>Single candidates, good where they beat holding and bad where holding beat them.</summary>
    internal IReadOnlyList<TuningRow> Labelled(IEnumerable<SettledCandidate> settled)
    {
        var rows = new List<TuningRow>();
        foreach (SettledCandidate item in settled)
        {
            if (item.Candidate.Action == TradeAction.Hold)
            {
                Drop("hold");
            }
            else if (options.Metric.Score(item) is not { } score)
            {
                Drop("metric_undefined");
            }
            else if (MarginOverHold(item, score) is var margin && (margin <= 0 || margin < MinMargin))
            {
                Drop("below_margin");
            }
            else
            {
                rows.Add(SingleRow(item, score > 0, score));
            }
        }

        return Finish(rows);
    }

    private double MinMargin => options.MinMargin ?? options.Metric.DefaultMinMargin;

    // Holding scores 0, so the score is the gap to it.
    private double MarginOverHold(SettledCandidate settled, double score) =>
        options.Metric.Margin(Math.Abs(score), settled.Outcome, settled.Outcome);

    // The shared message alone, also where there is room for two prompts: what told the candidates apart would tell which is which. Both
    // sides are as they were said or neither is, so that no model learns to tell them by their form.
    private TuningRow PairRow(PreferencePair pair, SettledCandidate chosen, SettledCandidate rejected, bool onePrompt)
    {
        SpokenText? better = spoken.Find(chosen.Candidate.CandidateId);
        SpokenText? worse = spoken.Find(rejected.Candidate.CandidateId);
        bool asSaid = better is not null && worse is not null && (!onePrompt || better.SharesPromptWith(worse));
        (SpokenText first, SpokenText second) = asSaid
            ? (better!, worse!)
            : (SpokenText.Rendered(chosen), SpokenText.Rendered(rejected));
        return new TuningRow
        {
            Main = chosen,
            System = first.System,
            Prompt = first.Shared,
            Answer = first.Answer,
            Rejected = second.Answer,
            RejectedSystem = second.System,
            RejectedPrompt = second.Shared,
            AsSaid = asSaid,
            VariationLeftOut = first.HasVariation || second.HasVariation,
            Margin = MarginSteps.FirstOrDefault(s => pair.Confidence >= PoolPairs.ConfidenceOf(s.Sigmas)).Margin,
            KnownAt = pair.KnownAt,
            Priority = pair.Confidence,
            Key = $"{chosen.Candidate.CandidateId}/{rejected.Candidate.CandidateId}",
        };
    }

    private TuningRow SingleRow(SettledCandidate settled, bool label, double score)
    {
        SpokenText? said = spoken.Find(settled.Candidate.CandidateId);
        SpokenText text = said ?? SpokenText.Rendered(settled);
        return new TuningRow
        {
            Main = settled,
            System = text.System,
            Prompt = text.Whole,
            Answer = text.Answer,
            AsSaid = said is not null,
            Label = label,
            KnownAt = settled.Outcome.KnownAt,
            Priority = Math.Abs(score),
            Key = settled.Candidate.CandidateId,
        };
    }

    // Leaves out what a trainer would choke on or learn nothing from, keeps the surest rows, and puts them in the order of time.
    private IReadOnlyList<TuningRow> Finish(IEnumerable<TuningRow> rows)
    {
        var seen = new HashSet<(string, string, string?, string, bool)>();
        var usable = new List<TuningRow>();
        foreach (TuningRow row in rows.OrderByDescending(r => r.Priority).ThenBy(r => r.Key, StringComparer.Ordinal))
        {
            if (
                string.IsNullOrWhiteSpace(row.Prompt)
                || (row.Rejected is not null && string.IsNullOrWhiteSpace(row.RejectedPrompt))
            )
            {
                Drop("empty_prompt");
            }
            else if (row.HasOnePrompt && row.Answer == row.Rejected)
            {
                Drop("same_answer");
            }
            else if (!seen.Add((row.Prompt, row.Answer, row.Rejected, row.RejectedPrompt, row.Label)))
            {
                Drop("duplicate");
            }
            else if (usable.Count >= options.MaxRows)
            {
                Drop("over_max");
            }
            else
            {
                usable.Add(row);
            }
        }

        return
        [
            .. usable
                .OrderBy(r => r.Main.Context.AsOf)
                .ThenBy(r => r.Main.Context.Symbol, StringComparer.Ordinal)
                .ThenBy(r => r.Key, StringComparer.Ordinal),
        ];
    }

    private void Drop(string reason) => _dropped[reason] = _dropped.GetValueOrDefault(reason) + 1;
}
