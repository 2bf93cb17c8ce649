using System.Text.Json;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class MonitorVerbTests(LearningHome home)
{
    [Fact]
    public async Task Monitor_Json_HasTheFieldsOfTheContract()
    {
        CliRun run = await home.RunAsync("monitor", "--model", "v0001", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement json = run.Json;
        Assert.Equal(
            "version,as_of,window,correlation,accuracy,drift,drift_noise,drifted,drift_ratio,drift_ratio_limit,previous,new_pairs,age_days,alarm,advice,reasons,files,timing",
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
    public async Task Monitor_ForPeople_SaysAccuracyFeaturesAndAdvice()
    {
        CliRun run = await home.RunAsync("monitor", "--model", "v0001", "--window", "40", "--retrain-days", "1000");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("later than all it was fitted to", run.Out, StringComparison.Ordinal);
        Assert.Contains("stability index", run.Out, StringComparison.Ordinal);
        Assert.Contains("advice: ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Monitor_AsOf_UsesNothingLater()
    {
        JsonElement json = (await home.RunAsync("monitor", "--model", "v0001", "--json")).Json;
        string last = json.GetProperty("window").GetProperty("last_date").GetString()!;
        CliRun earlier = await home.RunAsync("monitor", "--model", "v0001", "--as-of", last, "--json");
        Assert.True(earlier.ExitCode == 0, earlier.Error);
        Assert.True(string.CompareOrdinal(earlier.Json.GetProperty("window").GetProperty("last_date").GetString(), last) < 0);
    }

    [Fact]
    public async Task Monitor_ChampionWithOneBefore_IsComparedWithIt()
    {
        string copy = home.Copy("monitored");
        foreach (string epochs in (string[])["1", "2"])
        {
            Assert.Equal(0, (await CliRun.Of(["train", "--epochs", epochs, "--ensemble", "1", "--home", copy])).ExitCode);
        }

        foreach (string version in (string[])["v0001", "v0002"])
        {
            Assert.Equal(0, (await CliRun.Of(["models", "promote", version, "--force", "--home", copy])).ExitCode);
        }

        JsonElement json = (await CliRun.Of(["monitor", "--json", "--home", copy])).Json;
        Assert.Equal("v0002", json.GetProperty("version").GetString());
        Assert.Equal("version,difference,ci,pairs", CliRun.Fields(json.GetProperty("previous")));
        Assert.Equal("v0001", json.GetProperty("previous").GetProperty("version").GetString());
    }

    [Theory]
    [InlineData(2, "Window must be in", "--window", "1")]
    [InlineData(2, "RetrainPairs", "--retrain-pairs", "0")]
    [InlineData(3, "Nothing is settled", "--as-of", "2001-01-01")]
    public async Task Monitor_WhatCannotBe_SaysWhy(int exitCode, string words, params string[] args)
    {
        CliRun run = await home.RunAsync(["monitor", "--model", "v0001", .. args]);
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
