using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Cli;

public sealed class BacktestVerbTests : IDisposable
{
    private const string Measures =
        "total_return,annualized_return,volatility,sharpe,sortino,max_drawdown,calmar,turnover,costs,trades,win_rate";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    private static string WithoutTiming(CliRun run)
    {
        JsonObject json = JsonNode.Parse(run.Out)!.AsObject();
        json.Remove("timing");
        return json.ToJsonString();
    }

    [Fact]
    public async Task Backtest_Json_HasTheFieldsOfTheContract()
    {
        await _home.AddBarsAsync();
        JsonElement json = (
            await _home.JsonAsync(
                "backtest",
                "--symbols",
                "AAA",
                "--from",
                "2015-06-01",
                "--to",
                "2015-12-31",
                "--candidates",
                "3"
            )
        ).Json;
        Assert.Equal(
            "run_id,decisions,candidates,outcomes,pending,failed,decisions_seen_in_training,decisions_abstained,portfolio,benchmark,benchmark_symbols,equity,llm,timing",
            CliRun.Fields(json)
        );
        Assert.Equal(Measures, CliRun.Fields(json.GetProperty("portfolio")));
        Assert.Equal(Measures, CliRun.Fields(json.GetProperty("benchmark")));
        Assert.Equal("date,equity", CliRun.Fields(json.GetProperty("equity")[0]));
        int decisions = json.GetProperty("decisions").GetInt32();
        Assert.Equal(
            (3 * decisions, 3 * decisions, 0),
            (
                json.GetProperty("candidates").GetInt32(),
                json.GetProperty("outcomes").GetInt32(),
                json.GetProperty("pending").GetInt32()
            )
        );
        double last = json.GetProperty("equity").EnumerateArray().Last().GetProperty("equity").GetDouble();
        Assert.Equal(last - 1, json.GetProperty("portfolio").GetProperty("total_return").GetDouble(), 12);
        Assert.Equal(CliHome.Index, json.GetProperty("benchmark_symbols")[0].GetString());
        Assert.Equal(1, json.GetProperty("benchmark").GetProperty("trades").GetInt32());
    }

    [Fact]
    public async Task Backtest_CostsAndHold_AreThoseThatWereAskedFor()
    {
        await _home.AddBarsAsync();
        string[] args = ["backtest", "--symbols", "AAA", "--from", "2015-06-01", "--to", "2015-12-31"];
        JsonElement free = (await _home.JsonAsync([.. args, "--cost-bps", "0", "--hold", "3"])).Json;
        await using (Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile))
        {
            IReadOnlyList<Outcome> outcomes = await ledger.ReadAsync<Outcome>();
            Assert.All(outcomes, o => Assert.Equal(3, o.HoldDays));
            Assert.All(outcomes.Where(o => o.Action == TradeAction.Buy), o => Assert.Equal(0, o.Costs));
        }

        JsonElement dear = (await _home.JsonAsync([.. args, "--cost-bps", "50", "--hold", "3"])).Json;
        Assert.NotEqual(free.GetProperty("run_id").GetString(), dear.GetProperty("run_id").GetString());
        Assert.Equal(0, free.GetProperty("benchmark").GetProperty("costs").GetDouble());
        Assert.Equal(0.01, dear.GetProperty("benchmark").GetProperty("costs").GetDouble(), 0.002);
    }

    [Fact]
    public async Task Backtest_Threads_ChangeNeitherTheDocumentNorTheLedger()
    {
        using var other = new CliHome();
        await _home.AddBarsAsync();
        await other.AddBarsAsync();
        string one = WithoutTiming(await _home.JsonAsync("backtest", "--threads", "1"));
        string two = WithoutTiming(await other.JsonAsync("backtest", "--threads", "2"));
        Assert.Equal(one, two);
        Assert.Equal(await _home.DumpAsync(), await other.DumpAsync());
        // And again: a finished run is reported, nothing is added.
        Assert.Equal(one, WithoutTiming(await _home.JsonAsync("backtest", "--resume")));
        Assert.Equal(await other.DumpAsync(), await _home.DumpAsync());
    }

    [Fact]
    public async Task Backtest_MoreBars_SettleWhatWasPending()
    {
        await _home.AddBarsAsync(300);
        string[] args = ["backtest", "--from", "2016-02-01", "--to", "2016-03-08", "--every", "1"];
        JsonElement before = (await _home.JsonAsync(args)).Json;
        Assert.True(before.GetProperty("pending").GetInt32() > 0);
        await _home.AddBarsAsync(340);
        JsonElement after = (await _home.JsonAsync(args)).Json;
        Assert.Equal(before.GetProperty("run_id").GetString(), after.GetProperty("run_id").GetString());
        Assert.Equal(before.GetProperty("decisions").GetInt32(), after.GetProperty("decisions").GetInt32());
        Assert.Equal(0, after.GetProperty("pending").GetInt32());
        Assert.Equal(after.GetProperty("candidates").GetInt32(), after.GetProperty("outcomes").GetInt32());
    }

    [Fact]
    public async Task Backtest_CandidatesOfOthers_AreLeftAlone()
    {
        await _home.AddBarsAsync();
        await _home.JsonAsync("decide", "AAA", "--as-of", "2015-12-01");
        JsonElement json = (await _home.JsonAsync("backtest", "--symbols", "BBB", "--hold", "2")).Json;
        await using Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile);
        Assert.Equal(json.GetProperty("outcomes").GetInt32(), await ledger.CountAsync<Outcome>());
    }

    [Fact]
    public async Task Settle_CandidatesOfARun_AreSettledOnItsTerms()
    {
        await _home.AddBarsAsync(300);
        await _home.JsonAsync("backtest", "--from", "2016-02-01", "--every", "1", "--hold", "2");
        await _home.AddBarsAsync(340);
        JsonElement settled = (await _home.JsonAsync("outcomes", "settle")).Json;
        Assert.True(settled.GetProperty("settled").GetInt32() > 0);
        await using Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile);
        Assert.All(await ledger.ReadAsync<Outcome>(), o => Assert.Equal(2, o.HoldDays));
    }

    [Fact]
    public async Task Backtest_ForPeople_ShowsBothAccounts()
    {
        await _home.AddBarsAsync();
        CliRun run = await _home.RunAsync("backtest", "--from", "2015-10-01", "--to", "2015-12-31");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("buy and hold SPY", run.Out, StringComparison.Ordinal);
        Assert.Contains("Sharpe ratio (a year)", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "rules", "--agents", "gemini")]
    [InlineData(2, "ANTHROPIC_API_KEY", "--agents", "claude")]
    [InlineData(2, "Known symbols", "--symbols", "AAA,CCC")]
    [InlineData(2, "lies after", "--from", "2016-01-01", "--to", "2015-01-01")]
    [InlineData(2, "--every is 0; it must be in 1..252", "--every", "0")]
    [InlineData(2, "--hold is 0; it must be in 1..252", "--hold", "0")]
    [InlineData(2, "--cost-bps is -1; it must be in 0..1000", "--cost-bps", "-1")]
    [InlineData(3, "No decision is due", "--from", "2015-01-05", "--to", "2015-02-01")]
    [InlineData(3, "No decision is due", "--from", "2030-01-05", "--to", "2031-02-01")]
    [InlineData(3, "No reward model", "--guided", "v0001")]
    public async Task Backtest_WhatCannotBe_SaysWhyAndRecordsNothing(int exitCode, string words, params string[] args)
    {
        await _home.AddBarsAsync(300);
        CliRun run = await _home.RunAsync(["backtest", .. args]);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Empty(await _home.DumpAsync());
    }

    [Fact]
    public async Task Backtest_KilledAtSeveralMoments_EndsInTheSameLedger()
    {
        string[] symbols = ["AAA", "BBB"];
        string[] args = ["backtest", "--every", "1", "--candidates", "5"];
        using var whole = new CliHome();
        await whole.AddBarsAsync(320, symbols);
        string expected = WithoutTiming(await whole.JsonAsync(args));

        bool isMidway = false;
        for (int tries = 0; !isMidway && tries < 10; tries++)
        {
            // On a machine that is busy it may be done before anybody looks: once more then, from the beginning.
            if (tries > 0)
            {
                Directory.Delete(_home.Root, recursive: true);
            }

            await _home.AddBarsAsync(320, symbols);
            bool wasRunning = await KillAsync(args, async ledger => await ledger.CountAsync<DecisionContext>() >= 30);
            isMidway = wasRunning && await CountAsync<DecisionContext>() is >= 30 and <= 500;
        }

        Assert.True(isMidway);
        await KillAsync(args, async ledger => await ledger.CountAsync<DecisionContext>() >= 260);
        await KillAsync(args, async ledger => await ledger.CountAsync<Outcome>() > 0);
        Assert.True(await CountAsync<Outcome>() > 0);

        Assert.Equal(expected, WithoutTiming(await _home.JsonAsync(args)));
        Assert.Equal(await whole.DumpAsync(), await _home.DumpAsync());
    }

    private async Task<int> CountAsync<T>()
        where T : ILedgerRecord
    {
        await using Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile);
        return await ledger.CountAsync<T>();
    }

    /// <summary>Runs the command line as a process of its own and kills it as soon as its ledger says so; whether it was running still.</summary>
    private async Task<bool> KillAsync(string[] args, Func<Ledger, Task<bool>> isReached)
    {
        await using Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile);
        using Process process = CliProcess.Start([.. args, "--home", _home.Root, "--quiet", "--threads", "1"]);
        while (!process.HasExited && !await isReached(ledger))
        {
            // Looks again and again: a tight loop would take the processor from the one it watches.
            await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Interval));
        }

        bool wasRunning = !process.HasExited;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return wasRunning;
    }
}
