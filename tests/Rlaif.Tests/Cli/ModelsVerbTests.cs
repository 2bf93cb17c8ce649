using System.Text.Json;
using Rlaif.Rewards;

namespace Rlaif.Tests.Cli;

/// <summary>Every test has a home of its own with the ledger and the first model of the shared one, twice: v0001 and v0002.</summary>
[Collection(LearningHome.Collection)]
public sealed partial class ModelsVerbTests(LearningHome learning) : IAsyncLifetime
{
    private const string Row = """{"symbol":"AAPL","decided_at":"2016-05-02T20:00:00Z","action":"buy","position_size":0.05}""";

    private readonly string _home = learning.Copy(Path.GetRandomFileName());

    private ModelRegistry Registry => new(Path.Combine(_home, "models"));

    public ValueTask InitializeAsync()
    {
        foreach (string version in (string[])["v0001", "v0002"])
        {
            CopyModel(version);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void CopyModel(string version)
    {
        string folder = Path.Combine(_home, "models", version);
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(learning.Home, "models", "v0001")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }

    // As if training had shown this.
    private void SetValidation(string version, string validation)
    {
        string path = Path.Combine(_home, "models", version, "training.json");
        var account = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        account["validation"] = System.Text.Json.Nodes.JsonNode.Parse(validation);
        File.WriteAllText(path, account.ToJsonString());
    }

    // As if it had been trained on the pairs of this metric.
    private void SetMetric(string version, string metric)
    {
        string path = Path.Combine(_home, "models", version, "training.json");
        var account = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!;
        account["details"]!["config"]!["metric"] = metric;
        File.WriteAllText(path, account.ToJsonString());
    }

    private void LetPass(string version) =>
        SetValidation(
            version,
            """{"accuracy":0.7,"accuracy_ci":[0.65,0.75],"log_loss":0.6,"baselines":{"coin":0.5,"momentum":0.6}}"""
        );

    private Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--home", _home]);

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        CliRun run = await RunAsync([.. args, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Json;
    }

    [Theory]
    [InlineData(2, "promote", "v0001", "--force")]
    [InlineData(2, "tag", "v0001", "paper")]
    [InlineData(2, "untag", "paper")]
    [InlineData(3, "rollback")]
    [InlineData(0, "prune")]
    public async Task Models_HomeThatDoesNotExist_MakeNone(int exitCode, params string[] args)
    {
        Assert.Equal(exitCode, (await learning.RunNowhereAsync(["models", .. args])).ExitCode);
        Assert.False(Directory.Exists(learning.Nowhere));
    }

    [Theory]
    [InlineData("models", "list")]
    [InlineData("models", "rollback")]
    [InlineData("status")]
    public async Task AnyVerb_HomeThatIsAFile_IsRefused(params string[] args)
    {
        string file = Path.Combine(_home, "rlaif.db");
        CliRun run = await CliRun.Of([.. args, "--home", file]);
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains("is a file; --home takes a folder", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"created_at":"2025-03-04T05:06:07Z","report":null}""")]
    public async Task EveryVerb_DamagedAccount_ExitsWithTwoAndOneLine(string account)
    {
        string path = Path.Combine(_home, "models", "v0002", "training.json");
        await File.WriteAllTextAsync(path, account);
        foreach (
            string[] verb in (string[][])
                [
                    ["models", "list"],
                    ["models", "show", "v0002"],
                    ["status"],
                ]
        )
        {
            CliRun run = await RunAsync(verb);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(path, run.Error, StringComparison.Ordinal);
            Assert.Contains("Restore the file, or delete", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EveryVerb_EmptyFolder_GoesOnWithoutIt()
    {
        Directory.CreateDirectory(Path.Combine(_home, "models", "v0009"));
        foreach (
            string[] verb in (string[][])
                [
                    ["models", "list"],
                    ["models", "prune"],
                    ["status"],
                ]
        )
        {
            CliRun run = await RunAsync(verb);
            Assert.Equal(0, run.ExitCode);
            Assert.DoesNotContain("v0009", run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Compare_TheSameModelTwice_IsNotEnoughEvidence()
    {
        JsonElement json = await JsonAsync("models", "compare", "v0001", "v0002");
        Assert.Equal(
            "first,second,metric,pairs,dates,first_date,last_date,difference,agreement,verdict,timing",
            CliRun.Fields(json)
        );
        Assert.Equal("version,accuracy,accuracy_ci,log_loss", CliRun.Fields(json.GetProperty("first")));
        Assert.Equal("mean,ci,p_value", CliRun.Fields(json.GetProperty("difference")));
        Assert.Equal("v0002", json.GetProperty("second").GetProperty("version").GetString());
        Assert.Equal(
            (0.0, 1.0, "not enough evidence"),
            (
                json.GetProperty("difference").GetProperty("mean").GetDouble(),
                json.GetProperty("agreement").GetDouble(),
                json.GetProperty("verdict").GetString()
            )
        );

        // All of them came after both: they are the validation pairs of train, and those decided between.
        JsonElement validation = learning.Trained.Json.GetProperty("split").GetProperty("validation");
        Assert.True(json.GetProperty("pairs").GetInt32() >= validation.GetProperty("pairs").GetInt32());
        Assert.Equal(validation.GetProperty("last_date").GetString(), json.GetProperty("last_date").GetString());
        Assert.Contains(
            "not enough evidence",
            (await RunAsync("models", "compare", "v0001", "latest")).Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Compare_NothingSettledOrUnknown_SaysSo()
    {
        Assert.Equal(2, (await RunAsync("models", "compare", "v0001", "v0009")).ExitCode);
        Assert.Equal(2, (await RunAsync("models", "compare", "v0001", "v0002", "--metric", "luck")).ExitCode);
        File.Delete(Path.Combine(_home, "rlaif.db"));
        CliRun run = await RunAsync("models", "compare", "v0001", "v0002");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Nothing is settled", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_AVersion_HasWhatItWasTrainedOnAndWhatItShowed()
    {
        JsonElement json = await JsonAsync("models", "show", "v0001");
        Assert.Equal(
            "version,created_at,status,tags,pruned,path,encoder,features,metadata,training,validation,data,split,config,gate,history,timing",
            CliRun.Fields(json)
        );
        Assert.True(JsonElement.DeepEquals(learning.Trained.Json.GetProperty("split"), json.GetProperty("split")));
        Assert.Equal(3, json.GetProperty("data").GetProperty("symbols").GetArrayLength());
        Assert.Equal(2, json.GetProperty("config").GetProperty("training").GetProperty("epochs").GetInt32());
        JsonElement[] gate = [.. learning.Trained.Json.GetProperty("gate").GetProperty("criteria").EnumerateArray()];
        Assert.True(json.GetProperty("gate").EnumerateArray().Zip(gate).All(g => JsonElement.DeepEquals(g.First, g.Second)));
        Assert.Equal(3, json.GetProperty("gate").GetArrayLength());

        string text = (await RunAsync("models", "show", "v0001")).Out;
        foreach (
            string row in (string[])
                [
                    "AAPL MSFT TSLA",
                    "validation side",
                    "seed 42",
                    "epochs 2",
                    "lambdarank",
                    "temperature",
                    "verdict",
                    "log-loss on unseen",
                ]
        )
        {
            Assert.Contains(row, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Show_VersionOfWhichLittleWasKept_ShowsTheRest()
    {
        SetValidation("v0001", "null");
        SetValidation("v0002", "{}");
        Assert.Contains("not measured", (await RunAsync("models", "show", "v0001")).Out, StringComparison.Ordinal);
        Assert.Contains("not measured", (await RunAsync("models", "show", "v0002")).Out, StringComparison.Ordinal);
        string path = Path.Combine(_home, "models", "v0001", "training.json");
        var account = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        account.Remove("details");
        File.WriteAllText(path, account.ToJsonString());
        Assert.Contains("not judged on unseen pairs", (await RunAsync("models", "show", "v0001")).Out, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await JsonAsync("models", "show", "v0001")).GetProperty("data").ValueKind);
    }

    [Fact]
    public async Task Tag_AVersion_IsANameForItEverywhere()
    {
        Assert.Equal("v0001", (await JsonAsync("models", "tag", "v0001", "paper")).GetProperty("version").GetString());
        Assert.Equal("v0001", (await JsonAsync("models", "show", "paper")).GetProperty("version").GetString());
        string file = Path.Combine(_home, "one.json");
        await File.WriteAllTextAsync(file, Row, TestContext.Current.CancellationToken);
        Assert.Equal("v0001", (await JsonAsync("rank", file, "--model", "paper")).GetProperty("model").GetString());
        Assert.Contains(
            "best_of_n/v0001",
            (await JsonAsync("decide", "AAPL", "--guided", "paper")).GetRawText(),
            StringComparison.Ordinal
        );
        Assert.Equal("v0001", (await JsonAsync("models", "tag", "v0002", "paper")).GetProperty("previous").GetString());
        Assert.Contains("paper", (await RunAsync("models", "list")).Out, StringComparison.Ordinal);
        Assert.Equal("v0002", (await JsonAsync("models", "untag", "paper")).GetProperty("version").GetString());
        Assert.Equal(2, (await RunAsync("models", "untag", "paper")).ExitCode);
        Assert.Equal(2, (await RunAsync("models", "tag", "v0001", "latest")).ExitCode);
    }

    [Fact]
    public async Task Prune_OldVersions_LosesWeightsButNotTheAccount()
    {
        CopyModel("v0003");
        CopyModel("v0004");
        Assert.Equal(2, (await RunAsync("models", "prune", "--keep", "2")).ExitCode);
        JsonElement json = await JsonAsync("models", "prune", "--keep", "3");
        Assert.Equal(["v0001"], json.GetProperty("pruned").EnumerateArray().Select(v => v.GetString()));
        Assert.Equal(["v0002", "v0003", "v0004"], json.GetProperty("kept").EnumerateArray().Select(v => v.GetString()));
        JsonElement show = await JsonAsync("models", "show", "v0001");
        Assert.Equal(("retired", true), (show.GetProperty("status").GetString(), show.GetProperty("pruned").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, show.GetProperty("metadata").ValueKind);
        Assert.Equal(2, show.GetProperty("training").GetProperty("history").GetArrayLength());
        Assert.Equal("prune", show.GetProperty("history")[0].GetProperty("action").GetString());
        Assert.Contains("weights pruned", (await RunAsync("models", "show", "v0001")).Out, StringComparison.Ordinal);
        Assert.Contains(
            "kept: v0002, v0003, v0004",
            (await RunAsync("models", "prune", "--keep", "3")).Out,
            StringComparison.Ordinal
        );
        Assert.Equal(2, (await RunAsync("decide", "AAPL", "--guided", "v0001")).ExitCode);
    }

    [Fact]
    public async Task Guided_NoVersionNamed_TakesTheChampionElseTheNewestWithAWarning()
    {
        string file = Path.Combine(_home, "one.json");
        await File.WriteAllTextAsync(file, Row, TestContext.Current.CancellationToken);
        CliRun run = await RunAsync("score", file, "--json");
        Assert.Equal("v0002", run.Json.GetProperty("model").GetString());
        Assert.Contains("v0002 is not promoted", run.Error, StringComparison.Ordinal);
        Assert.Equal("v0002,candidate,", await DeployedAsync());
        await RunAsync("models", "promote", "v0001", "--force");
        run = await RunAsync("score", file, "--json");
        Assert.Equal(("v0001", string.Empty), (run.Json.GetProperty("model").GetString(), run.Error));
        run = await RunAsync("decide", "AAPL", "--guided", "--json");
        Assert.Equal("best_of_n/v0001", run.Json.GetProperty("decisions")[0].GetProperty("selector").GetString());
        Assert.Empty(run.Error);
        Assert.Equal("v0002", (await JsonAsync("score", file, "--model", "latest")).GetProperty("model").GetString());
        Assert.StartsWith("v0001,champion,2", await DeployedAsync(), StringComparison.Ordinal);
        Assert.Contains("v0001, champion since", (await RunAsync("status")).Out, StringComparison.Ordinal);

        async Task<string> DeployedAsync() =>
            string.Join(
                ',',
                (await JsonAsync("status")).GetProperty("deployed").EnumerateObject().Select(p => p.Value.ToString())
            );
    }

    [Fact]
    public async Task Train_AfterAPromotion_SaysWhatTheGateWouldSay()
    {
        await RunAsync("models", "promote", "v0001", "--force");
        JsonElement gate = (await JsonAsync("train", "--epochs", "1")).GetProperty("gate");
        Assert.Equal("passed,champion,criteria", CliRun.Fields(gate));
        Assert.Equal("v0001", gate.GetProperty("champion").GetString());
        CliRun promote = await RunAsync("models", "promote", "v0003", "--json");
        Assert.True(JsonElement.DeepEquals(promote.Json.GetProperty("criteria"), gate.GetProperty("criteria")));
        Assert.Equal(gate.GetProperty("passed").GetBoolean(), promote.ExitCode == 0);
    }
}
