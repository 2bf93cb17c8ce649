// The guide's Example 1, the production loop: agents decide after each close, a broker trades, positions close by themselves, and every Monday at 02:00
// what has settled becomes pairs and a reward model, which picks among the agents' candidates from then on, if the gate lets it.
// A year and a half passes in seconds here, because a replay moves the clock; `rlaif run` is the same loop on the real one.
//
//   dotnet run -c Release --project examples/04-production-loop [-- FOLDER]
//
// docs/guide.md quotes the parts between "snippet" and "end"; a test keeps the two equal.
using Rlaif;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Examples;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Rewards;

const int Weeks = 78;
string home = args.Length > 0 ? args[0] : Path.Combine("data", "production-loop");
if (Directory.Exists(home))
{
    Directory.Delete(home, recursive: true);
}

// A simulated market with a planted edge, so that there is something to learn. Own bars: await CsvMarketData.LoadAsync("bars.csv").
SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Seed = 42 });
SessionCalendar calendar = market.GetCalendar("AAPL");
DateOnly first = calendar.Sessions[SimulatedMarket.WarmUpSessions];
var days = new DateRange(first, first.AddDays(7 * Weeks));
await using Ledger ledger = await Ledger.OpenAsync(Path.Combine(home, "rlaif.db"));
await using Ledger books = await Ledger.OpenAsync(Path.Combine(home, "paper.db"));
Console.WriteLine($"{market.Source}: {string.Join(", ", market.Symbols)}, {Weeks} weeks from {first:yyyy-MM-dd}");
Console.WriteLine("monday      decisions  closed      equity  learning");

// snippet: production-loop
var clock = new ReplayClock(new DateTimeOffset(days.From, TimeOnly.MinValue, TimeSpan.Zero)); // TimeProvider.System when it is real
using PaperBroker broker = await PaperBroker.OpenAsync(books, clock); // AlpacaBroker for an account there
var learning = new WeeklyLearning(ledger, new ModelRegistry(Path.Combine(home, "models"), clock), calendar, clock);
using var loop = new ProductionLoop(market, ManagerAgent.RuleBased(), ledger, broker, clock, market.Symbols)
{
    Guide = learning.GuideAsync, // asked before decisions are taken
    Learning = async (_, monday, cancellationToken) =>
    {
        (JobOutcome outcome, string text) = await learning.LearnAsync(cancellationToken);
        await TellAsync(monday, text);
        return (outcome, text);
    },
};
var replay = new Replay(loop, market, ledger, broker, clock, WeeklyTimetable.Create());
ReplayReport report = await replay.RunAsync(days);

// end
TrackerStats stats = await loop.GetStatsAsync();
string agreement =
    report.Differences.Count == 0 ? "agree" : "DIFFER: " + string.Join("; ", report.Differences.Select(d => d.Text));
Console.WriteLine();
Console.WriteLine(
    $"{report.Sessions} sessions, {report.Decisions} decisions, {report.Orders} orders, {report.Fills} fills, {report.Refusals.Values.Sum()} held back by limits"
);
Console.WriteLine(
    $"account: equity {report.Account.Equity:0.00} of 100000.00 at the start, cash {report.Account.Cash:0.00}, {report.OpenPositions} positions open"
);
Console.WriteLine(
    $"{stats.Closed} positions closed: win rate {100 * stats.WinRate:0.0}%, average return {100 * stats.AverageReturn:+0.00;-0.00}% after costs"
);
Console.WriteLine($"reconciliation: the broker's books and the ledger {agreement}");
Console.WriteLine(await Evidence.OfModelsAsync(ledger, clock.GetUtcNow()));
Console.WriteLine(
    "The market is simulated and its edge was planted: this shows that the machinery works, not that markets can be beaten."
);
return report.Differences.Count == 0 ? 0 : 1;

async Task TellAsync(DateTimeOffset monday, string text)
{
    int decisions = await ledger.CountAsync<TradingDecision>();
    int closed = await ledger.CountAsync<PositionClosed>();
    BrokerAccount account = await broker.GetAccountAsync();
    Console.WriteLine($"{monday:yyyy-MM-dd}  {decisions, 9}  {closed, 6}  {account.Equity, 10:0.00}  {text}");
}
