using Rlaif.Data;
using Rlaif.Data.Indicators;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>Completes the candidates of a file with what the home knows of their moments, and scores them.</summary>
internal sealed class CandidateScoring
{
    private readonly CommandContext _context;
    private readonly RewardBlend _rewards;
    private readonly IMarketData? _market;

    private CandidateScoring(CommandContext context, RewardBlend rewards, IMarketData? market)
    {
        _context = context;
        _rewards = rewards;
        _market = market;
    }

    /// <summary>Scores the candidates of a file; in their order, each with its rank.</summary>
    /// <exception cref="NotEnoughDataException">No model was trained yet.</exception>
    /// <exception cref="RlaifInputException">The file, the version or the features do not fit.</exception>
    public static async Task<(string Version, IReadOnlyList<ScoredRow> Rows)> ScoreAsync(
        CommandContext context,
        string file,
        string? version
    )
    {
        IReadOnlyList<CandidateRow> rows = await CandidateFile.ReadAsync(file, context.CancellationToken);
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        (RewardBlend rewards, string name) = await DeployedModel.LoadAsync(context, registry, version);
        var scoring = new CandidateScoring(context, rewards, await context.FindImportedBarsAsync());
        return (name, await scoring.ScoreAsync(rows));
    }

    private async Task<IReadOnlyList<ScoredRow>> ScoreAsync(IReadOnlyList<CandidateRow> rows)
    {
        var candidates = new List<(DecisionContext Context, Candidate Candidate)>(rows.Count);
        foreach (CandidateRow row in rows)
        {
            candidates.Add(await CompleteAsync(row));
        }

        WarnOfGaps(candidates);
        foreach (RewardModel model in _rewards.Models)
        {
            await _context.EncodeAheadAsync(model.Encoder, candidates.Select(c => c.Candidate));
        }

        IReadOnlyList<RewardEstimate> estimates = _rewards.Estimate(candidates);
        double[] rewards = [.. estimates.Select(e => e.Reward)];
        int[] order = [.. Enumerable.Range(0, rewards.Length).OrderByDescending(i => rewards[i])];
        return
        [
            .. candidates.Select(
                (c, i) =>
                    new ScoredRow(
                        c.Candidate.CandidateId,
                        c.Candidate.Symbol,
                        c.Candidate.Action,
                        rewards[i],
                        _rewards.Models.Any(m => m.MemberCount > 1) ? estimates[i].Deviation : null,
                        Array.IndexOf(order, i) + 1
                    )
            ),
        ];
    }

    /// <summary>What the row says stands; what the model needs beyond it comes from the bars known at the moment, else it is missing.</summary>
    private async Task<(DecisionContext, Candidate)> CompleteAsync(CandidateRow row)
    {
        MarketSnapshot? snapshot =
            _market is not null && _market.Symbols.Contains(row.Symbol)
                ? await _market.GetSnapshotAsync(row.Symbol, row.DecidedAt, _context.CancellationToken)
                : null;
        IReadOnlyDictionary<string, double?> known = snapshot is { Bars.Count: > 0 }
            ? MarketFeatures.Compute(snapshot)
            : new Dictionary<string, double?>();
        var features = new SortedDictionary<string, double?>(row.Features.ToDictionary(), StringComparer.Ordinal);
        foreach (string name in _rewards.MarketFeatureNames.Where(n => !features.ContainsKey(n)))
        {
            features[name] = known.GetValueOrDefault(name);
        }

        return row.ToRecords(row.PositionSize ?? SizeOf(row, snapshot), features);
    }

    private static double SizeOf(CandidateRow row, MarketSnapshot? snapshot)
    {
        if (snapshot is not { Bars.Count: > 0 })
        {
            throw new RlaifInputException(
                $"row {row.Number} quantity: a number of shares needs the bars of {row.Symbol}; give position_size, or rlaif data import PATH."
            );
        }

        double equity = (double)new SettlementOptions().Equity;
        return Math.Min(1, row.Quantity!.Value * (double)snapshot.Bars.Last.Close / equity);
    }

    private void WarnOfGaps(List<(DecisionContext Context, Candidate Candidate)> candidates)
    {
        IReadOnlyList<string> names = _rewards.MarketFeatureNames;
        int gaps = candidates.Count(c => names.All(n => c.Context.Features[n] is null));
        if (gaps > 0)
        {
            _context.Output.Warn(
                $"{gaps} of {candidates.Count} candidates have no market features, in the file or from imported bars; all of them are scored as missing"
            );
        }
    }
}
