using System.Text;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

/// <summary>A home folder that lives as long as a test, with bars of a simulated market and the command line pointed at it.</summary>
internal sealed class CliHome : IDisposable
{
    public const string Index = "SPY";

    private readonly TempFolder _folder = new();

    public string Root => _folder.PathOf("home");

    public string LedgerFile => Path.Combine(Root, "rlaif.db");

    public string PathOf(string name) => _folder.PathOf(name);

    public string Write(string name, string content) => _folder.Write(name, content);

    public Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--home", Root]);

    /// <summary>Runs with <c>--json</c> and demands success.</summary>
    public async Task<CliRun> JsonAsync(params string[] args)
    {
        CliRun run = await RunAsync([.. args, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    /// <summary>Fills the home with a simulated market whose index bears a name that is known.</summary>
    public async Task<IMarketData> AddBarsAsync(int sessions = 320, params string[] symbols)
    {
        var market = SimulatedMarket.Create(
            new SimulationOptions { Sessions = sessions, Symbols = symbols.Length > 0 ? symbols : ["AAA", "BBB"] }
        );
        var series = new List<BarSeries>();
        foreach (string symbol in market.Symbols.Append(market.Benchmark!))
        {
            BarSeries bars = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue);
            string name = symbol == market.Benchmark ? Index : symbol;
            series.Add(new BarSeries(name, Enumerable.Range(0, bars.Count).Select(i => bars[i]), bars.Actions));
        }

        await using Ledger ledger = await Ledger.OpenAsync(LedgerFile);
        await new BarStore(ledger).AddAsync(series);
        return await new BarStore(ledger).LoadAsync();
    }

    /// <summary>Every record of the ledger in a canonical order: equal texts, equal ledgers.</summary>
    public static async Task<string> DumpAsync(string ledgerFile)
    {
        await using Ledger ledger = await Ledger.OpenAsync(ledgerFile);
        return await ledger.InTransactionAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "SELECT kind, id, parent_id, symbol, known_at, body FROM records ORDER BY kind, id";
                using var row = command.ExecuteReader();
                var text = new StringBuilder();
                while (row.Read())
                {
                    text.AppendJoin('|', Enumerable.Range(0, row.FieldCount).Select(i => $"{row.GetValue(i)}")).Append('\n');
                }

                return text.ToString();
            },
            CancellationToken.None
        );
    }

    public Task<string> DumpAsync() => DumpAsync(LedgerFile);

    public void Dispose() => _folder.Dispose();
}
