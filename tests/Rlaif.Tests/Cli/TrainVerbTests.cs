using System.Text.Json;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Tests.Decisions.Llm.Judging;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class TrainVerbTests(LearningHome home)
{
    private static string Without(CliRun run, params string[] fields) =>
        string.Join(
            '\n',
            run.Json.EnumerateObject().Where(p => !fields.Contains(p.Name)).Select(p => $"{p.Name} {p.Value.GetRawText()}")
        );

    private static IEnumerable<string> OthersThanLinear(CliRun run) =>
        run
            .Json.GetProperty("validation")
            .GetProperty("baselines")
            .EnumerateObject()
            .Where(b => b.Name != "linear_bradley_terry")
            .Select(b => $"{b.Name} {b.Value}");

    [Fact]
    public void Train_Json_HasTheFieldsOfTheContract()
    {
        Assert.Equal(0, home.Trained.ExitCode);
        JsonElement json = home.Trained.Json;
        Assert.Equal("version,split,history,best_epoch,stop_reason,validation,verdict,gate,files,timing", CliRun.Fields(json));
        Assert.Equal("v0001", json.GetProperty("version").GetString());
        JsonElement split = json.GetProperty("split");
        Assert.Equal(
            "train,stopping,validation,purged,embargoed,embargo_days,shared_decisions,overlapping_windows,pairs_left_out,process_pairs",
            CliRun.Fields(split)
        );
        Assert.Equal("first_date,last_date,dates,contexts,pairs", CliRun.Fields(split.GetProperty("stopping")));
        Assert.Equal(
            (0, 0),
            (split.GetProperty("shared_decisions").GetInt32(), split.GetProperty("overlapping_windows").GetInt32())
        );
        Assert.Equal(2, json.GetProperty("history").GetArrayLength());
        Assert.Equal(
            "epoch,train_loss,train_accuracy,train_margin,validation_loss,validation_accuracy,validation_margin,learning_rate,gradient_norm",
            CliRun.Fields(json.GetProperty("history")[0])
        );
        JsonElement validation = json.GetProperty("validation");
        Assert.Equal(
            "pairs,dates,dates_per_block,accuracy,accuracy_ci,log_loss,log_loss_calibrated,brier,brier_calibrated,calibration_error,calibration_error_calibrated,calibration,best_of_k_regret,best_of_k_regret_ci,"
                + "best_of_k_baseline_regret,by_pool,by_margin,by_symbol,by_action,by_period,rank_correlation,outcome_by_reward,error_by_spread,baselines,baselines_ci,lead,controls,verdict,alarms,undefined",
            CliRun.Fields(validation)
        );
        Assert.Equal("same_context,same_date", CliRun.Fields(validation.GetProperty("by_pool")));
        Assert.Equal(0.5, validation.GetProperty("baselines").GetProperty("coin").GetDouble());
        Assert.Equal(
            "agent_confidence,agent_score,coin,lambdarank,linear_bradley_terry,momentum,reversal,smaller_position,text_length",
            CliRun.Fields(validation.GetProperty("baselines"))
        );
        Assert.Equal(CliRun.Fields(validation.GetProperty("baselines")), CliRun.Fields(validation.GetProperty("baselines_ci")));
        Assert.Equal("AAPL,MSFT,TSLA", CliRun.Fields(validation.GetProperty("by_symbol")));
        Assert.Equal("accuracy,ci,at_chance", CliRun.Fields(validation.GetProperty("controls").GetProperty("shuffled_labels")));
        Assert.Equal("value,ci", CliRun.Fields(validation.GetProperty("rank_correlation").GetProperty("kendall")));
        Assert.Equal(split.GetProperty("validation").GetProperty("pairs").GetInt32(), validation.GetProperty("pairs").GetInt32());
        Assert.Contains(
            json.GetProperty("verdict").GetString(),
            (string[])["better than chance", "not enough evidence", "worse than chance"]
        );
    }

    [Fact]
    public void Train_Sides_FollowEachOtherInTime()
    {
        JsonElement split = home.Trained.Json.GetProperty("split");
        string[] dates =
        [
            .. ((string[])["train", "stopping", "validation"]).SelectMany(s =>
                new[]
                {
                    split.GetProperty(s).GetProperty("first_date").GetString()!,
                    split.GetProperty(s).GetProperty("last_date").GetString()!,
                }
            ),
        ];
        Assert.Equal(dates.Order(StringComparer.Ordinal), dates);
    }

    [Fact]
    public async Task Train_Report_StandsAlone()
    {
        string report = home.Trained.Json.GetProperty("files").GetProperty("report").GetString()!;
        string html = await File.ReadAllTextAsync(report, TestContext.Current.CancellationToken);
        Assert.Contains("Reward model v0001", html, StringComparison.Ordinal);
        Assert.Contains("Against baselines", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_Checklist_StandsBesideThePageAndInTheVersion()
    {
        string file = home.Trained.Json.GetProperty("files").GetProperty("checklist").GetString()!;
        using JsonDocument document = JsonDocument.Parse(
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)
        );
        JsonElement checklist = document.RootElement;
        Assert.Equal(
            "version,data,split,config,training,validation,reward_mean,reward_deviation,verdict,gate",
            CliRun.Fields(checklist)
        );
        Assert.Equal(
            home.Trained.Json.GetProperty("validation").GetProperty("lead").GetProperty("sentence").GetString(),
            checklist.GetProperty("validation").GetProperty("lead").GetProperty("sentence").GetString()
        );
        Assert.Equal(5, checklist.GetProperty("training").GetProperty("members").GetArrayLength());
        Assert.Contains(
            checklist.GetProperty("config").GetProperty("inputs").EnumerateArray(),
            i => i.GetProperty("name").GetString() == "exposure_x_rsi_14"
        );
        string account = Path.Combine(
            Path.GetDirectoryName(home.Trained.Json.GetProperty("files").GetProperty("model").GetString())!,
            "v0001",
            "training.json"
        );
        using JsonDocument kept = JsonDocument.Parse(await File.ReadAllTextAsync(account, TestContext.Current.CancellationToken));
        Assert.Equal("data,split,config,reward_mean,reward_deviation", CliRun.Fields(kept.RootElement.GetProperty("details")));
        Assert.Equal(
            checklist.GetProperty("data").GetProperty("data_hash").GetString(),
            kept.RootElement.GetProperty("details").GetProperty("data").GetProperty("data_hash").GetString()
        );
    }

    [Fact]
    public async Task Train_SameSeed_GivesTheSameDocumentOnAnyNumberOfThreads()
    {
        CliRun one = await home.RunAsync("train", "--epochs", "2", "--threads", "1", "--json");
        Assert.Equal(Without(home.Trained, "version", "files", "timing"), Without(one, "version", "files", "timing"));
        CliRun other = await home.RunAsync("train", "--epochs", "2", "--seed", "7", "--json");
        Assert.NotEqual(Without(one, "version", "files", "timing"), Without(other, "version", "files", "timing"));
        Assert.NotEqual(one.Json.GetProperty("version").GetString(), other.Json.GetProperty("version").GetString());
    }

    [Fact]
    public async Task Train_ForPeople_SaysAccuracyWithInterval()
    {
        CliRun run = await home.RunAsync("train", "--epochs", "1");
        Assert.Contains("a coin 50.0%", run.Out, StringComparison.Ordinal);
        Assert.Contains("validation", run.Out, StringComparison.Ordinal);
        Assert.Contains("report", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--ensemble is 0; it must be in 1..64", "--ensemble", "0")]
    [InlineData("--epochs is 0; it must be in 1..10000", "--epochs", "0")]
    [InlineData("--validation-fraction is 2; it must be in 0.01..0.9", "--validation-fraction", "2")]
    [InlineData("--process-weight is 1.5; it must be in 0..1", "--process-weight", "1.5")]
    [InlineData("--learning-rate is 0; it must be in 0.0000001..1", "--learning-rate", "0")]
    [InlineData("--dropout is 1; it must be in 0..0.9", "--dropout", "1")]
    [InlineData("--device is cuda; it must be cpu", "--device", "cuda")]
    [InlineData("--hidden-dims is 64,0; it takes one to eight", "--hidden-dims", "64,0")]
    [InlineData("such as 256,128,64", "--hidden-dims", "64;32")]
    [InlineData("--gradient-clip is 0; it must be in 0.000001..1000000", "--gradient-clip", "0")]
    [InlineData("exclude each other", "--label-smoothing", "0.1", "--flip-probability", "0.1")]
    [InlineData("--margins cannot go with", "--margins", "--objective", "classification")]
    [InlineData("cosine", "--schedule", "linear")]
    [InlineData("metrics: vol_scaled", "--metric", "luck")]
    public async Task Train_BadOption_ExitsWithTwo(string message, params string[] options)
    {
        CliRun run = await home.RunAsync(["train", .. options]);
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.InRange(run.Error.TrimEnd().Split('\n').Length, 1, 3);
    }

    [Fact]
    public async Task Train_SeveralBadOptions_AreAllNamed()
    {
        CliRun run = await home.RunAsync(
            "train",
            "--epochs",
            "0",
            "--dropout",
            "2",
            "--validation-fraction",
            "2",
            "--hidden-dims",
            "0"
        );
        Assert.Equal(2, run.ExitCode);
        Assert.All(
            ["--epochs is 0", "--dropout is 2", "--validation-fraction is 2", "--hidden-dims is 0"],
            name => Assert.Contains(name, run.Error, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Train_EveryKnob_IsWrittenBesideTheModel()
    {
        CliRun run = await home.RunAsync([
            .. "train --json --epochs 1 --ensemble 1 --objective classification --flip-probability 0.1 --learning-rate 0.0002".Split(
                ' '
            ),
            .. "--schedule cosine --warmup-fraction 0.25 --weight-decay 0.5 --dropout 0.3 --patience 7".Split(' '),
            .. "--hidden-dims 24,12 --centering 0.02 --gradient-clip 2".Split(' '),
        ]);
        Assert.Equal(0, run.ExitCode);
        CliRun shown = await home.RunAsync("models", "show", run.Json.GetProperty("version").GetString()!, "--json");
        JsonElement metadata = shown.Json.GetProperty("metadata");
        Assert.Equal(0.3, metadata.GetProperty("model").GetProperty("dropout").GetDouble());
        Assert.Equal(
            [24, 12],
            metadata.GetProperty("model").GetProperty("hidden_dims").EnumerateArray().Select(d => d.GetInt32())
        );
        JsonElement training = metadata.GetProperty("training");
        Assert.Equal("classification", training.GetProperty("objective").GetString());
        Assert.Equal("cosine", training.GetProperty("schedule").GetString());
        Assert.Equal(
            [0.1, 2e-4, 0.25, 0.5, 7, 0.02, 2],
            "flip_probability learning_rate warmup_fraction weight_decay patience centering_coefficient gradient_clip"
                .Split(' ')
                .Select(n => training.GetProperty(n).GetDouble())
        );
        run = await home.RunAsync("train", "--json", "--epochs", "1", "--ensemble", "1", "--margins", "--label-smoothing", "0.2");
        shown = await home.RunAsync("models", "show", run.Json.GetProperty("version").GetString()!, "--json");
        training = shown.Json.GetProperty("metadata").GetProperty("training");
        Assert.True(training.GetProperty("margins").GetBoolean());
        Assert.Equal(0.2, training.GetProperty("label_smoothing").GetDouble());
    }

    [Fact]
    public async Task Train_NothingSettled_ExitsWithThreeAndChangesNothing()
    {
        CliRun run = await home.RunNowhereAsync("train");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("rlaif outcomes settle", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.Nowhere));
    }

    [Fact]
    public async Task Train_NoPairsOfTheMetric_ExitsWithThree()
    {
        CliRun run = await home.RunAsync("train", "--metric", "return");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("rlaif preferences generate", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ProcessWeightWithoutJudgements_ExitsWithThree()
    {
        CliRun run = await home.RunAsync("train", "--process-weight", "0.5");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Let a judge compare", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_ProcessWeight_MixesAJudgesPreferencesIntoTrainingAlone()
    {
        string judged = home.Copy("judged");
        await using (Ledger ledger = await LearningHome.OpenAsync(judged))
        {
            IReadOnlyList<Candidate> candidates = await ledger.ReadAsync<Candidate>();
            await ledger.AppendAsync(
                candidates
                    .GroupBy(c => c.ContextId)
                    .Select(g => g.OrderBy(c => c.Index).ToArray())
                    .Select(c => JudgedPairs.Of(c[0], c[1], c[1]))
            );
        }

        CliRun none = await CliRun.Of(["train", "--epochs", "2", "--json", "--home", judged]);
        Assert.Equal(Without(home.Trained, "version", "files", "timing"), Without(none, "version", "files", "timing"));
        CliRun run = await CliRun.Of(["train", "--epochs", "2", "--process-weight", "0.5", "--json", "--home", judged]);
        JsonElement split = run.Json.GetProperty("split");
        Assert.InRange(
            split.GetProperty("process_pairs").GetInt32(),
            1,
            split.GetProperty("train").GetProperty("pairs").GetInt32()
        );
        // The linear model learns from the same pairs as the network; what needs no training, and trees, stay as they were.
        Assert.Equal(OthersThanLinear(home.Trained), OthersThanLinear(run));
        Assert.NotEqual(home.Trained.Json.GetProperty("history").GetRawText(), run.Json.GetProperty("history").GetRawText());
    }

    [Fact]
    public async Task Train_TooFewDates_ExitsWithThreeAndAddsNoVersion()
    {
        string before = (await home.RunAsync("models", "list", "--json")).Json.GetProperty("models").GetRawText();
        CliRun run = await home.RunAsync("train", "--embargo", "200");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("decide on more dates", run.Error, StringComparison.Ordinal);
        Assert.Equal(before, (await home.RunAsync("models", "list", "--json")).Json.GetProperty("models").GetRawText());
    }

    [Fact]
    public async Task List_Json_HasTheAccuracyOfEveryVersion()
    {
        JsonElement first = (await home.RunAsync("models", "list", "--json")).Json.GetProperty("models")[0];
        Assert.Equal(
            "version,created_at,status,tags,pruned,training_pairs,best_epoch,accuracy,accuracy_ci,verdict",
            CliRun.Fields(first)
        );
        Assert.Equal(("v0001", "candidate"), (first.GetProperty("version").GetString(), first.GetProperty("status").GetString()));
        Assert.Equal(
            home.Trained.Json.GetProperty("validation").GetProperty("accuracy").GetDouble(),
            first.GetProperty("accuracy").GetDouble()
        );
        Assert.Contains("v0001", (await home.RunAsync("models", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoModels_IsEmpty()
    {
        CliRun run = await home.RunNowhereAsync("models", "list", "--json");
        Assert.Equal((0, 0), (run.ExitCode, run.Json.GetProperty("models").GetArrayLength()));
        Assert.Contains("rlaif train", (await home.RunNowhereAsync("models", "list")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_Json_SaysWhatTheModelWasTrainedOn()
    {
        JsonElement json = (await home.RunAsync("models", "show", "v0001", "--json")).Json;
        Assert.Equal(
            "version,created_at,status,tags,pruned,path,encoder,features,metadata,training,validation,data,split,config,gate,history,timing",
            CliRun.Fields(json)
        );
        Assert.Contains("rsi_14", json.GetProperty("features").GetProperty("names").EnumerateArray().Select(n => n.GetString()));
        Assert.Equal(64, json.GetProperty("metadata").GetProperty("data_hash").GetString()!.Length);
        Assert.Equal(2, json.GetProperty("training").GetProperty("history").GetArrayLength());
        Assert.Contains("(kept)", (await home.RunAsync("models", "show", "latest")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_UnknownVersion_ExitsWithTwoAndNamesThoseThatThereAre()
    {
        CliRun run = await home.RunAsync("models", "show", "v9999");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("v0001", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Onnx_WritesTheVersion()
    {
        string file = home.Folder.PathOf("reward.onnx");
        JsonElement json = (await home.RunAsync("models", "export", "v0001", "--onnx", file, "--json")).Json;
        Assert.Equal("version,file,size_bytes,encoder,market_features,timing", CliRun.Fields(json));
        Assert.Equal(new FileInfo(file).Length, json.GetProperty("size_bytes").GetInt64());
        CliRun again = await home.RunAsync("models", "export", "latest", "--onnx", file);
        Assert.Contains("outputs: reward, mean, deviation", again.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no model v9999", "v9999", "--onnx", "x.onnx")]
    [InlineData("Cannot write", "v0001", "--onnx", "/proc/no/such.onnx")]
    [InlineData("--onnx", "v0001")]
    public async Task Export_WhatCannotBe_ExitsWithTwo(string message, params string[] args)
    {
        CliRun run = await home.RunAsync(["models", "export", .. args]);
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
