using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Cli;

public sealed class DecisionsImportVerbTests : IDisposable
{
    private const string Buy =
        """{"symbol":"AAA","decided_at":"2016-01-15T21:00:00Z","action":"buy","position_size":0.05,"agent":"a","context_id":"c1","analysis":"up"}""";

    private const string Sell =
        """{"symbol":"AAA","decided_at":"2016-01-15T16:00:00-05:00","action":"sell","position_size":0.02,"agent":"b","context_id":"c1","score":-0.4,"confidence":0.7,"reasoning":["x","y"],"features":{"mine":1.5,"rsi_14":41.25}}""";

    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    private static string Row(string rest, string action = "buy") =>
        $$"""{"symbol":"AAA","decided_at":"2016-01-15T21:00:00Z","action":"{{action}}",{{rest}}}""";

    private Task<CliRun> ImportAsync(string lines, params string[] args) =>
        _home.RunAsync(["decisions", "import", _home.Write("d.jsonl", lines), "--json", .. args]);

    private async Task<IReadOnlyList<T>> ReadAsync<T>()
        where T : ILedgerRecord
    {
        await using Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile);
        return await ledger.ReadAsync<T>();
    }

    [Fact]
    public async Task Import_RowsOfOneContext_BecomeItsCandidates()
    {
        await _home.AddBarsAsync();
        CliRun run = await ImportAsync($"{Buy}\n{Sell}\n");
        Assert.Equal(
            "imported,already_there,contexts,outcomes,without_bars,problems,unknown_fields,timing",
            CliRun.Fields(run.Json)
        );
        Assert.Equal(
            (0, 2, 1),
            (run.ExitCode, run.Json.GetProperty("imported").GetInt32(), run.Json.GetProperty("contexts").GetInt32())
        );
        DecisionContext context = Assert.Single(await ReadAsync<DecisionContext>());
        Candidate[] candidates = [.. (await ReadAsync<Candidate>()).OrderBy(c => c.Index)];
        Assert.Equal(["a", "b"], candidates.Select(c => c.Stance));
        Assert.Equal([0, -0.4], candidates.Select(c => c.Score));
        Assert.Equal([0.5, 0.7], candidates.Select(c => c.Confidence));
        Assert.Equal(["x", "y"], candidates[1].Reasoning);
        Assert.Equal("a, b", context.Agents);
        Assert.Equal((1.5, 41.25), (context.Features["mine"], context.Features["rsi_14"]));
        Assert.Equal(
            ["import:a", "import:b"],
            (await ReadAsync<TradingDecision>()).Select(d => d.Selector).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Import_WithBars_TakesTheMarketAsItWasKnown()
    {
        IMarketData market = await _home.AddBarsAsync();
        await ImportAsync(Buy);
        DecisionContext context = Assert.Single(await ReadAsync<DecisionContext>());
        MarketSnapshot snapshot = await market.GetSnapshotAsync("AAA", context.AsOf, TestContext.Current.CancellationToken);
        Assert.Equal(snapshot.Hash, context.SnapshotHash);
        Assert.Equal(snapshot.Bars.Last.Close, context.ReferencePrice);
        Assert.Equal(context.Features["volatility_20"], context.DailyVolatility);
        Assert.Equal(context.Features["beta_60"], context.Beta);
        Assert.NotNull(context.Beta);

        // The same row where more bars followed.
        using var longer = new CliHome();
        await longer.AddBarsAsync(360);
        await longer.JsonAsync("decisions", "import", _home.PathOf("d.jsonl"));
        await using Ledger ledger = await Ledger.OpenAsync(longer.LedgerFile);
        Assert.Equal(
            JsonSerializer.Serialize(context, RlaifJson.Compact),
            JsonSerializer.Serialize(Assert.Single(await ledger.ReadAsync<DecisionContext>()), RlaifJson.Compact)
        );
    }

    [Fact]
    public async Task Import_HourlyBars_GiveTheVolatilityOfADay()
    {
        var lines = new List<string> { "symbol,time,open,high,low,close" };
        var random = new DeterministicRandom(1);
        double price = 100;
        for (int hour = 0; hour < 40 * 6; hour++)
        {
            double open = price;
            price *= Math.Exp(0.004 * random.NextGaussian());
            string time = $"{new DateOnly(2016, 1, 4).AddDays(hour / 6):yyyy-MM-dd} {10 + (hour % 6)}:00";
            lines.Add(
                $"AAA,{time},{open:0.0000},{Math.Max(open, price) + 0.1:0.0000},{Math.Min(open, price) - 0.1:0.0000},{price:0.0000}"
            );
        }

        await _home.JsonAsync("data", "import", _home.Write("h.csv", string.Join('\n', lines) + "\n"));
        await ImportAsync(Buy.Replace("01-15", "02-11", StringComparison.Ordinal));
        DecisionContext context = Assert.Single(await ReadAsync<DecisionContext>());
        Assert.Equal(context.Features["volatility_20"] * Math.Sqrt(6), context.DailyVolatility);
        Assert.InRange(context.DailyVolatility!.Value, 0.005, 0.02);
    }

    [Fact]
    public async Task Import_WithoutBars_LeavesTheMarketUnknown()
    {
        CliRun run = await ImportAsync(Sell);
        Assert.Equal(1, run.Json.GetProperty("without_bars").GetInt32());
        Assert.Contains("Import bars before decisions", run.Error, StringComparison.Ordinal);
        DecisionContext context = Assert.Single(await ReadAsync<DecisionContext>());
        Assert.Equal((null, null, 0m), (context.DailyVolatility, context.Beta, context.ReferencePrice));
        Assert.Equal(["mine", "rsi_14"], context.Features.Keys);
        Assert.Contains("mine 1.5", context.Prompt, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_Twice_AddsNothing()
    {
        await _home.AddBarsAsync();
        string rows = $"{Buy}\n{Sell}\n{Row("\"position_size\":0.1")}\n{Row("\"position_size\":0.1")}\n";
        await ImportAsync(rows);
        string ledger = await _home.DumpAsync();
        CliRun again = await _home.RunAsync("decisions", "import", _home.Write("d.jsonl.gz", rows), "--json");
        Assert.Equal((0, 0), (again.ExitCode, again.Json.GetProperty("imported").GetInt32()));
        Assert.Equal(4, again.Json.GetProperty("already_there").GetInt32());
        Assert.Equal(ledger, await _home.DumpAsync());
    }

    [Fact]
    public async Task Import_ARowMoreOfAKnownContext_JoinsIt()
    {
        await ImportAsync(Buy);
        CliRun more = await ImportAsync($"{Sell}\n{Buy}\n");
        Assert.Equal(
            (1, 1, 0),
            (
                more.Json.GetProperty("imported").GetInt32(),
                more.Json.GetProperty("already_there").GetInt32(),
                more.Json.GetProperty("contexts").GetInt32()
            )
        );
        Assert.Equal([0, 1], (await ReadAsync<Candidate>()).Select(c => c.Index).Order());
    }

    [Fact]
    public async Task Import_Quantity_IsAFractionOfTheEquity()
    {
        await _home.AddBarsAsync();
        await ImportAsync(Row("\"quantity\":10"));
        decimal price = Assert.Single(await ReadAsync<DecisionContext>()).ReferencePrice;
        Assert.Equal((double)(10 * price / 100_000m), Assert.Single(await ReadAsync<Candidate>()).PositionSize);
    }

    [Fact]
    public async Task Import_Outcome_IsTakenOverOnce()
    {
        string row = Row(
            """
            "position_size":0.05,"agent":"a","outcome":{"entry_price":100,"exit_at":"2016-01-22T21:00:00Z","exit_price":110,"price_history":[100,95,110]}
            """
        );
        Assert.Equal(1, (await ImportAsync(row)).Json.GetProperty("outcomes").GetInt32());
        Assert.Equal(0, (await ImportAsync(row)).Json.GetProperty("outcomes").GetInt32());
        Outcome outcome = Assert.Single(await ReadAsync<Outcome>());
        Assert.Equal((0.1, OutcomeProvenance.Traded), (outcome.GrossReturn, outcome.Provenance));
        Assert.Equal(-0.05, outcome.MaxDrawdown, 12);
    }

    [Theory]
    [InlineData("""{"decided_at":"2016-01-15T21:00:00Z","action":"hold"}""", "symbol", "is required")]
    [InlineData("""{"symbol":"AAA","action":"hold"}""", "decided_at", "is required")]
    [InlineData("""{"symbol":"AAA","decided_at":"2016-01-15T21:00:00Z"}""", "action", "is required")]
    [InlineData("""{"symbol":" ","decided_at":"2016-01-15T21:00:00Z","action":"hold"}""", "symbol", "not empty")]
    [InlineData("""{"symbol":"AAA","decided_at":"2016-01-15T21:00:00","action":"hold"}""", "decided_at", "offset")]
    [InlineData("""{"symbol":"AAA","decided_at":"2016-01-15","action":"hold"}""", "decided_at", "offset")]
    [InlineData("""{"symbol":"AAA","decided_at":"2999-01-15T21:00:00Z","action":"hold"}""", "decided_at", "after the clock")]
    [InlineData("""{"symbol":"AAA","decided_at":"2016-01-15T21:00:00Z","action":"BUY"}""", "action", "buy, sell, hold")]
    [InlineData("not json", null, "is no JSON")]
    [InlineData("[1]", null, "must be a JSON object")]
    public async Task Import_BadRow_IsNamedAndSkipped(string row, string? field, string rule)
    {
        CliRun run = await ImportAsync($"{row}\n\n{Buy}\n");
        Assert.Equal((0, 1), (run.ExitCode, run.Json.GetProperty("imported").GetInt32()));
        JsonElement problem = Assert.Single(run.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal("file,line,field,value,rule", CliRun.Fields(problem));
        Assert.Equal((1, field), (problem.GetProperty("line").GetInt32(), problem.GetProperty("field").GetString()));
        Assert.Contains(rule, problem.GetProperty("rule").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("buy", "\"agent\":\"a\"", "position_size")]
    [InlineData("buy", "\"position_size\":0", "position_size")]
    [InlineData("buy", "\"position_size\":1.5", "position_size")]
    [InlineData("buy", "\"position_size\":\"5%\"", "position_size")]
    [InlineData("buy", "\"position_size\":0.1,\"quantity\":5", "quantity")]
    [InlineData("buy", "\"quantity\":-5", "quantity")]
    [InlineData("buy", "\"quantity\":5", "quantity")]
    [InlineData("hold", "\"position_size\":0.1", "position_size")]
    [InlineData("buy", "\"position_size\":0.1,\"score\":2", "score")]
    [InlineData("buy", "\"position_size\":0.1,\"confidence\":1e999", "confidence")]
    [InlineData("buy", "\"position_size\":0.1,\"reasoning\":\"because\"", "reasoning")]
    [InlineData("buy", "\"position_size\":0.1,\"reasoning\":[1]", "reasoning")]
    [InlineData("buy", "\"position_size\":0.1,\"features\":{\"x\":1e999}", "features.x")]
    [InlineData("buy", "\"position_size\":0.1,\"features\":{\"x\":\"1\"}", "features.x")]
    [InlineData("buy", "\"position_size\":0.1,\"features\":{\"x\":1.797e308}", "features.x")]
    [InlineData("buy", "\"position_size\":0.1,\"features\":{\"x\":-1e160}", "features.x")]
    [InlineData("buy", "\"quantity\":7e28", "quantity")]
    [InlineData(
        "buy",
        "\"position_size\":0.1,\"outcome\":{\"exit_at\":\"2016-01-20T21:00:00Z\",\"entry_price\":1e-28,\"exit_price\":1}",
        "outcome.entry_price"
    )]
    [InlineData(
        "buy",
        "\"position_size\":0.1,\"outcome\":{\"exit_at\":\"2016-01-20T21:00:00Z\",\"entry_price\":1,\"exit_price\":1,\"price_history\":[1,7e28]}",
        "outcome.price_history"
    )]
    [InlineData(
        "buy",
        "\"position_size\":0.1,\"outcome\":{\"exit_at\":\"2016-01-20T21:00:00Z\",\"entry_price\":1}",
        "outcome.exit_price"
    )]
    [InlineData(
        "buy",
        "\"position_size\":0.1,\"outcome\":{\"exit_at\":\"2016-01-20T21:00:00Z\",\"exit_price\":1}",
        "outcome.entry_price"
    )]
    [InlineData(
        "buy",
        "\"position_size\":0.1,\"outcome\":{\"exit_at\":\"2016-01-10T21:00:00Z\",\"exit_price\":1,\"entry_price\":1}",
        "outcome.exit_at"
    )]
    public async Task Import_BadField_IsNamedAndNothingIsMade(string action, string rest, string field)
    {
        CliRun run = await ImportAsync(Row(rest, action));
        Assert.Equal((2, 0), (run.ExitCode, run.Json.GetProperty("imported").GetInt32()));
        JsonElement problem = Assert.Single(run.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal(field, problem.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Import_LargestFeatureAndPricesFarApart_AreTakenOver()
    {
        const string Rest = """
            "position_size":0.1,"features":{"x":-1e100},"outcome":{"exit_at":"2016-01-20T21:00:00Z","entry_price":1e-9,"exit_price":1e12}
            """;
        Assert.Equal(1, (await ImportAsync(Row(Rest))).Json.GetProperty("outcomes").GetInt32());
        Assert.Equal(1e21, Assert.Single(await ReadAsync<Outcome>()).GrossReturn, 1e7);
        Assert.Equal(-1e100, Assert.Single(await ReadAsync<DecisionContext>()).Features["x"]);
    }

    [Fact]
    public async Task Import_ContextIdOfAnotherMoment_IsAProblemOfTheLaterRow()
    {
        CliRun run = await ImportAsync($"{Buy}\n{Sell.Replace("-15T", "-14T", StringComparison.Ordinal)}\n");
        JsonElement problem = Assert.Single(run.Json.GetProperty("problems").EnumerateArray());
        Assert.Equal((2, "decided_at"), (problem.GetProperty("line").GetInt32(), problem.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("\"position_size\":0.1,\"colour\":\"blue\"")]
    public async Task Import_Strict_RefusesTheWholeFileAndMakesNoHome(string rest)
    {
        CliRun run = await ImportAsync($"{Buy}\n{Row(rest)}\n", "--strict");
        Assert.Equal((2, 0), (run.ExitCode, run.Json.GetProperty("imported").GetInt32()));
        Assert.Equal(1, run.Json.GetProperty("problems").GetArrayLength());
        Assert.False(Directory.Exists(_home.Root));
    }

    [Fact]
    public async Task Import_UnknownFields_AreLeftOutAndCounted()
    {
        CliRun run = await ImportAsync(Row("\"position_size\":0.1,\"colour\":\"blue\""));
        Assert.Equal((0, 1), (run.ExitCode, run.Json.GetProperty("unknown_fields").GetProperty("colour").GetInt32()));
        Assert.Contains("colour (1 rows)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NoFile_ExitsWithTwo()
    {
        CliRun run = await _home.RunAsync("decisions", "import", "nowhere.jsonl");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("nowhere.jsonl", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_RecordedDecisions_AreSettledOnRealBars()
    {
        string bars = SharedData.Require("ai_trader/bars_daily_raw_nasdaq100_2025-06_2025-10.csv.gz");
        const string Rows = """
            {"symbol":"NVDA","decided_at":"2025-10-02T14:00:00Z","action":"buy","agent":"MiniMax-M2","context_id":"NVDA 1","position_size":0.2844}
            {"symbol":"NVDA","decided_at":"2025-10-02T14:00:00Z","action":"sell","agent":"claude-3.7-sonnet","context_id":"NVDA 1","position_size":0.1}
            {"symbol":"AAPL","decided_at":"2025-10-02T19:00:00Z","action":"buy","agent":"MiniMax-M2","position_size":0.256575}
            {"symbol":"ASML","decided_at":"2025-10-29T19:00:00Z","action":"buy","agent":"MiniMax-M2","position_size":0.2}
            """;
        await _home.JsonAsync("data", "import", bars, "--raw");
        CliRun import = await ImportAsync(Rows);
        Assert.Equal(
            (4, 0),
            (import.Json.GetProperty("imported").GetInt32(), import.Json.GetProperty("without_bars").GetInt32())
        );
        JsonElement settled = (await _home.JsonAsync("outcomes", "settle")).Json;
        Assert.Equal((3, 1), (settled.GetProperty("settled").GetInt32(), settled.GetProperty("pending").GetInt32()));
        JsonElement[] outcomes = [.. (await _home.JsonAsync("outcomes", "list")).Json.GetProperty("outcomes").EnumerateArray()];
        Assert.All(
            outcomes,
            o => Assert.StartsWith("2025-10-03", o.GetProperty("entry_at").GetString(), StringComparison.Ordinal)
        );
        double[] nvidia =
        [
            .. outcomes
                .Where(o => o.GetProperty("symbol").GetString() == "NVDA")
                .Select(o => o.GetProperty("gross_return").GetDouble()),
        ];
        Assert.Equal(2, nvidia.Length);
        Assert.Equal(nvidia[0], -nvidia[1], 12);
        JsonElement pairs = (await _home.JsonAsync("preferences", "generate", "--min-samples", "2", "--min-margin", "0")).Json;
        Assert.Equal(1, pairs.GetProperty("pairs").GetProperty("by_pool").GetProperty("same_context").GetInt32());
    }
}
