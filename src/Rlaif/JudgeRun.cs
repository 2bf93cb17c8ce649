using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Decisions.Llm.Roles;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tuning;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>
/// Lets a judge compare candidates that are in the ledger, and records what it says. Which pairs those are depends on the seed and the
/// candidates alone, never on outcomes; a pair that was asked about is not asked about again.
/// </summary>
public sealed class JudgeRun
{
    private readonly Ledger _ledger;
    private readonly Judge _judge;
    private readonly JudgeOptions _options;

    /// <summary>Creates a run.</summary>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public JudgeRun(Ledger ledger, Judge judge, JudgeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(judge);
        (_ledger, _judge, _options) = (ledger, judge, (options ?? new JudgeOptions()).Validated());
    }

    /// <summary>How many pairs <see cref="RunAsync"/> would ask about; each takes two calls, and one more per repair.</summary>
    public async Task<int> CountPendingAsync(CancellationToken cancellationToken = default) =>
        (await PlanAsync(cancellationToken)).Pending.Count;

    /// <summary>Asks about the pairs that were not asked about yet.</summary>
    /// <param name="progress">Told how many pairs are done.</param>
    /// <param name="cancellationToken">Stops between two calls; what was judged by then is recorded.</param>
    public async Task<JudgeSummary> RunAsync(
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        (IReadOnlyList<Pair> pending, int skipped) = await PlanAsync(cancellationToken);
        if (pending.Any(p => IsMasked(p.Context)))
        {
            pending = Masked(pending, await SpokenTexts.LoadAsync(_ledger, cancellationToken));
        }

        int judged = 0;
        for (int start = 0; start < pending.Count; start += _options.Parallel)
        {
            Pair[] chunk = [.. pending.Skip(start).Take(_options.Parallel)];
            judged += await AskAsync(chunk, cancellationToken);
            progress?.Report(new ProgressUpdate("judge", start + chunk.Length, pending.Count));
        }

        IReadOnlyList<Judgement> all = await ReadJudgementsAsync(cancellationToken);
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(
            _ledger,
            cancellationToken: cancellationToken
        );
        var agreement = JudgeAgreement.Measure(all, settled, _options.Metric, new DeterministicRandom(_options.Seed));
        return new JudgeSummary
        {
            Judged = judged,
            Skipped = skipped,
            Failed = pending.Count - judged,
            Preferred = all.Count(j => j.PreferredId is not null),
            Ties = agreement.Ties,
            OrderDependent = agreement.OrderDependent,
            Agreement = agreement,
        };
    }

    // Who was masked when it decided is masked when it is judged: the records have the true names, what was said has the masked ones.
    private static Pair[] Masked(IEnumerable<Pair> pairs, SpokenTexts spoken) =>
        [.. pairs.Select(p => IsMasked(p.Context) ? new Pair(p.Context, AsSaid(p.A, spoken), AsSaid(p.B, spoken)) : p)];

    private static Candidate AsSaid(Candidate candidate, SpokenTexts spoken) =>
        spoken.Find(candidate.CandidateId) is { } said && CandidateReply.Words(said.Answer) is { } words
            ? candidate with
            {
                Analysis = words.Analysis,
                Reasoning = words.Reasoning,
            }
            : throw new InvalidDataException(
                $"Candidate {candidate.CandidateId} was proposed under replaced names, but the ledger does not hold what was said."
            );

    private static bool IsMasked(DecisionContext context) => context.Conditions?.Masked == true;

    // What was paid for is recorded even when another pair of the chunk ends in an error.
    private async Task<int> AskAsync(Pair[] chunk, CancellationToken cancellationToken)
    {
        Task<JudgeResult>[] asked = [.. chunk.Select(p => _judge.JudgeAsync(p.Context, p.A, p.B, cancellationToken).AsTask())];
        try
        {
            JudgeResult[] results = await Task.WhenAll(asked);
            return results.Count(r => r.Judgement is not null);
        }
        finally
        {
            var batch = new LedgerBatch();
            foreach (Task<JudgeResult> done in asked.Where(t => t.IsCompletedSuccessfully))
            {
                (await done).AddTo(batch);
            }

            await _ledger.AppendAsync(batch, CancellationToken.None);
        }
    }

    private async Task<(IReadOnlyList<Pair> Pending, int Skipped)> PlanAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<DecisionContext> contexts = await _ledger.ReadAsync<DecisionContext>(null, cancellationToken);
        ILookup<string, Candidate> candidates = (await _ledger.ReadAsync<Candidate>(null, cancellationToken)).ToLookup(c =>
            c.ContextId
        );
        HashSet<string> asked = [.. (await ReadJudgementsAsync(cancellationToken)).Select(j => j.JudgementId)];
        asked.UnionWith((await _ledger.ReadAsync<FailedReply>(null, cancellationToken)).Select(f => f.FailedReplyId));
        var random = new DeterministicRandom(_options.Seed);
        Pair[] drawn =
        [
            // In an order of chance, so that a limit takes contexts of all dates.
            .. contexts
                .Select(c => (Context: c, Random: random.Fork(c.ContextId)))
                .OrderBy(c => c.Random.NextBits())
                .SelectMany(c => Draw(c.Context, [.. candidates[c.Context.ContextId].OrderBy(x => x.Index)], c.Random)),
        ];
        Pair[] open =
        [
            .. drawn.Where(p => !asked.Contains(_judge.IdOf(p.A, p.B)) && !_judge.FailureIdsOf(p.A, p.B).Any(asked.Contains)),
        ];
        return ([.. open.Take(_options.MaxPairs ?? int.MaxValue)], drawn.Length - open.Length);
    }

    // Equal action and size is the same trade: which of two wordings of it is better says nothing that a model could choose by.
    private IEnumerable<Pair> Draw(DecisionContext context, Candidate[] candidates, DeterministicRandom random)
    {
        Pair[] different =
        [
            .. from i in Enumerable.Range(0, candidates.Length)
            from j in Enumerable.Range(i + 1, candidates.Length - i - 1)
            where (candidates[i].Action, candidates[i].PositionSize) != (candidates[j].Action, candidates[j].PositionSize)
            select new Pair(context, candidates[i], candidates[j]),
        ];
        random.Shuffle<Pair>(different);
        return different.Take(_options.PairsPerContext);
    }

    private async Task<IReadOnlyList<Judgement>> ReadJudgementsAsync(CancellationToken cancellationToken) =>
        [
            .. (await _ledger.ReadAsync<Judgement>(null, cancellationToken)).Where(j =>
                j.JudgementId == Judgement.CreateId(j.ContextId, j.FirstId, j.SecondId, _judge.PromptVersion, _judge.Model)
            ),
        ];

    private sealed record Pair(DecisionContext Context, Candidate A, Candidate B);
}
