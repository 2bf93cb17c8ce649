using System.Text.Json;

namespace Rlaif.Tests.Cli;

/// <summary>Outcomes, preferences and status: what follows decisions.</summary>
public sealed class LoopVerbTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("decide", "--help")]
    [InlineData("backtest", "--help")]
    [InlineData("decisions", "import", "--help")]
    [InlineData("outcomes", "settle", "--help")]
    [InlineData("outcomes", "list", "--help")]
    [InlineData("positions", "--help")]
    [InlineData("preferences", "generate", "--help")]
    [InlineData("status", "--help")]
    public async Task Verb_Help_HasAWorkedExampleOfItself(params string[] args)
    {
        CliRun run = await _home.RunAsync(args);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains($"Example:\n  rlaif {string.Join(' ', args[..^1])}", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home.Root));
    }

    [Fact]
    public async Task OutcomesSettle_AsOf_UsesNothingLater()
    {
        await _home.AddBarsAsync();
        await _home.JsonAsync("decide", "AAA", "--as-of", "2016-01-08");
        JsonElement early = (await _home.JsonAsync("outcomes", "settle", "--as-of", "2016-01-13")).Json;
        Assert.Equal("settled,pending,failed,pending_reasons,positions_closed,timing", CliRun.Fields(early));
        // A target or stop could end one early; there is none by default.
        Assert.Equal((0, 5), (early.GetProperty("settled").GetInt32(), early.GetProperty("pending").GetInt32()));
        JsonElement due = (await _home.JsonAsync("outcomes", "settle", "--as-of", "2016-01-15")).Json;
        Assert.Equal((5, 0), (due.GetProperty("settled").GetInt32(), due.GetProperty("pending").GetInt32()));
    }

    [Fact]
    public async Task OutcomesSettle_UnknownSymbol_IsCountedAsFailed()
    {
        await _home.AddBarsAsync();
        string file = _home.Write(
            "d.jsonl",
            """{"symbol":"ZZZ","decided_at":"2016-01-15T21:00:00Z","action":"buy","position_size":0.05}"""
        );
        await _home.JsonAsync("decisions", "import", file);
        JsonElement settled = (await _home.JsonAsync("outcomes", "settle")).Json;
        Assert.Equal(1, settled.GetProperty("failed").GetProperty("unknown_symbol").GetInt32());
    }

    [Fact]
    public async Task OutcomesList_JsonAndCsv_HaveTheFieldsOfTheContract()
    {
        const string Fields =
            "outcome_id,candidate_id,decision_id,symbol,action,entry_at,entry_price,exit_at,exit_price,gross_return,net_return,costs,pnl,benchmark_return,max_drawdown,sharpe,exit_reason,known_at,provenance";
        await _home.AddBarsAsync();
        await _home.JsonAsync("decide", "AAA", "--as-of", "2016-01-08");
        await _home.JsonAsync("outcomes", "settle");
        string csv = _home.PathOf("o.csv");
        JsonElement outcomes = (await _home.JsonAsync("outcomes", "list", "--csv", csv)).Json.GetProperty("outcomes");
        Assert.Equal(5, outcomes.GetArrayLength());
        Assert.Equal(Fields, CliRun.Fields(outcomes[0]));
        Assert.Equal(
            [JsonValueKind.String, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null],
            outcomes.EnumerateArray().Select(o => o.GetProperty("decision_id").ValueKind).OrderBy(k => k == JsonValueKind.Null)
        );
        string[] lines = await File.ReadAllLinesAsync(csv);
        Assert.Equal((6, Fields), (lines.Length, lines[0]));
        string[] first = lines[1].Split(',');
        Assert.Equal(outcomes[0].GetProperty("net_return").GetDouble(), double.Parse(first[10]));
        Assert.Equal(outcomes[0].GetProperty("exit_at").GetString()![..10], first[7][..10]);
        Assert.Contains("counterfactual", lines[1..].Select(l => l.Split(',')[^1]));
        Assert.Contains("net return (%)", (await _home.RunAsync("outcomes", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferences_Generate_IsIdempotentAndHasTheFieldsOfTheContract()
    {
        await _home.AddBarsAsync();
        await _home.JsonAsync("backtest", "--from", "2015-09-01", "--to", "2015-12-31");
        JsonElement first = (await _home.JsonAsync("preferences", "generate")).Json;
        Assert.Equal("pairs,dropped,timing", CliRun.Fields(first));
        JsonElement pairs = first.GetProperty("pairs");
        Assert.Equal("total,new,by_pool", CliRun.Fields(pairs));
        Assert.Equal("same_context,same_date", CliRun.Fields(pairs.GetProperty("by_pool")));
        int total = pairs.GetProperty("total").GetInt32();
        Assert.True(total > 0);
        JsonElement again = (await _home.JsonAsync("preferences", "generate")).Json.GetProperty("pairs");
        Assert.Equal((total, 0), (again.GetProperty("total").GetInt32(), again.GetProperty("new").GetInt32()));
        CliRun people = await _home.RunAsync("preferences", "generate", "--pools", "same_context");
        Assert.Contains("same_context: ", people.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferences_GenerateByExpression_TrainAndExportFindThePairs()
    {
        const string Metric = "net_return-2*abs(max_drawdown)";
        await _home.AddBarsAsync();
        await _home.JsonAsync("backtest", "--from", "2015-05-01", "--to", "2015-12-31");
        string[] generate = ["preferences", "generate", "--metric", Metric, "--min-margin", "0.001"];
        int total = (await _home.JsonAsync(generate)).Json.GetProperty("pairs").GetProperty("total").GetInt32();
        Assert.True(total > 0);
        // Another way to write the same expression, the stored name, and no name at all while there are no other pairs.
        string[][] ways =
        [
            ["--metric", "net_return - 2 * abs( max_drawdown )"],
            ["--metric", $"expr:{Metric}"],
            [],
        ];
        foreach (string[] way in ways)
        {
            JsonElement export = (await _home.JsonAsync(["export", "--task", "reward", .. way])).Json;
            Assert.Equal(total, export.GetProperty("rows").GetInt32() + Sum(export.GetProperty("dropped")));
        }

        CliRun train = await _home.JsonAsync("train", "--metric", Metric, "--epochs", "1");
        Assert.Equal("v0001", train.Json.GetProperty("version").GetString());
        Assert.Equal(3, (await _home.RunAsync("train", "--metric", "net_return - 3 * abs(max_drawdown)")).ExitCode);
    }

    private static int Sum(JsonElement counts) => counts.EnumerateObject().Sum(c => c.Value.GetInt32());

    [Theory]
    [InlineData(2, "Unknown comparison metric", "--metric", "luck")]
    [InlineData(2, "character 1: 'net_retrun' is unknown; did you mean net_return?", "--metric", "net_retrun * 2")]
    [InlineData(2, "Unknown pool 'same_moon'", "--pools", "same_context,same_moon")]
    [InlineData(2, "--min-samples is 1; it must be at least 2", "--min-samples", "1")]
    [InlineData(2, "--min-margin is -1; it must be at least 0", "--min-margin", "-1")]
    [InlineData(2, "--max-per-decision is 0; it must be in 1..10000", "--max-per-decision", "0")]
    [InlineData(2, "'--min-margin' takes a number such as 0.5, not '0,2'", "--min-margin", "0,2")]
    [InlineData(2, "'--metric' is empty; it takes NAME|EXPRESSION", "--metric=", "--quiet")]
    [InlineData(3, "No decisions in")]
    public async Task Preferences_WhatCannotBe_SaysWhy(int exitCode, string words, params string[] args)
    {
        CliRun run = await _home.RunAsync(["preferences", "generate", .. args]);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home.Root));
    }

    [Fact]
    public async Task Preferences_MetricThatIsNeverDefined_ExitsWithThreeAndSaysWhy()
    {
        await _home.AddBarsAsync();
        await _home.JsonAsync("backtest", "--from", "2015-09-01", "--to", "2015-12-31");
        CliRun run = await _home.RunAsync("preferences", "generate", "--metric", "net_return / 0", "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(0, run.Json.GetProperty("pairs").GetProperty("total").GetInt32());
        Assert.Contains(
            "no pair came of the settled candidates by metric expr:",
            Assert.Single(run.Error.TrimEnd().Split('\n')),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Preferences_TooFewOutcomes_ExitsWithThree()
    {
        await _home.AddBarsAsync(300);
        CliRun run = await _home.RunAsync("preferences", "generate");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("0 < 10", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoHome_SaysSoAndMakesNone()
    {
        JsonElement status = (await _home.JsonAsync("status")).Json;
        Assert.Equal(
            "home,exists,size_bytes,bars,records,positions,outcomes,preferences,runs,models,deployed,llm,last_training,trading,timing",
            CliRun.Fields(status)
        );
        Assert.False(status.GetProperty("exists").GetBoolean());
        Assert.Contains("not there yet", (await _home.RunAsync("status")).Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home.Root));
    }

    [Fact]
    public async Task Status_AfterWork_CountsIt()
    {
        await _home.AddBarsAsync(300);
        await _home.JsonAsync("backtest", "--from", "2015-11-01", "--every", "3");
        await _home.JsonAsync("preferences", "generate");
        await _home.JsonAsync("decide", "AAA", "--as-of", "2016-01-08");
        JsonElement status = (await _home.JsonAsync("status")).Json;
        Assert.Equal(5, status.GetProperty("outcomes").GetProperty("due").GetInt32());
        Assert.True(status.GetProperty("outcomes").GetProperty("pending").GetInt32() > 0);
        Assert.Equal(
            status.GetProperty("records").GetProperty("outcome").GetInt32(),
            status.GetProperty("outcomes").GetProperty("settled").GetInt32()
        );
        Assert.Equal(900, status.GetProperty("bars").GetProperty("bars").GetInt32());
        Assert.Equal("backtest", status.GetProperty("runs")[0].GetProperty("purpose").GetString());
        Assert.True(status.GetProperty("preferences").GetProperty("total").GetInt32() > 0);
        Assert.True(status.GetProperty("size_bytes").GetInt64() > 0);
        string people = (await _home.RunAsync("status")).Out;
        Assert.Contains("5 due (rlaif outcomes settle)", people, StringComparison.Ordinal);
        Assert.Contains("models: none", people, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("positions")]
    [InlineData("outcomes", "list")]
    public async Task Verb_ThatOnlyLooks_MakesNoHome(params string[] args)
    {
        CliRun run = await _home.JsonAsync(args);
        Assert.Equal(0, run.Json.GetProperty(args[0]).GetArrayLength());
        Assert.False(Directory.Exists(_home.Root));
    }
}
