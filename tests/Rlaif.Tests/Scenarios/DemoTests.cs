using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Tests.Cli;

namespace Rlaif.Tests.Scenarios;

/// <summary>The whole loop through the command line.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly string _home = Path.Combine(Directory.CreateTempSubdirectory("rlaif-demo-").FullName, "home");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_home)!, recursive: true);

    [Fact]
    public async Task Demo_SameSeedOnOneAndOnTwoThreads_GivesTheSameDocument()
    {
        string one = await RunAsync("--threads", "1");
        string again = await RunAsync("--threads", "2");
        Assert.Equal(one, again);
        Assert.NotEqual(one, await RunAsync("--threads", "2", "--seed", "7"));
    }

    [Fact]
    public async Task Demo_PlantedMarket_WritesEverythingThatItNames()
    {
        JsonElement document = (await CliRun.Of(Arguments())).Json;
        JsonElement files = document.GetProperty("files");
        string[] paths =
        [
            files.GetProperty("decisions").GetString()!,
            files.GetProperty("preferences").GetString()!,
            files.GetProperty("model").GetString()!,
            files.GetProperty("report").GetString()!,
            .. files.GetProperty("finetuning").EnumerateArray().Select(f => f.GetString()!),
        ];
        Assert.All(paths, p => Assert.True(new FileInfo(p).Length > 0, p));
        JsonElement training = document.GetProperty("training");
        double[] interval = [.. training.GetProperty("validation_accuracy_ci").EnumerateArray().Select(v => v.GetDouble())];
        Assert.InRange(training.GetProperty("validation_accuracy").GetDouble(), interval[0], interval[1]);
        Assert.InRange(training.GetProperty("attainable_accuracy").GetDouble(), 0.7, 0.95);
        string report = await File.ReadAllTextAsync(files.GetProperty("report").GetString()!);
        Assert.Contains(
            document.GetProperty("ab").GetProperty("verdict").GetString()!,
            report,
            StringComparison.OrdinalIgnoreCase
        );
        Assert.DoesNotContain("NaN", report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_PlantedMarketInFull_FindsTheEdgeAndSaysSo()
    {
        JsonElement document = (await CliRun.Of("demo", "--home", _home, "--json", "--quiet", "--seed", "3")).Json;
        JsonElement training = document.GetProperty("training");
        Assert.True(training.GetProperty("validation_accuracy_ci")[0].GetDouble() > 0.5);
        double share =
            training.GetProperty("validation_accuracy").GetDouble() / training.GetProperty("attainable_accuracy").GetDouble();
        Assert.InRange(share, 0.85, 1.05);
        Assert.Equal("improved", document.GetProperty("ab").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Demo_MarketWithoutEdge_ClaimsNothing()
    {
        JsonElement document = (
            await CliRun.Of("demo", "--home", _home, "--json", "--quiet", "--market", "null", "--seed", "3")
        ).Json;
        JsonElement interval = document.GetProperty("training").GetProperty("validation_accuracy_ci");
        Assert.InRange(0.5, interval[0].GetDouble(), interval[1].GetDouble());
        Assert.Equal("not enough evidence", document.GetProperty("ab").GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Demo_HomeWithSomebodysLedger_IsRefusedAndLeftAlone()
    {
        Directory.CreateDirectory(_home);
        string ledger = Path.Combine(_home, "rlaif.db");
        await File.WriteAllTextAsync(ledger, "precious");
        CliRun run = await CliRun.Of(Arguments());
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("no demo made", run.Error, StringComparison.Ordinal);
        Assert.Equal("precious", await File.ReadAllTextAsync(ledger));
    }

    [Fact]
    public async Task Demo_TooFewDecisions_SaysHowMany()
    {
        CliRun run = await CliRun.Of("demo", "--home", _home, "--decisions-per-symbol", "10");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("in 50..3948", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_home));
    }

    private string[] Arguments(params string[] more) =>
        ["demo", "--home", _home, "--json", "--quiet", "--symbols", "AAPL,MSFT", "--decisions-per-symbol", "90", .. more];

    private async Task<string> RunAsync(params string[] more)
    {
        JsonObject document = JsonNode.Parse((await CliRun.Of(Arguments(more))).Out)!.AsObject();
        document.Remove("timing");
        return document.ToJsonString();
    }
}
