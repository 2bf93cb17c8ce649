using System.Text.Json;
using Rlaif.Data;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Spectre.Console;

namespace Rlaif.Cli;

/// <summary><c>rlaif status</c>.</summary>
internal sealed class StatusVerb()
    : Verb(
        "status",
        "What a home holds: bars, records, what is open, due and settled, pairs, runs and models. It only looks",
        "rlaif status --home ./data/rlaif"
    )
{
    public override string JsonFields =>
        "home, exists, size_bytes, bars{symbols,bars,first_date,last_date}, records{kind:count}, positions{pending,open,closed}, outcomes{settled,due,pending,failed{reason:count}}, preferences{total,by_pool{pool:count}}, runs[{run_id,purpose,symbols[],from,to,agents,model}], models[{version,created_at,status}], deployed{version,status,since} (what guided decisions use: the champion, else the newest version; since is null for one that was never promoted)|null, llm{total{"
        + UsageDocument.Fields
        + "},today{the same},by_role{role:the same},by_model{model:the same},budget{run_usd,day_usd,run_tokens,day_tokens}} (null before the first call), last_training{version,created_at,training_pairs,best_epoch,validation_loss,validation_accuracy}, "
        + TradingStatus.Fields;

    private sealed record BarCounts(int Symbols, int Bars, DateOnly? FirstDate, DateOnly? LastDate);

    private sealed record PositionCounts(int Pending, int Open, int Closed);

    private sealed record OutcomeCounts(int Settled, int Due, int Pending, IReadOnlyDictionary<string, int> Failed);

    private sealed record PairCounts(int Total, IReadOnlyDictionary<string, int> ByPool);

    private sealed record RunLine(
        string RunId,
        string Purpose,
        IReadOnlyList<string> Symbols,
        DateOnly From,
        DateOnly To,
        string Agents,
        string? Model
    );

    private sealed record Budget(decimal? RunUsd, decimal? DayUsd, long? RunTokens, long? DayTokens);

    private sealed record LlmStatus(
        UsageDocument Total,
        UsageDocument Today,
        IReadOnlyDictionary<string, UsageDocument> ByRole,
        IReadOnlyDictionary<string, UsageDocument> ByModel,
        Budget Budget
    );

    private sealed record ModelLine(string Version, DateTimeOffset CreatedAt, ModelStatus Status);

    private sealed record Deployed(string Version, ModelStatus Status, DateTimeOffset? Since);

    private sealed record Training(
        string Version,
        DateTimeOffset CreatedAt,
        int TrainingPairs,
        int BestEpoch,
        double? ValidationAccuracy,
        string? Verdict
    );

    private sealed record Status
    {
        public required string Home { get; init; }

        public required bool Exists { get; init; }

        public required long SizeBytes { get; init; }

        public BarCounts Bars { get; init; } = new(0, 0, null, null);

        public IReadOnlyDictionary<string, int> Records { get; init; } = new Dictionary<string, int>();

        public PositionCounts Positions { get; init; } = new(0, 0, 0);

        public OutcomeCounts Outcomes { get; init; } = new(0, 0, 0, new Dictionary<string, int>());

        public PairCounts Preferences { get; init; } = new(0, new Dictionary<string, int>());

        public IReadOnlyList<RunLine> Runs { get; init; } = [];

        public IReadOnlyList<ModelLine> Models { get; init; } = [];

        public Deployed? Deployed { get; init; }

        public LlmStatus? Llm { get; init; }

        public Training? LastTraining { get; init; }

        public TradingStatus? Trading { get; init; }
    }

    protected override async Task<int> RunAsync(CommandContext context)
    {
        Status status = await ModelsAsync(
            context,
            new Status
            {
                Home = context.Home.Root,
                Exists = Directory.Exists(context.Home.Root),
                SizeBytes = SizeOf(context.Home.Root),
            }
        );
        if (context.HasLedger)
        {
            status = await context.Output.ProgressAsync("looking", _ => LedgerAsync(context, status));
        }

        status = status with { Llm = await SpendingAsync(context) };
        context.Output.Result(status, console => Show(console, status));
        return ExitCode.Done;
    }

    private static async Task<Status> ModelsAsync(CommandContext context, Status status)
    {
        var registry = new ModelRegistry(context.Home.Models, context.Time);
        IReadOnlyList<ModelVersion> models = await registry.ListAsync(context.CancellationToken);
        ModelVersion? last = models.MaxBy(m => m.CreatedAt);
        return status with
        {
            Models = [.. models.Select(m => new ModelLine(m.Version, m.CreatedAt, m.Status))],
            Deployed = DeployedOf(models, registry.ReadHistory()),
            LastTraining = last is null
                ? null
                : new Training(
                    last.Version,
                    last.CreatedAt,
                    last.Report.TrainingPairs,
                    last.Report.BestEpoch,
                    last.Validation?["accuracy"]?.GetValue<double>(),
                    last.Validation?["verdict"]?.GetValue<string>()
                ),
        };
    }

    private static Deployed? DeployedOf(IReadOnlyList<ModelVersion> models, IReadOnlyList<ModelEvent> history)
    {
        ModelVersion? used =
            models.FirstOrDefault(m => m.Status == ModelStatus.Champion) ?? (models is [.., var newest] ? newest : null);
        ModelEvent? since = history.LastOrDefault(e =>
            e.Action is (ModelAction.Promote or ModelAction.Rollback) && e.Version == used?.Version
        );
        return used is null
            ? null
            : new Deployed(used.Version, used.Status, used.Status == ModelStatus.Champion ? since?.At : null);
    }

    private static async Task<Status> LedgerAsync(CommandContext context, Status status)
    {
        CancellationToken token = context.CancellationToken;
        Ledger ledger = await context.OpenLedgerAsync();
        var store = new BarStore(ledger);
        IReadOnlyList<StoredSymbol> symbols = await store.ListAsync(token);
        IMarketData market = await store.LoadAsync(token);
        TrackerStats positions = await new OutcomeTracker(market, ledger, context.Time).GetStatsAsync(token);
        // What could be settled now but is not yet is due.
        SettlementSummary backlog = await new OutcomeSettler(market).PreviewAsync(ledger, context.Time.GetUtcNow(), token);
        PreferenceStats pairs = await new PreferenceGenerator(ledger, clock: context.Time).GetStatsAsync(token);
        IReadOnlyList<RecordedRun> runs = await ledger.ReadAsync<RecordedRun>(cancellationToken: token);
        return status with
        {
            Trading = await TradingStatus.ReadAsync(ledger, context.Home, context.Time, token),
            Bars = new BarCounts(
                symbols.Count,
                symbols.Sum(s => s.Bars),
                symbols.Count == 0 ? null : symbols.Min(s => s.FirstDate),
                symbols.Count == 0 ? null : symbols.Max(s => s.LastDate)
            ),
            Records = await ledger.CountByKindAsync(token),
            Positions = new PositionCounts(positions.Pending, positions.Open, positions.Closed + positions.NeverFilled),
            Outcomes = new OutcomeCounts(pairs.Settled, backlog.Settled, backlog.Pending, backlog.Failed),
            Preferences = new PairCounts(
                pairs.Pairs,
                pairs.ByPool.ToDictionary(
                    p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Key.ToString()),
                    p => p.Value,
                    StringComparer.Ordinal
                )
            ),
            Runs = [.. runs.Select(r => new RunLine(r.RunId, r.Purpose, r.Symbols, r.From, r.To, r.Agents, r.Model))],
        };
    }

    private static async Task<LlmStatus?> SpendingAsync(CommandContext context)
    {
        if (!File.Exists(context.Home.Spend))
        {
            return null;
        }

        await using SpendBook book = await SpendBook.OpenAsync(context.Home.Spend, context.CancellationToken);
        LlmUsage all = await book.SummarizeAsync(cancellationToken: context.CancellationToken);
        var day = DateOnly.FromDateTime(context.Time.GetUtcNow().UtcDateTime);
        LlmUsage today = await book.SummarizeAsync(day, cancellationToken: context.CancellationToken);
        BudgetOptions budget = BudgetSettings.Read(context.Settings);
        return new LlmStatus(
            UsageDocument.Of(all.Total),
            UsageDocument.Of(today.Total),
            UsageDocument.ByRole(all),
            UsageDocument.ByModel(all),
            new Budget(budget.RunUsd, budget.DayUsd, budget.RunTokens, budget.DayTokens)
        );
    }

    private static long SizeOf(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length)
            : 0;

    private static void Show(IAnsiConsole console, Status s)
    {
        const double Mebibyte = 1024 * 1024;
        console.WriteLine(s.Exists ? $"home {s.Home}: {s.SizeBytes / Mebibyte:0.0} MiB" : $"home {s.Home}: not there yet");
        s.Trading?.Show(console);
        console.WriteLine(
            s.Bars.Symbols == 0
                ? "bars: none (rlaif data import PATH)"
                : $"bars: {s.Bars.Bars} of {s.Bars.Symbols} symbols, {s.Bars.FirstDate:yyyy-MM-dd} to {s.Bars.LastDate:yyyy-MM-dd}"
        );
        console.WriteLine($"records: {List(s.Records)}");
        console.WriteLine($"positions: {s.Positions.Open} open, {s.Positions.Pending} pending, {s.Positions.Closed} closed");
        console.WriteLine(
            $"candidates: {s.Outcomes.Settled} settled, {s.Outcomes.Due} due (rlaif outcomes settle), {s.Outcomes.Pending} pending; failed: {List(s.Outcomes.Failed)}"
        );
        console.WriteLine($"pairs: {s.Preferences.Total}; by pool: {List(s.Preferences.ByPool)}");
        foreach (RunLine run in s.Runs)
        {
            console.WriteLine(
                $"{run.Purpose} {run.RunId}: {string.Join(",", run.Symbols)} {run.From:yyyy-MM-dd} to {run.To:yyyy-MM-dd}, agents {run.Agents}, {(run.Model is null ? "static" : $"guided by {run.Model}")}"
            );
        }

        if (s.Llm is { } llm)
        {
            console.WriteLine(llm.Total.Words());
            console.WriteLine(
                $"of that today (UTC): {llm.Today.SpentUsd + llm.Today.ReservedUsd:0.0000} USD of {(llm.Budget.DayUsd is { } day ? $"{day:0.00}" : "no limit")}; a run may take {(llm.Budget.RunUsd is { } run ? $"{run:0.00} USD" : "any amount")}"
            );
        }

        if (s.Deployed is { } d)
        {
            console.WriteLine(
                d.Since is { } since
                    ? $"deployed model: {d.Version}, champion since {since:yyyy-MM-dd HH:mm} UTC"
                    : $"deployed model: {d.Version}, the newest; none was promoted yet (rlaif models promote {d.Version})"
            );
        }

        console.WriteLine(
            s.LastTraining is { } t
                ? $"reward models: {s.Models.Count}; last training {t.Version} at {t.CreatedAt:yyyy-MM-dd HH:mm} UTC on {t.TrainingPairs} pairs, accuracy on unseen pairs {(t.ValidationAccuracy is { } a ? $"{100 * a:0.0}%" : "not measured")}"
                : "reward models: none"
        );
    }

    private static string List(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"));
}
