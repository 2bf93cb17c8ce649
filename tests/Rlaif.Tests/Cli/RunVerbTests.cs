using System.Diagnostics;
using System.Text.Json;

namespace Rlaif.Tests.Cli;

public sealed class RunVerbTests : IDisposable
{
    private readonly CliHome _home = new();
    private string[] _replay = [];

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Run_Replay_TradesAndSaysSo()
    {
        await FillAsync();
        CliRun run = await _home.JsonAsync(_replay);
        Assert.Equal(
            "sessions,decisions,orders,fills,refusals,open_positions,closed_positions,account,differences,timing",
            CliRun.Fields(run.Json)
        );
        Assert.Equal(0, run.Json.GetProperty("differences").GetArrayLength());
        Assert.True(run.Json.GetProperty("closed_positions").GetInt32() > 0);
        CliRun orders = await _home.JsonAsync("orders");
        Assert.Equal(run.Json.GetProperty("orders").GetInt32(), orders.Json.GetProperty("orders").GetArrayLength());
        Assert.All(
            orders.Json.GetProperty("orders").EnumerateArray(),
            o => Assert.NotEqual(JsonValueKind.Null, o.GetProperty("status").ValueKind)
        );

        // Again: all is done already.
        string before = await _home.DumpAsync();
        await _home.JsonAsync(_replay);
        Assert.Equal(before, await _home.DumpAsync());
    }

    [Fact]
    public async Task Run_KilledAgainAndAgain_EndsInTheSameBooks()
    {
        await FillAsync();
        using var steady = new CliHome();
        Directory.CreateDirectory(steady.Root);
        File.Copy(_home.LedgerFile, steady.LedgerFile);
        await steady.JsonAsync(_replay);
        int kills = 0;
        for (int wait = 350; ; wait = wait * 5 / 4)
        {
            using Process process = CliProcess.Start([.. _replay, "--home", _home.Root]);
            if (process.WaitForExit(wait))
            {
                Assert.Equal(0, process.ExitCode);
                break;
            }

            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            kills++;
        }

        Assert.True(kills > 1, $"{kills} kills");
        Assert.Equal(await steady.DumpAsync(), await _home.DumpAsync());
        Assert.Equal(await CliHome.DumpAsync(Paper(steady)), await CliHome.DumpAsync(Paper(_home)));
    }

    [Fact]
    public async Task Kill_StopsTradingUntilResume()
    {
        await FillAsync();
        CliRun kill = await _home.JsonAsync("kill", "--reason", "news");
        Assert.Equal("halted,reason,at,flatten,cancelled,timing", CliRun.Fields(kill.Json));
        CliRun run = await _home.JsonAsync(_replay);
        Assert.Equal(0, run.Json.GetProperty("orders").GetInt32());
        Assert.True(run.Json.GetProperty("refusals").GetProperty("halted").GetInt32() > 0);
        CliRun orders = await _home.JsonAsync("orders");
        Assert.Equal("news", orders.Json.GetProperty("halted").GetProperty("reason").GetString());
        CliRun resume = await _home.JsonAsync("resume");
        Assert.Equal("news", resume.Json.GetProperty("was").GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, (await _home.JsonAsync("orders")).Json.GetProperty("halted").ValueKind);
        Assert.Equal(JsonValueKind.Null, (await _home.JsonAsync("resume")).Json.GetProperty("was").ValueKind);
    }

    [Fact]
    public async Task KillFile_StopsTradingAndResumeRemovesIt()
    {
        await FillAsync();
        string file = Path.Combine(_home.Root, "KILL");
        await File.WriteAllTextAsync(file, string.Empty);
        Assert.Equal(0, (await _home.JsonAsync(_replay)).Json.GetProperty("orders").GetInt32());
        Assert.Contains(
            "KILL",
            (await _home.JsonAsync("resume")).Json.GetProperty("was").GetProperty("reason").GetString(),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Run_WhileAnotherTrades_IsRefusedInALine()
    {
        await FillAsync();
        await using FileStream held = new(
            Path.Combine(_home.Root, "trading.lock"),
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.None
        );
        CliRun run = await _home.RunAsync(_replay);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Another process trades", run.Error, StringComparison.Ordinal);
        // A stop gets through all the same.
        CliRun kill = await _home.JsonAsync("kill");
        Assert.Equal(JsonValueKind.Null, kill.Json.GetProperty("cancelled").ValueKind);
    }

    [Theory]
    [InlineData("APCA_API_KEY_ID", "run")]
    [InlineData("--replay takes FROM..TO", "run", "--replay", "2024-01-02")]
    [InlineData("--replay takes FROM..TO", "run", "--replay", "2024-02-01..2024-01-01")]
    [InlineData("--hold is 1; it must be in 2..252", "run", "--replay", "2015-01-02..2016-01-01", "--hold", "1")]
    [InlineData("--speed is 0", "run", "--replay", "2015-01-02..2016-01-01", "--speed", "0")]
    public async Task Run_BadUsage_SaysWhatIsAllowed(string expected, params string[] args)
    {
        await FillAsync();
        CliRun run = await _home.RunAsync(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LimitsOfTheSettings_HoldOrdersBack()
    {
        await FillAsync();
        string config = _home.Write("limits.json", """{"risk":{"max_order_notional":1}}""");
        CliRun run = await _home.JsonAsync([.. _replay, "--config", config]);
        Assert.Equal(0, run.Json.GetProperty("orders").GetInt32());
        Assert.True(run.Json.GetProperty("refusals").GetProperty("max_order_notional").GetInt32() > 0);
        CliRun wrong = await _home.RunAsync([
            .. _replay,
            "--config",
            _home.Write("wrong.json", """{"risk":{"cash_reserve":7}}"""),
        ]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("CashReserve must be in 0..1", wrong.Error, StringComparison.Ordinal);
    }

    private static string Paper(CliHome home) => Path.Combine(home.Root, "paper.db");

    private async Task FillAsync()
    {
        DateOnly[] sessions = [.. (await _home.AddBarsAsync(340)).GetCalendar("AAA").Sessions];
        _replay = ["run", "--replay", $"{sessions[290]:yyyy-MM-dd}..{sessions[339]:yyyy-MM-dd}"];
    }
}
