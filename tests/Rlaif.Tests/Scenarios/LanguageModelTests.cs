using System.Text;
using System.Text.Json;
using Rlaif.Tests.Cli;
using Rlaif.Tests.Decisions.Llm.Servers;

namespace Rlaif.Tests.Scenarios;

/// <summary>A trader lets language models decide, through the command line and the official clients, against a local server.</summary>
public sealed class LanguageModelTests : IDisposable
{
    private const string Key = "sk-planted-7f3a91c2e5b84d06";

    private readonly CliHome _home = new();
    private readonly CliHome _other = new();

    public void Dispose()
    {
        _home.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData("claude", "5", 210)]
    [InlineData("openai", "20", 55)]
    public async Task Backtest_RecordThenReplayWithoutServer_LeavesTheSameLedger(string provider, string every, int contexts)
    {
        int calls;
        CliRun recorded;
        await AddBarsAsync(_home);
        await using (FakeModelServer server = await StartAsync(provider))
        {
            recorded = await BacktestAsync(_home, provider, server.BaseUrl, every, "record", "--yes");
            calls = server.Completed;
        }

        JsonElement usage = recorded.Json.GetProperty("llm").GetProperty("usage");
        Assert.Equal(contexts, recorded.Json.GetProperty("decisions").GetInt32());
        Assert.Equal(calls, usage.GetProperty("calls").GetInt32());

        await AddBarsAsync(_other);
        Directory.CreateDirectory(Path.Combine(_other.Root, "llm"));
        File.Copy(Recording(_home), Recording(_other));
        CliRun replayed = await BacktestAsync(_other, provider, new Uri("http://127.0.0.1:9"), every, "replay");
        JsonElement saved = replayed.Json.GetProperty("llm").GetProperty("usage");
        Assert.Equal(0, saved.GetProperty("calls").GetInt32());
        Assert.Equal(calls, saved.GetProperty("replayed").GetInt32());
        Assert.Equal(usage.GetProperty("spent_usd").GetDecimal(), saved.GetProperty("saved_usd").GetDecimal());
        Assert.Equal(await CliHome.DumpAsync(_home.LedgerFile), await CliHome.DumpAsync(_other.LedgerFile));
        AssertNoKey(_home.Root);
        AssertNoKey(_other.Root);
        Assert.DoesNotContain(Key, recorded.Out + recorded.Error + replayed.Out + replayed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunThatBreaksOff_GoesOn_PaysNothingTwice()
    {
        await AddBarsAsync(_home);
        int left = 400;
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            r => Interlocked.Decrement(ref left) >= 0 ? TeamBrain.Answer(r) : ModelServerReply.Error(401),
            key: Key
        );
        CliRun broken = await RunAsync(_home, "claude", server.BaseUrl, ["backtest", "--every", "20", "--yes"]);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("claude", broken.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, broken.Error, StringComparison.Ordinal);
        left = int.MaxValue;
        CliRun rest = await BacktestAsync(_home, "claude", server.BaseUrl, "20", "record", "--yes");
        Assert.True(rest.Json.GetProperty("llm").GetProperty("usage").GetProperty("replayed").GetInt32() > 0);
        int twice = server.Requests.GroupBy(r => r.Body.GetRawText(), StringComparer.Ordinal).Count(g => g.Count() > 1);
        Assert.Equal(server.Completed, File.ReadLines(Recording(_home)).Count());
        // Only what was refused may be asked again.
        Assert.True(server.Requests.Count - server.Completed >= twice, $"{twice} questions were paid twice.");

        await AddBarsAsync(_other);
        await BacktestAsync(_other, "claude", server.BaseUrl, "20", "record", "--yes");
        Assert.Equal(await CliHome.DumpAsync(_other.LedgerFile), await CliHome.DumpAsync(_home.LedgerFile));
    }

    [Fact]
    public async Task MaskedRun_TheServerReadsNoNameNoDateAndNoPrice()
    {
        await AddBarsAsync(_home);
        await using FakeModelServer server = await StartAsync("claude");
        CliRun run = await RunAsync(
            _home,
            "claude",
            server.BaseUrl,
            ["decide", "AAA", "--as-of", "2016-09-30", "--mask", "--candidates", "3", "--json"]
        );
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.All(
            server.Requests,
            r =>
            {
                Assert.DoesNotContain("AAA", r.Body.GetRawText(), StringComparison.Ordinal);
                Assert.DoesNotContain("2016", r.Body.GetRawText(), StringComparison.Ordinal);
            }
        );
        JsonElement decision = run.Json.GetProperty("decisions")[0];
        Assert.Equal("AAA", decision.GetProperty("symbol").GetString());
        Assert.DoesNotContain("ASSET", decision.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaskedRunWithMemory_ReflectionsAndLessonsAreMaskedToo()
    {
        await AddBarsAsync(_home);
        await using FakeModelServer server = await StartAsync("claude");
        CliRun run = await RunAsync(
            _home,
            "claude",
            server.BaseUrl,
            ["backtest", "--every", "20", "--mask", "--memory", "--candidates", "2", "--yes", "--json"]
        );
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(run.Json.GetProperty("llm").GetProperty("lessons").GetInt32() > 0);
        Assert.Contains(server.Requests, r => r.System!.Contains("look back", StringComparison.Ordinal));
        Assert.All(
            server.Requests,
            r =>
                Assert.All(
                    (string[])["AAA", "BBB", "CCC", "DDD", "EEE", "2015", "2016"],
                    word => Assert.DoesNotContain(word, r.Body.GetRawText(), StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task RunWithMemory_LearnsLessonsAndReplays()
    {
        await AddBarsAsync(_home);
        CliRun recorded;
        await using (FakeModelServer server = await StartAsync("openai"))
        {
            recorded = await RunAsync(
                _home,
                "openai",
                server.BaseUrl,
                ["backtest", "--every", "10", "--memory", "--candidates", "3", "--yes", "--json"]
            );
            Assert.True(recorded.ExitCode == 0, recorded.Error);
            Assert.Contains(server.Requests, r => r.Body.GetRawText().Contains("[L1]", StringComparison.Ordinal));
        }

        Assert.True(recorded.Json.GetProperty("llm").GetProperty("lessons").GetInt32() > 0);
        await AddBarsAsync(_other);
        CliRun replayed = await RunAsync(
            _other,
            "openai",
            new Uri("http://127.0.0.1:9"),
            [
                "backtest",
                "--every",
                "10",
                "--memory",
                "--candidates",
                "3",
                "--llm",
                "replay",
                "--recording",
                Recording(_home),
                "--json",
            ]
        );
        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.Equal(await CliHome.DumpAsync(_home.LedgerFile), await CliHome.DumpAsync(_other.LedgerFile));
    }

    [Fact]
    public async Task JudgeAndExport_AfterABacktest_UseWhatWasSaid()
    {
        await AddBarsAsync(_home);
        await using FakeModelServer server = await StartAsync("claude");
        await BacktestAsync(_home, "claude", server.BaseUrl, "20", "record", "--yes");
        CliRun judged = await RunAsync(
            _home,
            "claude",
            server.BaseUrl,
            ["preferences", "judge", "--max", "20", "--yes", "--json"]
        );
        Assert.True(judged.ExitCode == 0, judged.Error);
        Assert.Equal(20, judged.Json.GetProperty("judged").GetInt32() + judged.Json.GetProperty("failed").GetInt32());
        CliRun preferences = await _home.JsonAsync("preferences", "generate");
        Assert.True(preferences.Json.GetProperty("pairs").GetProperty("total").GetInt32() > 0);
        string file = _home.PathOf("kto.jsonl");
        await _home.JsonAsync("export", "--task", "kto", "--format", "trl", "--out", file);
        HashSet<string> replies = [.. File.ReadLines(Recording(_home)).Select(ReplyText)];
        Assert.All(
            File.ReadLines(file),
            line =>
            {
                using JsonDocument row = JsonDocument.Parse(line);
                JsonElement completion = row.RootElement.GetProperty("completion");
                string text =
                    completion.ValueKind == JsonValueKind.Array
                        ? completion[0].GetProperty("content").GetString()!
                        : completion.GetString()!;
                Assert.Contains(text.Trim(), replies);
            }
        );
    }

    [Fact]
    public async Task DocumentsImportedLater_WithinTheRange_MakeAnotherRun()
    {
        await AddBarsAsync(_home);
        await using FakeModelServer server = await StartAsync("claude");
        async Task<string> RunIdAsync(string date)
        {
            string file = _home.Write($"note-{date}.txt", $"AAA expects more orders. Noted for {date}.");
            await _home.JsonAsync("documents", "import", file, "--symbol", "AAA", "--type", "note", "--date", date);
            CliRun run = await RunAsync(
                _home,
                "claude",
                server.BaseUrl,
                ["backtest", "--symbols", "AAA", "--to", "2015-06-30", "--every", "30", "--candidates", "1", "--yes", "--json"]
            );
            Assert.True(run.ExitCode == 0, run.Error);
            return run.Json.GetProperty("run_id").GetString()!;
        }

        string first = await RunIdAsync("2015-01-15");
        Assert.Equal(first, await RunIdAsync("2015-07-15"));
        Assert.NotEqual(first, await RunIdAsync("2015-02-15"));
    }

    [Fact]
    public async Task AgentsCheck_EveryRole_SaysWhetherItAnswers()
    {
        await using FakeModelServer server = await StartAsync("openai");
        CliRun run = await RunAsync(_home, "openai", server.BaseUrl, ["agents", "check", "--agents", "openai", "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement[] roles = [.. run.Json.GetProperty("roles").EnumerateArray()];
        Assert.All(roles, r => Assert.True(r.GetProperty("schema_kept").GetBoolean(), r.ToString()));
        Assert.Equal(9, roles.Length);
    }

    [Fact]
    public async Task MissingKey_OneLineNamesTheVariable()
    {
        await AddBarsAsync(_home);
        CliRun run = await CliRun.Of("decide", "AAA", "--agents", "claude", "--home", _home.Root);
        Assert.Equal(2, run.ExitCode);
        string line = Assert.Single(
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            l => l.StartsWith("error", StringComparison.Ordinal)
        );
        Assert.Contains("ANTHROPIC_API_KEY", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BacktestThatWouldSpend_NobodyThereToAnswer_SaysWhatItCostsAndStops()
    {
        await AddBarsAsync(_home);
        await using FakeModelServer server = await StartAsync("claude");
        CliRun run = await RunAsync(_home, "claude", server.BaseUrl, ["backtest"]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("US dollars", run.Error, StringComparison.Ordinal);
        Assert.Contains("--yes", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Replay_NothingRecorded_NamesTheCall()
    {
        await AddBarsAsync(_home);
        string recording = _home.Write("empty.jsonl", "");
        CliRun run = await RunAsync(
            _home,
            "claude",
            new Uri("http://127.0.0.1:9"),
            ["decide", "AAA", "--llm", "replay", "--recording", recording]
        );
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("AAA", run.Error, StringComparison.Ordinal);
        Assert.Contains("--llm record", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BudgetOfARun_IsKeptAndNamed()
    {
        await AddBarsAsync(_home);
        await using FakeModelServer server = await StartAsync("claude");
        CliRun run = await RunAsync(
            _home,
            "claude",
            server.BaseUrl,
            ["backtest", "--yes", "--json"],
            ("RLAIF__Budget__RunUsd", "0.3")
        );
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("budget:run_usd", run.Error, StringComparison.Ordinal);
        CliRun status = await _home.JsonAsync("status");
        JsonElement total = status.Json.GetProperty("llm").GetProperty("total");
        Assert.InRange(
            total.GetProperty("spent_usd").GetDecimal() + total.GetProperty("reserved_usd").GetDecimal(),
            0.0001m,
            0.3m
        );
    }

    private static async Task AddBarsAsync(CliHome home) => await home.AddBarsAsync(270, "AAA", "BBB", "CCC", "DDD", "EEE");

    private static Task<FakeModelServer> StartAsync(string provider) =>
        FakeModelServer.StartAsync(
            provider == "claude" ? ModelProtocol.Anthropic : ModelProtocol.OpenAi,
            TeamBrain.Answer,
            key: Key
        );

    private static Task<CliRun> RunAsync(
        CliHome home,
        string provider,
        Uri server,
        string[] args,
        params (string Name, string Value)[] settings
    )
    {
        bool takesAgents = args[0] is "decide" or "backtest" or "preferences" && !args.Contains("--agents");
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["RLAIF__Models__Default__BaseUrl"] = server.ToString(),
            ["RLAIF__Budget__RunUsd"] = "none",
            ["RLAIF__Budget__DayUsd"] = "none",
            [provider == "claude" ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY"] = Key,
        };
        foreach ((string name, string value) in settings)
        {
            environment[name] = value;
        }

        return CliRun.Of(environment, [.. args, .. takesAgents ? (string[])["--agents", provider] : [], "--home", home.Root]);
    }

    private static async Task<CliRun> BacktestAsync(
        CliHome home,
        string provider,
        Uri server,
        string every,
        string mode,
        params string[] more
    )
    {
        CliRun run = await RunAsync(home, provider, server, ["backtest", "--every", every, "--llm", mode, "--json", .. more]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }

    private static string Recording(CliHome home) => Path.Combine(home.Root, "llm", "recording.jsonl");

    private static string ReplyText(string line)
    {
        using JsonDocument call = JsonDocument.Parse(line);
        return string.Concat(
                call.RootElement.GetProperty("contents")
                    .EnumerateArray()
                    .Where(c => c.TryGetProperty("text", out _))
                    .Select(c => c.GetProperty("text").GetString())
            )
            .Trim();
    }

    private static void AssertNoKey(string folder)
    {
        byte[] key = Encoding.UTF8.GetBytes(Key);
        Assert.All(
            Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories),
            file => Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(key) < 0, file)
        );
    }
}
