using System.Text.Json;
using Rlaif.Data;

namespace Rlaif.Tests.Cli;

public sealed class DecideVerbTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Decide_Json_HasTheFieldsOfTheContract()
    {
        IMarketData market = await _home.AddBarsAsync();
        JsonElement decision = (await _home.JsonAsync("decide", "BBB", "AAA", "--candidates", "4")).Json.GetProperty("decisions")[
            0
        ];
        Assert.Equal(
            "decision_id,symbol,as_of,action,position_size,score,confidence,analysis,reasoning,reports,candidates,selector",
            CliRun.Fields(decision)
        );
        Assert.Equal(
            ("BBB", "first"),
            (decision.GetProperty("symbol").GetString(), decision.GetProperty("selector").GetString())
        );
        BarSeries bars = await market.GetBarsAsync("BBB", DateTimeOffset.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(bars[bars.Count - 1].CloseTime, decision.GetProperty("as_of").GetDateTimeOffset());
        Assert.Equal("role,score,confidence,analysis,reasoning", CliRun.Fields(decision.GetProperty("reports")[0]));
        Assert.Equal(4, decision.GetProperty("candidates").GetArrayLength());
        JsonElement first = decision.GetProperty("candidates")[0];
        Assert.Equal("candidate_id,action,position_size,score,confidence,reward", CliRun.Fields(first));
        Assert.Equal(JsonValueKind.Null, first.GetProperty("reward").ValueKind);
        Assert.Equal(decision.GetProperty("score").GetDouble(), first.GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task Decide_Again_AddsNothingAndAnswersTheSame()
    {
        await _home.AddBarsAsync();
        string[] args = ["decide", "AAA", "BBB", "--as-of", "2016-02-20"];
        JsonElement before = (await _home.JsonAsync(args)).Json;
        string ledger = await _home.DumpAsync();
        JsonElement after = (await _home.JsonAsync(args)).Json;
        Assert.Equal(ledger, await _home.DumpAsync());
        Assert.Equal(before.GetProperty("decisions").GetRawText(), after.GetProperty("decisions").GetRawText());
        // A Saturday: the last session was Friday's.
        Assert.StartsWith(
            "2016-02-19",
            before.GetProperty("decisions")[0].GetProperty("as_of").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Decide_MoreBarsLater_ChangeNothingThatWasDecided()
    {
        // The shorter market is the longer one's past.
        await _home.AddBarsAsync(300);
        string[] args = ["decide", "AAA", "--as-of", "2016-01-15"];
        string before = (await _home.JsonAsync(args)).Json.GetProperty("decisions").GetRawText();
        using var longer = new CliHome();
        await longer.AddBarsAsync(340);
        Assert.Equal(before, (await longer.JsonAsync(args)).Json.GetProperty("decisions").GetRawText());
    }

    [Fact]
    public async Task Decide_ForPeople_ShowsTheDebate()
    {
        await _home.AddBarsAsync();
        CliRun run = await _home.RunAsync("decide", "AAA");
        Assert.Equal(0, run.ExitCode);
        string[] words = ["Opening", "Round 1", "Technical", "Candidates", "contrarian", "Decision dec_"];
        Assert.All(words, word => Assert.Contains(word, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Decide_Position_IsOpenedAndClosedBySettling()
    {
        await _home.AddBarsAsync();
        // Some of these decisions are holds, which open no position.
        string[] days = ["2016-01-08", "2016-01-15", "2016-01-22", "2016-01-29"];
        foreach (string day in days)
        {
            await _home.JsonAsync("decide", "AAA", "BBB", "--as-of", day);
        }

        JsonElement open = (await _home.JsonAsync("positions")).Json.GetProperty("positions");
        Assert.InRange(open.GetArrayLength(), 1, 8);
        Assert.Equal(
            "position_id,decision_id,symbol,side,quantity,entry_price,current_price,unrealized_pnl,opened_at,due_at,status,unrealized_return,entry_at,held_seconds,to_target,to_stop",
            CliRun.Fields(open[0])
        );
        JsonElement settled = (await _home.JsonAsync("outcomes", "settle")).Json;
        Assert.Equal(open.GetArrayLength(), settled.GetProperty("positions_closed").GetInt32());
        Assert.Equal(40, settled.GetProperty("settled").GetInt32());
        Assert.Equal(0, (await _home.JsonAsync("positions")).Json.GetProperty("positions").GetArrayLength());
        Assert.Equal(0, (await _home.JsonAsync("outcomes", "settle")).Json.GetProperty("settled").GetInt32());
    }

    [Theory]
    [InlineData(2, "rules", "decide", "AAA", "--agents", "gemini")]
    [InlineData(2, "ANTHROPIC_API_KEY", "decide", "AAA", "--agents", "claude")]
    [InlineData(2, "OPENAI_API_KEY", "decide", "AAA", "--agents", "openai")]
    [InlineData(2, "Known symbols: AAA, BBB", "decide", "CCC")]
    [InlineData(2, "--candidates is 0; it must be in 1..64", "decide", "AAA", "--candidates", "0")]
    [InlineData(3, "a decision needs 60", "decide", "AAA", "BBB", "--as-of", "2015-01-20")]
    [InlineData(3, "No reward model", "decide", "AAA", "--guided")]
    public async Task Decide_WhatCannotBe_SaysWhyAndRecordsNothing(int exitCode, string words, params string[] args)
    {
        await _home.AddBarsAsync(300);
        string before = await _home.DumpAsync();
        CliRun run = await _home.RunAsync(args);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.InRange(run.Error.TrimEnd().Split('\n').Length, 1, 3);
        Assert.Equal(before, await _home.DumpAsync());
    }

    [Fact]
    public async Task Decide_NoBars_ExitsWithThreeAndMakesNoHome()
    {
        CliRun run = await _home.RunAsync("decide", "AAA");
        Assert.Equal(3, run.ExitCode);
        Assert.False(Directory.Exists(_home.Root));
    }
}
