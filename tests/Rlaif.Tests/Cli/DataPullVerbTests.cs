using System.Text.Json;
using Rlaif.Data.Alpaca;
using Rlaif.Tests.Data;
using Rlaif.Tests.Data.Alpaca;

namespace Rlaif.Tests.Cli;

/// <summary><c>rlaif data pull</c> against a server on this machine.</summary>
public sealed class DataPullVerbTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private AlpacaServer _server = null!;

    private string Home => _folder.PathOf("home");

    public async ValueTask InitializeAsync()
    {
        _server = await AlpacaServer.StartAsync();
        _server.Content.AddBar("1Day", "AAPL", "2022-01-03T05:00:00Z", 178.26m);
        _server.Content.AddBar("1Day", "AAPL", "2022-01-04T05:00:00Z", 182.63m);
        _server.Content.AddBar("1Day", "MSFT", "2022-01-03T05:00:00Z", 335.35m);
        _server.Content.AddDividend("AAPL", "2022-01-04", 0.22m);
        _server.Content.AddArticle(1, "2022-01-03T15:00:00Z", "Headline", "<p>Body</p>", "AAPL");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private Dictionary<string, string> Environment(bool withKeys = true)
    {
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["RLAIF__Alpaca__DataUrl"] = $"{_server.Url}",
            ["RLAIF__Alpaca__TradingUrl"] = $"{_server.Url}",
            ["RLAIF__Alpaca__Retries"] = "0",
            ["HOME"] = _folder.PathOf("profile"),
        };
        if (withKeys)
        {
            environment[AlpacaKeys.IdVariable] = AlpacaServer.KeyId;
            environment[AlpacaKeys.SecretVariable] = AlpacaServer.Secret;
        }

        return environment;
    }

    private Task<CliRun> PullAsync(Dictionary<string, string> environment, params string[] more) =>
        CliRun.Of(
            environment,
            [
                "data",
                "pull",
                "--source",
                "alpaca",
                "--symbols",
                "AAPL,MSFT",
                "--from",
                "2022-01-03",
                "--to",
                "2022-01-10",
                "--home",
                Home,
                .. more,
            ]
        );

    private static void AssertNoKey(CliRun run)
    {
        Assert.DoesNotContain(AlpacaServer.KeyId[..10], run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(AlpacaServer.Secret[..10], run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_Json_HasTheFieldsOfAnImportAndAddsNothingTwice()
    {
        CliRun run = await PullAsync(Environment(), "--json", "--news", "--verbose");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(
            "files,symbols,bars_added,bars_skipped,actions_added,documents_added,documents_skipped,notes,problems,timing",
            CliRun.Fields(run.Json)
        );
        Assert.Equal("2 2 3 0 1 1 0", Numbers(run.Json));
        AssertNoKey(run);
        CliRun again = await PullAsync(Environment(), "--json", "--news");
        Assert.Equal("0 2 0 3 0 0 1", Numbers(again.Json));
        CliRun shown = await CliRun.Of("data", "show", "AAPL", "--json", "--home", Home);
        JsonElement bar = shown.Json.GetProperty("bars")[0];
        Assert.Equal(("2022-01-03", 178.26m), (bar.GetProperty("date").GetString(), bar.GetProperty("open").GetDecimal()));
    }

    private static string Numbers(JsonElement json) =>
        string.Join(
            ' ',
            json.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).Select(p => p.Value.GetInt32())
        );

    [Fact]
    public async Task Pull_ForPeople_SaysWhatCameAndWhatDidNot()
    {
        CliRun run = await CliRun.Of(
            Environment(),
            "data",
            "pull",
            "--symbols",
            "AAPL,ZZZZ",
            "--from",
            "2022-01-03",
            "--to",
            "2022-01-10",
            "--home",
            Home
        );
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("2 bars added, 0 skipped (there already), 1 actions added", run.Out, StringComparison.Ordinal);
        Assert.Contains("alpaca symbol 'ZZZZ': has no bars in this time", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pull_KeysInUserSecrets_AreUsed()
    {
        _folder.Write(
            "profile/.microsoft/usersecrets/rlaif/secrets.json",
            $$"""{"APCA_API_KEY_ID":"{{AlpacaServer.KeyId}}","APCA_API_SECRET_KEY":"{{AlpacaServer.Secret}}"}"""
        );
        CliRun run = await PullAsync(Environment(withKeys: false), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(3, run.Json.GetProperty("bars_added").GetInt32());
    }

    [Fact]
    public async Task Pull_NoKeys_SaysWhichAndAsksNothing()
    {
        CliRun run = await PullAsync(Environment(withKeys: false));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("set APCA_API_KEY_ID and APCA_API_SECRET_KEY in the environment", run.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Pull_BrokenUserSecrets_AreNamedNotShown()
    {
        _folder.Write("profile/.microsoft/usersecrets/rlaif/secrets.json", $"{AlpacaServer.Secret}");
        CliRun run = await PullAsync(Environment(withKeys: false), "--verbose");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("secrets.json' are no JSON object", run.Error, StringComparison.Ordinal);
        AssertNoKey(run);
    }

    [Fact]
    public async Task Pull_RefusedKeys_FailInOneLineWithoutThem()
    {
        _server.Instead = (_, http) => AlpacaServer.RefuseAsync(http, 401, $"bad key {AlpacaServer.KeyId}");
        CliRun run = await PullAsync(Environment(), "--verbose");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("error: Alpaca refuses the keys (401) at ", run.Error, StringComparison.Ordinal);
        AssertNoKey(run);
    }

    [Theory]
    [InlineData("--timeframe", "1Week")]
    [InlineData("--feed", "cta")]
    [InlineData("--source", "yahoo")]
    [InlineData("--from", "soon")]
    [InlineData("--to", "2021-01-01")]
    public async Task Pull_BadOption_IsRefused(string option, string value)
    {
        string[] args = ["data", "pull", "--symbols", "AAPL", "--from", "2022-01-03", "--to", "2022-01-10", "--home", Home];
        int at = Array.IndexOf(args, option);
        if (at >= 0)
        {
            args[at + 1] = value;
        }

        CliRun run = await CliRun.Of(Environment(), at >= 0 ? args : [.. args, option, value]);
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task Pull_PlainHttpElsewhere_IsRefused()
    {
        Dictionary<string, string> environment = Environment();
        environment["RLAIF__Alpaca__DataUrl"] = "http://data.example.com";
        CliRun run = await PullAsync(environment);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("must begin with https://", run.Error, StringComparison.Ordinal);
    }
}
