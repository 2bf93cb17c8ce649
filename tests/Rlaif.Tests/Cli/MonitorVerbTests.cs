using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Preferences;
using Rlaif.Rewards;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class MonitorVerbTests(LearningHome home) : IAsyncLifetime
{
    private readonly string _home = home.Copy(Path.GetRandomFileName());

    private Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--home", _home]);

    public ValueTask InitializeAsync()
    {
        foreach (string version in (string[])["v0001", "v0002"])
        {
            string folder = Directory.CreateDirectory(Path.Combine(_home, "models", version)).FullName;
            foreach (string file in Directory.EnumerateFiles(Path.Combine(home.Home, "models", "v0001")))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            // As if it had been judged on the first date of its validation side only: the others came later.
            ChangeAccount(
                version,
                account =>
                {
                    JsonNode side = account["details"]!["split"]!["validation"]!;
                    side["last_date"] = side["first_date"]!.GetValue<string>();
                }
            );
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void ChangeAccount(string version, Action<JsonNode> change)
    {
        string path = Path.Combine(_home, "models", version, "training.json");
        JsonNode account = JsonNode.Parse(File.ReadAllText(path))!;
        change(account);
        File.WriteAllText(path, account.ToJsonString());
    }

    [Fact]
    public async Task Monitor_NothingDecidedSinceTraining_ExitsWithThree()
    {
        CliRun run = await home.RunAsync("monitor", "--model", "v0001");
        Assert.Equal((3, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains("Not enough decisions since training", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_VersionWithoutTheDatesItWasJudgedOn_CountsThemAndSaysSo()
    {
        ChangeAccount("v0001", a => a.AsObject().Remove("details"));
        CliRun run = await RunAsync("monitor", "--model", "v0001", "--window", "1000", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("v0001 was stored without the dates it was judged on", run.Error, StringComparison.Ordinal);
        CliRun told = await RunAsync("monitor", "--model", "v0002", "--window", "1000", "--json");
        Assert.DoesNotContain("judged on", told.Error, StringComparison.Ordinal);
        Assert.True(Dates(told) < Dates(run));

        static int Dates(CliRun run) => run.Json.GetProperty("window").GetProperty("dates").GetInt32();
    }

    [Fact]
    public async Task Monitor_PairsOfOtherPoolsMadeSince_ChangeNothing()
    {
        CliRun before = await RunAsync("monitor", "--model", "v0001", "--window", "1000", "--as-of", "2030-01-01", "--json");
        CliRun made = await RunAsync("preferences", "generate", "--pools", "same_symbol", "--json");
        Assert.Equal((0, 0), (before.ExitCode, made.ExitCode));
        CliRun after = await RunAsync("monitor", "--model", "v0001", "--window", "1000", "--as-of", "2030-01-01", "--json");
        Assert.Equal(Figures(before), Figures(after));

        static string Figures(CliRun run) =>
            string.Join('\n', run.Json.EnumerateObject().Where(p => p.Name != "timing").Select(p => p.Value.GetRawText()));
    }

    [Fact]
    public async Task Monitor_TrainedOnAnotherMetricThanThePairsOfTheHome_IsJudgedByItsOwn()
    {
        const string Losses = "0 - net_return";
        string name = ComparisonMetric.Parse(Losses).Name;
        ChangeAccount("v0001", a => a["details"]!["config"]!["metric"] = name);
        CliRun own = await RunAsync("monitor", "--model", "v0001", "--json");
        Assert.True(own.ExitCode == 0, own.Error);
        Assert.Empty(own.Error);
        Assert.Equal(JsonValueKind.Array, SinceTraining(own).ValueKind);

        // The same model, trained on vol_scaled, asked for the losses: the same figure, with nothing at training to hold it against.
        CliRun asked = await RunAsync("monitor", "--model", "v0002", "--metric", Losses, "--json");
        Assert.Equal((name, Accuracy(own)), (Metric(asked), Accuracy(asked)));
        Assert.Equal(name, Metric(own));
        Assert.Equal(JsonValueKind.Null, SinceTraining(asked).ValueKind);
        Assert.Contains(
            "v0002 was trained on metric vol_scaled; its accuracy at training is not compared",
            asked.Error,
            StringComparison.Ordinal
        );

        CliRun gains = await RunAsync("monitor", "--model", "v0002", "--json");
        Assert.Equal("vol_scaled", Metric(gains));
        Assert.NotEqual(Accuracy(own), Accuracy(gains));
        CliRun overruled = await RunAsync("monitor", "--model", "v0001", "--metric", "vol_scaled");
        Assert.Contains("judged by metric vol_scaled", overruled.Out, StringComparison.Ordinal);
        Assert.Contains("is not compared", overruled.Error, StringComparison.Ordinal);

        static string Metric(CliRun run) => run.Json.GetProperty("metric").GetString()!;
        static double Accuracy(CliRun run) => run.Json.GetProperty("accuracy").GetProperty("value").GetDouble();
        static JsonElement SinceTraining(CliRun run) => run.Json.GetProperty("accuracy").GetProperty("since_training");
    }

    [Fact]
    public async Task Monitor_ChampionBeforeOfAnotherMetric_SaysSo()
    {
        ChangeAccount("v0001", a => a["details"]!["config"]!["metric"] = "return");
        foreach (string version in (string[])["v0001", "v0002"])
        {
            Assert.Equal(0, (await RunAsync("models", "promote", version, "--force")).ExitCode);
        }

        CliRun run = await RunAsync("monitor", "--json");
        Assert.Equal("vol_scaled", run.Json.GetProperty("metric").GetString());
        Assert.Contains(
            "warning: v0001 was trained on metric return, and is judged by vol_scaled here",
            run.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Monitor_Blend_IsRefusedInOneSentence()
    {
        CliRun run = await RunAsync("monitor", "--model", "v0001:0.7,v0002:0.3");
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains("monitor each of its models", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_ChampionBeforeThatCannotBeLoaded_LooksAtTheChampionAlone()
    {
        foreach (string version in (string[])["v0001", "v0002"])
        {
            Assert.Equal(0, (await RunAsync("models", "promote", version, "--force")).ExitCode);
        }

        string weights = Path.Combine(_home, "models", "v0001", ModelRegistry.ModelFile);
        await File.WriteAllTextAsync(weights, "broken", TestContext.Current.CancellationToken);
        CliRun run = await RunAsync("monitor", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(JsonValueKind.Null, run.Json.GetProperty("previous").ValueKind);
        Assert.Contains("warning: v0001, the champion before, is not compared with", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_Json_HasTheFieldsOfTheContract()
    {
        CliRun run = await RunAsync("monitor", "--model", "v0001", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement json = run.Json;
        Assert.Equal(
            "version,as_of,metric,window,correlation,accuracy,drift,drift_noise,drifted,drift_ratio,drift_ratio_limit,previous,new_pairs,age_days,alarm,advice,reasons,files,timing",
            CliRun.Fields(json)
        );
        Assert.Equal("contexts,candidates,dates,first_date,last_date", CliRun.Fields(json.GetProperty("window")));
        Assert.Equal("value,ci", CliRun.Fields(json.GetProperty("correlation")));
        Assert.Equal("value,ci,pairs,since_training", CliRun.Fields(json.GetProperty("accuracy")));
        Assert.Equal(2, json.GetProperty("accuracy").GetProperty("ci").GetArrayLength());
        string[] features = [.. json.GetProperty("drift").EnumerateObject().Select(p => p.Name)];
        Assert.Contains("rsi_14", features);
        Assert.Equal(features, json.GetProperty("drift_noise").EnumerateObject().Select(p => p.Name));
        Assert.Contains(json.GetProperty("advice").GetString(), (string[])["keep", "retrain", "roll_back"]);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("previous").ValueKind);
        string page = await File.ReadAllTextAsync(
            json.GetProperty("files").GetProperty("report").GetString()!,
            TestContext.Current.CancellationToken
        );
        Assert.Contains("Is v0001 still right?", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_HistoryDecidedLaterThanItsTraining_MakesTrainingDue()
    {
        // The model is of today, the decisions are years old.
        JsonElement json = (await RunAsync("monitor", "--model", "v0001", "--retrain-pairs", "5", "--json")).Json;
        int pairs = json.GetProperty("new_pairs").GetInt32();
        Assert.True(pairs >= 5, $"{pairs} new pairs");
        Assert.Contains(
            $"{pairs} pairs came after all that it was fitted to or judged on",
            json.GetProperty("reasons").GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Monitor_ForPeople_SaysAccuracyFeaturesAndAdvice()
    {
        CliRun run = await RunAsync("monitor", "--model", "v0001", "--window", "40", "--retrain-days", "1000");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("later than all it was fitted to or judged on", run.Out, StringComparison.Ordinal);
        Assert.Contains("stability index", run.Out, StringComparison.Ordinal);
        Assert.Contains("advice: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_AsOf_UsesNothingLater()
    {
        JsonElement json = (await RunAsync("monitor", "--model", "v0001", "--json")).Json;
        string last = json.GetProperty("window").GetProperty("last_date").GetString()!;
        CliRun earlier = await RunAsync("monitor", "--model", "v0001", "--as-of", last, "--json");
        Assert.True(earlier.ExitCode == 0, earlier.Error);
        Assert.True(string.CompareOrdinal(earlier.Json.GetProperty("window").GetProperty("last_date").GetString(), last) < 0);
    }

    [Fact]
    public async Task Monitor_ChampionWithOneBefore_IsComparedWithIt()
    {
        foreach (string version in (string[])["v0001", "v0002"])
        {
            Assert.Equal(0, (await RunAsync("models", "promote", version, "--force")).ExitCode);
        }

        JsonElement json = (await RunAsync("monitor", "--json")).Json;
        Assert.Equal("v0002", json.GetProperty("version").GetString());
        Assert.Equal("version,difference,ci,pairs", CliRun.Fields(json.GetProperty("previous")));
        Assert.Equal("v0001", json.GetProperty("previous").GetProperty("version").GetString());
    }

    [Theory]
    [InlineData(2, "--window is 1; it must be in 10..1000000", "--window", "1")]
    [InlineData(2, "--retrain-pairs is 0; it must be at least 1", "--retrain-pairs", "0")]
    [InlineData(3, "Nothing is settled", "--as-of", "2001-01-01")]
    public async Task Monitor_WhatCannotBe_SaysWhy(int exitCode, string words, params string[] args)
    {
        CliRun run = await RunAsync(["monitor", "--model", "v0001", .. args]);
        Assert.Equal((exitCode, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_NoModel_ExitsWithThreeAndMakesNothing()
    {
        CliRun run = await home.RunNowhereAsync("monitor");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("rlaif train", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.Nowhere));
    }
}
