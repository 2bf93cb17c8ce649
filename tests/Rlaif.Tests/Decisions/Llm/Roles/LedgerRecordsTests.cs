using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class LedgerRecordsTests
{
    [Fact]
    public async Task RunAsync_OneThreadOrEight_WritesTheSameLedger()
    {
        string[] one = await RunAsync(1);
        string[] eight = await RunAsync(8);
        Assert.InRange(one.Length, 200, 5000);
        Assert.Equal(one, eight);
    }

    private static async Task<string[]> RunAsync(int threads)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var market = SimulatedMarket.Create(new SimulationOptions { Sessions = 300, Symbols = ["AAPL", "MSFT"] });
        IReadOnlyList<DateOnly> sessions = market.GetCalendar("AAPL").Sessions;
        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(
            market,
            market.Symbols,
            new DateRange(sessions[280], sessions[295]),
            5,
            token
        );
        // One persona never gets its reply right; one moment brings nothing at all.
        var team = new ScriptedTeam(asked =>
            asked.Persona == "value" ? "{\"action\":\"hold\"}"
            : asked.Text.Contains($"Brief for MSFT\nMoment: {moments[^1].AsOf:yyyy-MM-dd}", StringComparison.Ordinal) ? "no"
            : null
        );
        string path = Path.Combine(Path.GetTempPath(), $"rlaif-roles-{threads}-{Environment.ProcessId}.db");
        File.Delete(path);
        try
        {
            await using Ledger ledger = await Ledger.OpenAsync(path, token);
            var run = new DecisionRun(market, ManagerAgent.OnModels(team.Team), new FirstCandidate(), ledger);
            IReadOnlyList<DecidedContext> decided = await run.RunAsync("run", 0, moments, threads, null, token);
            Assert.Equal(moments.Count - 1, decided.Count);
            return
            [
                .. await LinesAsync<DecisionContext>(ledger),
                .. await LinesAsync<Candidate>(ledger),
                .. await LinesAsync<ModelCall>(ledger),
                .. await LinesAsync<CallText>(ledger),
                .. await LinesAsync<FailedReply>(ledger),
                .. await LinesAsync<TradingDecision>(ledger),
            ];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<IEnumerable<string>> LinesAsync<T>(Ledger ledger)
        where T : class, ILedgerRecord =>
        (await ledger.ReadAsync<T>(null, TestContext.Current.CancellationToken)).Select(r => ScriptedTeam.Json(r));
}
