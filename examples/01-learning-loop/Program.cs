// The guide's six phases, each with the class that carries its name: decisions, outcomes, preferences, reward model, deployment, loop.
// Everything runs offline on a simulated market whose edge was planted, so there is something to learn and its size is known.
//
//   dotnet run -c Release --project examples/01-learning-loop [-- FOLDER]
//
// docs/guide.md quotes the parts between "snippet" and "end"; a test keeps the two equal.
using Rlaif;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Examples;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Selection;
using Rlaif.Tuning;
using Rlaif.Validation;

string home = args.Length > 0 ? args[0] : Path.Combine("data", "learning-loop");
if (Directory.Exists(home))
{
    Directory.Delete(home, recursive: true);
}

// snippet: setup
// Own bars instead: IMarketData market = await CsvMarketData.LoadAsync("bars.csv");
SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Seed = 42 });
ManagerAgent manager = ManagerAgent.RuleBased();
await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(home, "rlaif.db"));

// end

SessionCalendar calendar = market.GetCalendar("AAPL");
DateOnly firstDay = calendar.Sessions[SimulatedMarket.WarmUpSessions];
DateOnly lastDay = calendar.Sessions[^1];
DateOnly cut = calendar.Sessions[SimulatedMarket.WarmUpSessions + 700];
DateTimeOffset close = NyseCalendar.Hours(firstDay).Close;

Title("Phase 1: generate decisions");
var decisions = new List<TradingDecision>();

// snippet: phase-1
foreach (string symbol in market.Symbols)
{
    // What could be known at that close, and nothing later; the analysts debate it and the manager proposes five candidates.
    MarketSnapshot snapshot = await market.GetSnapshotAsync(symbol, close);
    Proposal proposal = await manager.AnalyzeAsync(snapshot, runId: "guide", generation: 0);

    // One candidate becomes the decision. All of them are recorded: the market will settle every one.
    TradingDecision decision = new FirstCandidate().Select(proposal);
    await ledger.AppendAsync(new LedgerBatch().Add(proposal.Context).AddRange(proposal.Candidates).Add(decision));
    decisions.Add(decision);
}

// end
foreach (TradingDecision d in decisions)
{
    Console.WriteLine(
        $"  {d.Symbol} {d.AsOf:yyyy-MM-dd} {d.Action.ToString().ToLowerInvariant()} {100 * d.PositionSize:0.0}% of equity"
    );
}

Title("Phase 2: track outcomes");

// snippet: phase-2
var clock = new SimulatedClock(close);
var tracker = new OutcomeTracker(market, ledger, clock, new SettlementOptions { HoldDays = 5 });
foreach (TradingDecision decision in decisions)
{
    await tracker.TrackDecisionAsync(decision, quantity: 100); // a hold opens no position
}

clock.Now = close.AddDays(3);
IReadOnlyList<Position> open = await tracker.GetOpenPositionsAsync();
clock.Now = close.AddDays(10);
IReadOnlyList<Position> closed = await tracker.UpdatePositionsAsync(); // five trading days have passed
TrackerStats stats = await tracker.GetStatsAsync();

// end
Console.WriteLine($"  {open.Count} open after three days, {closed.Count} closed after ten");
foreach (Position p in closed)
{
    Console.WriteLine($"  {p.Symbol} {p.Side}, {p.ExitReason}: {100 * p.NetReturn:+0.00;-0.00}% after costs");
}

Console.WriteLine($"  win rate {stats.WinRate:P0}, average return {stats.AverageReturn:P2}");

// A model needs more than five decisions: the same two phases over almost three years, several thousand candidates.
// snippet: history
var past = new DateRange(firstDay, cut);
IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(market, market.Symbols, past, everySessions: 5);
var run = new DecisionRun(market, manager, new FirstCandidate(), ledger);
await run.RunAsync("history", generation: 0, moments, threads: Environment.ProcessorCount);
SettlementSummary settlement = await new OutcomeSettler(market).SettleAsync(ledger, now: past.EndOfLastDay);
IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(ledger, runId: "history");

// end
Console.WriteLine(
    $"  {moments.Count} decisions with {settled.Count} settled candidates; {settlement.Pending} wait for their exit"
);

Title("Phase 3: generate preferences");

// snippet: phase-3
var generator = new PreferenceGenerator(ledger, new PreferenceOptions { Metric = ComparisonMetric.VolScaled });
PreferenceReport report = await generator.GeneratePreferencesAsync(minSamples: 10, runId: "history");
PreferenceDataset preferences = await generator.GetTrainingDataAsync(minConfidence: 0.5, runId: "history");

// end
Console.WriteLine($"  {report.Total} pairs: {string.Join(", ", report.ByPool.Select(p => $"{p.Key} {p.Value}"))}");

// snippet: guide-settings
// The guide's own settings: any two decisions on one symbol, return / (1 + |drawdown|), at least 5% apart.
var asInTheGuide = new PreferenceOptions
{
    Metric = ComparisonMetric.RiskAdjusted,
    Pools = [PreferencePool.SameSymbol],
    MinMargin = 0.05,
    MinSamples = 10,
};
PreferenceResult guidePairs = PreferenceGenerator.Generate(settled, asInTheGuide);

// A metric of your own is a delegate; null says that it cannot be computed, never zero.
ComparisonMetric own = ComparisonMetric.Custom(
    "return_by_confidence",
    s => s.Outcome.NetReturn * s.Candidate.Confidence / (1 + Math.Abs(s.Outcome.MaxDrawdown))
);
PreferenceResult ownPairs = PreferenceGenerator.Generate(settled, asInTheGuide with { Metric = own, MinMargin = 0.01 });

// Or a formula over the outcome, as --metric takes it; it can be stored by its name.
ComparisonMetric formula = ComparisonMetric.Parse("net_return - 2 * abs(max_drawdown)");
PreferenceResult byFormula = PreferenceGenerator.Generate(settled, asInTheGuide with { Metric = formula, MinMargin = 0.01 });

// end
Console.WriteLine($"  with the guide's settings {guidePairs.Pairs.Count}, with a custom metric {ownPairs.Pairs.Count}");

Title("Phase 4: train the reward model");

// snippet: phase-4
// Decisions are split by date before pairs are used: nothing of the later sides reaches the training.
PurgedSplit split = PurgedSplit.Create(settled, calendar);
SplitPairs sides = split.Apply(preferences.Pairs);
var trainer = new RewardModelTrainer(new RewardModelOptions(), new HashedTextEncoder(), new TrainingOptions());
TrainedRewardModel trained = trainer.Train(
    train: new PreferenceDataset(settled, sides.Train),
    stopping: new PreferenceDataset(settled, sides.Stopping)
);
string modelFile = Path.Combine(home, "models", "reward_model.safetensors");
await trained.Model.SaveAsync(modelFile);
RewardModel model = await RewardModel.LoadAsync(modelFile);

// Judge it on the latest decisions, on all pairs among them: a margin would keep the clear cases only and flatter the model.
SettledCandidate[] later = [.. settled.Where(s => split.PartOf(s.Context.ContextId) == SplitPart.Validation)];
var unseen = new PreferenceDataset(later, PreferenceGenerator.Generate(later, new PreferenceOptions { MinMargin = 0 }).Pairs);
double[] rewards = model.ScoreAll([.. unseen.Candidates.Select(c => (c.Context, c.Candidate))]);
PairwiseAccuracy accuracy = PairwiseAccuracy.Measure(unseen, rewards, new DeterministicRandom(42));

// end
foreach (EpochReport e in trained.Report.History)
{
    Console.WriteLine($"  epoch {e.Epoch}: loss {e.TrainLoss:0.0000}, on the stopping set {e.ValidationLoss:0.0000}");
}

Console.WriteLine($"  kept epoch {trained.Report.BestEpoch}; {trained.Report.Parameters} parameters");
Console.WriteLine(
    $"  accuracy on {accuracy.Pairs} unseen pairs {accuracy.Accuracy:P1} [{accuracy.Interval?.Lower:P1}, {accuracy.Interval?.Upper:P1}]"
);

Title("Phase 5, option A: fine-tuning data");

// snippet: phase-5a
var tuner = new RlaifFineTuner(new TuningOptions { OutputDirectory = Path.Combine(home, "finetuning") }, model.Score);
TuningFile dpo = await tuner.PrepareDpoTrainingDataAsync(preferences); // pairs of one context: both answers have one prompt
TuningFile best = await tuner.PrepareSupervisedTrainingDataAsync(settled); // the best candidate of each context

// end
Console.WriteLine($"  {dpo.Rows} rows in {dpo.File}");
Console.WriteLine($"  {best.Rows} rows in {best.File}");

Title("Phase 5, option B: guided inference");
DateTimeOffset now = NyseCalendar.Hours(cut).Close;

// snippet: phase-5b
MarketSnapshot today = await market.GetSnapshotAsync("NVDA", now);
Proposal candidates = await manager.AnalyzeAsync(today, runId: "guide", generation: 1);
IReadOnlyList<(Candidate Candidate, double Reward)> ranked = tuner.RerankDecisions(candidates);
TradingDecision guidedDecision = new BestOfN(model, version: "v0001").Select(candidates); // the same choice, recorded with its rewards

// end
foreach ((Candidate c, double reward) in ranked)
{
    string accepted = c.CandidateId == guidedDecision.CandidateId ? "  <- accepted" : "";
    Console.WriteLine(
        $"  {reward:+0.000;-0.000} {c.Stance}: {c.Action.ToString().ToLowerInvariant()} {100 * c.PositionSize:0.0}%{accepted}"
    );
}

Title("Phase 6: loop back");

// snippet: phase-6
// All of the above, twice: the agents decide alone first, then the model that they trained picks among their candidates.
await using Ledger fresh = await Ledger.OpenAsync(":memory:");
var loop = new LearningLoop(market, manager, fresh, new LearningOptions { EverySessions = 5, Seed = 42 });
GenerationReport baseline = await loop.RunGenerationAsync(new DateRange(firstDay, cut));
GenerationReport guided = await loop.RunGenerationAsync(new DateRange(cut.AddDays(1), lastDay));
Console.WriteLine($"  {baseline.Verdict}");
Console.WriteLine($"  {guided.Verdict}");
string page = await LearningReport.RenderAsync(market, [baseline, guided]);
await File.WriteAllTextAsync(Path.Combine(home, "report.html"), page);

// end
Title("Usage examples 2 and 3");
await UsageExamples.BacktestFromRecordsAsync(market);
await UsageExamples.CompareAsync(market, manager, model, new DateRange(cut.AddDays(1), lastDay));

static void Title(string text) => Console.WriteLine($"{Environment.NewLine}{text}");
