using Rlaif.Data;
using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>
/// Brings decisions that were made elsewhere into the ledger, to be settled and learnt from like one's own. Each row is a candidate that its
/// agent accepted; rows with one <c>context_id</c> are candidates of one context. What the market looked like is taken from the bars that
/// were known at the decision; without bars it is unknown (the reference price is 0). Importing again adds nothing, and a context stays as it
/// was first recorded.
/// </summary>
/// <param name="ledger">Where the records go.</param>
/// <param name="market">Bars; null when there are none.</param>
/// <param name="time">The clock, after which nothing was decided or closed.</param>
/// <param name="options">Costs of outcomes that the file names, and the equity (default 100,000) that turns shares into fractions; null for the defaults.</param>
public sealed class DecisionImport(Ledger ledger, IMarketData? market, TimeProvider time, SettlementOptions? options = null)
{
    private const string SelectorPrefix = "import:";
    private const string Stage = "import";

    private readonly SettlementOptions _options = (options ?? new SettlementOptions()).Validated();

    /// <summary>Appends the good rows of a file in one transaction.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isStrict">Whether one problem or unknown field refuses the whole file.</param>
    /// <param name="progress">Told how many contexts are done.</param>
    /// <param name="cancellationToken">Cancels the import; nothing is written then.</param>
    public async Task<DecisionImportResult> ImportAsync(
        DecisionFile file,
        bool isStrict = false,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(file);
        using InvariantCulture culture = InvariantCulture.Enter();
        var work = new Work(file.Path);
        work.Problems.AddRange(file.Problems);
        if (isStrict)
        {
            work.Problems.AddRange(
                file.UnknownFields.Select(f => new ImportProblem(file.Path, null, f.Key, null, $"is unknown ({f.Value} rows)"))
            );
        }

        IGrouping<string, ReportedRow>[] contexts = [.. Consistent(file.Rows, work).GroupBy(ReportedContext.IdOf)];
        for (int done = 0; done < contexts.Length; done++)
        {
            await AddContextAsync(contexts[done].Key, [.. contexts[done]], work, cancellationToken);
            progress?.Report(new ProgressUpdate(Stage, done + 1, contexts.Length));
        }

        ImportProblem[] problems = [.. work.Problems.OrderBy(p => p.Line ?? 0)];
        if (isStrict && problems.Length > 0)
        {
            return new Work(file.Path).Result(problems);
        }

        await ledger.AppendAsync(work.Batch, cancellationToken);
        return work.Result(problems);
    }

    // Rows of one context answer one question: about one symbol, at one moment, in the same words and with the same facts.
    private static List<ReportedRow> Consistent(IReadOnlyList<ReportedRow> rows, Work work)
    {
        var first = new Dictionary<string, ReportedRow>(StringComparer.Ordinal);
        var good = new List<ReportedRow>();
        foreach (ReportedRow row in rows)
        {
            if (row.ContextId is null || first.TryAdd(row.ContextId, row))
            {
                good.Add(row);
                continue;
            }

            ReportedRow other = first[row.ContextId];
            string? field =
                row.Symbol != other.Symbol ? "symbol"
                : row.DecidedAt != other.DecidedAt ? "decided_at"
                : row.Prompt is not null && other.Prompt is not null && row.Prompt != other.Prompt ? "prompt"
                : row.Features.FirstOrDefault(f => other.Features.TryGetValue(f.Key, out double? v) && v != f.Value).Key
                    is { } name
                    ? $"features.{name}"
                : null;
            if (field is null)
            {
                good.Add(row);
            }
            else
            {
                work.Refuse(row, field, null, $"rows of one context_id must agree, and line {other.Line} says otherwise");
            }
        }

        return good;
    }

    private async Task AddContextAsync(
        string contextId,
        IReadOnlyList<ReportedRow> rows,
        Work work,
        CancellationToken cancellationToken
    )
    {
        string symbol = rows[0].Symbol;
        bool isKnown = market is not null && (market.Symbols.Contains(symbol) || market.Benchmark == symbol);
        MarketSnapshot? snapshot = isKnown ? await market!.GetSnapshotAsync(symbol, rows[0].DecidedAt, cancellationToken) : null;
        snapshot = snapshot is { Bars.Count: > 0 } ? snapshot : null;
        var query = new LedgerQuery { ParentId = contextId };
        List<Candidate> candidates = [.. await ledger.ReadAsync<Candidate>(query, cancellationToken)];
        DecisionContext? recorded = await ledger.FindAsync<DecisionContext>(contextId, cancellationToken);
        (ReportedRow Row, double Size)[] sized =
        [
            .. rows.Select(r => (Row: r, Size: SizeOf(r, snapshot, work)))
                .Where(r => r.Size is not null)
                .Select(r => (r.Row, r.Size!.Value)),
        ];
        (ReportedRow Row, double Size)[] good = [.. sized.Where(r => HasEntryPrice(r.Row, work))];
        if (good.Length == 0)
        {
            return;
        }

        DecisionContext context = recorded ?? ReportedContext.Build([.. good.Select(r => r.Row)], snapshot);
        if (recorded is null)
        {
            work.Batch.Add(context);
            work.Contexts++;
        }

        SessionCalendar? calendar = isKnown ? market!.GetCalendar(symbol) : null;
        foreach ((ReportedRow row, double size) in good)
        {
            Candidate candidate = AddCandidate(row, size, contextId, candidates, work);
            work.WithoutBars += snapshot is null ? 1 : 0;
            await AddOutcomeAsync(row, context, candidate, calendar, work, cancellationToken);
        }
    }

    private static Candidate AddCandidate(ReportedRow row, double size, string contextId, List<Candidate> candidates, Work work)
    {
        int next = candidates.Count == 0 ? 0 : candidates.Max(c => c.Index) + 1;
        Candidate candidate = ReportedContext.Candidate(row, size, contextId, next);
        if (candidates.Find(c => ReportedContext.SaysTheSame(c, candidate)) is { } known)
        {
            work.Known++;
            return known;
        }

        candidates.Add(candidate);
        work.Batch.Add(candidate).Add(TradingDecision.Accept(candidate, SelectorPrefix + row.Agent));
        work.Imported++;
        return candidate;
    }

    private async Task AddOutcomeAsync(
        ReportedRow row,
        DecisionContext context,
        Candidate candidate,
        SessionCalendar? calendar,
        Work work,
        CancellationToken cancellationToken
    )
    {
        if (row.Outcome is not { } reported || !work.Settled.Add(candidate.CandidateId))
        {
            return;
        }

        // The first outcome counts, wherever it came from.
        var query = new LedgerQuery { ParentId = candidate.CandidateId };
        if ((await ledger.ReadAsync<Outcome>(query, cancellationToken)).Count > 0)
        {
            return;
        }

        var result = new ReportedResult
        {
            EntryAt = reported.EntryAt ?? row.DecidedAt,
            EntryPrice = reported.EntryPrice!.Value,
            ExitAt = reported.ExitAt,
            ExitPrice = reported.ExitPrice,
            PriceHistory = reported.PriceHistory,
        };
        string decisionId = TradingDecision.Accept(candidate, SelectorPrefix + row.Agent).DecisionId;
        work.Batch.Add(
            Settlement.FromReport(context, candidate, result, time.GetUtcNow(), _options, calendar, decisionId, row.Quantity)
        );
        work.Outcomes++;
    }

    private double? SizeOf(ReportedRow row, MarketSnapshot? snapshot, Work work)
    {
        if (row.Quantity is not { } quantity)
        {
            return row.PositionSize ?? 0;
        }

        if (snapshot is null)
        {
            work.Refuse(row, "quantity", $"{quantity}", $"needs a price, and there are no bars of {row.Symbol} at decided_at");
            return null;
        }

        decimal size = quantity * snapshot.Bars.Last.Close / _options.Equity;
        if (size <= 1)
        {
            return (double)size;
        }

        work.Refuse(row, "quantity", $"{quantity}", $"is worth more than the equity of {_options.Equity:0}");
        return null;
    }

    private static bool HasEntryPrice(ReportedRow row, Work work)
    {
        if (row.Outcome is not { EntryPrice: null })
        {
            return true;
        }

        work.Refuse(row, "outcome.entry_price", null, "is required with an outcome: a price from before the decision is no fill");
        return false;
    }

    private sealed class Work(string path)
    {
        internal LedgerBatch Batch { get; } = new();

        internal List<ImportProblem> Problems { get; } = [];

        internal HashSet<string> Settled { get; } = new(StringComparer.Ordinal);

        internal int Imported { get; set; }

        internal int Known { get; set; }

        internal int Contexts { get; set; }

        internal int Outcomes { get; set; }

        internal int WithoutBars { get; set; }

        internal void Refuse(ReportedRow row, string field, string? value, string rule) =>
            Problems.Add(new ImportProblem(path, row.Line, field, value, rule));

        internal DecisionImportResult Result(IReadOnlyList<ImportProblem> problems) =>
            new()
            {
                Imported = Imported,
                Known = Known,
                Contexts = Contexts,
                Outcomes = Outcomes,
                WithoutBars = WithoutBars,
                Problems = problems,
            };
    }
}
