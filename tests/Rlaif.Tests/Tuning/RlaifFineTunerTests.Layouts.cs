using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Preferences;
using Rlaif.Tuning;

namespace Rlaif.Tests.Tuning;

public sealed partial class RlaifFineTunerTests
{
    // ---- Other layouts ----

    [Theory]
    [InlineData(TuningFormat.OpenAi, TuningTask.Dpo, "input,preferred_output,non_preferred_output")]
    [InlineData(TuningFormat.OpenAi, TuningTask.Sft, "messages")]
    [InlineData(TuningFormat.Bedrock, TuningTask.Sft, "system,messages")]
    [InlineData(TuningFormat.Anthropic, TuningTask.Sft, "system,messages")]
    [InlineData(TuningFormat.Anthropic, TuningTask.Dpo, "prompt,chosen,rejected")]
    [InlineData(TuningFormat.Anthropic, TuningTask.Kto, "prompt,completion,label")]
    [InlineData(TuningFormat.Anthropic, TuningTask.Reward, "chosen,rejected,margin")]
    [InlineData(TuningFormat.Together, TuningTask.Dpo, "input,preferred_output,non_preferred_output")]
    [InlineData(TuningFormat.Together, TuningTask.Sft, "messages")]
    [InlineData(TuningFormat.Fireworks, TuningTask.Dpo, "input,preferred_output,non_preferred_output")]
    [InlineData(TuningFormat.Fireworks, TuningTask.Sft, "messages")]
    [InlineData(TuningFormat.Axolotl, TuningTask.Dpo, "messages,chosen,rejected")]
    [InlineData(TuningFormat.Axolotl, TuningTask.Sft, "messages")]
    [InlineData(TuningFormat.Axolotl, TuningTask.Reward, "system,input,chosen,rejected")]
    [InlineData(TuningFormat.LlamaFactory, TuningTask.Dpo, "conversations,chosen,rejected,system")]
    [InlineData(TuningFormat.LlamaFactory, TuningTask.Sft, "conversations,system")]
    [InlineData(TuningFormat.LlamaFactory, TuningTask.Kto, "conversations,system,kto_tag")]
    [InlineData(TuningFormat.LlamaFactory, TuningTask.Reward, "conversations,chosen,rejected,system")]
    public async Task Prepare_OtherFormat_HasItsKeys(TuningFormat format, TuningTask task, string keys)
    {
        TuningFile file = await Prepare(Tuner(new TuningOptions { Format = format }), task, World());
        Assert.All(Lines(file), r => Assert.Equal(keys, string.Join(',', r.Select(p => p.Key))));
        bool legacy = format is TuningFormat.OpenAi or TuningFormat.Bedrock or TuningFormat.Anthropic;
        Assert.Equal(legacy, file.Warnings.Any(w => w.Contains("Prefer the trl format") || w.Contains("archive")));
    }

    [Fact]
    public async Task Prepare_OpenAiSupervised_WeighsTheAnswerOnly()
    {
        TuningFile file = await Tuner(new TuningOptions { Format = TuningFormat.OpenAi })
            .PrepareSupervisedTrainingDataAsync(BuyAndSell(0.06));
        Assert.Equal(Row("""{"messages":""" + Prefix + "," + Buy[..^1] + ""","weight":1}]}"""), Read(file));
        Assert.Contains(file.Warnings, w => w.Contains("10 to", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prepare_LlamaFactory_ManifestHoldsTheDatasetEntry()
    {
        TuningFile file = await Tuner(new TuningOptions { Format = TuningFormat.LlamaFactory })
            .PrepareDpoTrainingDataAsync(World());
        JsonObject manifest = JsonNode.Parse(await File.ReadAllTextAsync(file.Manifest))!.AsObject();
        Assert.Equal(
            """{"file_name":"dpo_llamafactory.jsonl","formatting":"sharegpt","ranking":true,"columns":{"messages":"conversations","system":"system","chosen":"chosen","rejected":"rejected"}}""",
            manifest["dataset_info"]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Prepare_FormatThatDoesNotServeTheTask_ListsThoseThatDo()
    {
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            Tuner(new TuningOptions { Format = TuningFormat.Bedrock }).PrepareDpoTrainingDataAsync(World())
        );
        Assert.Contains(
            "bedrock has no layout for the task dpo. Formats that have one: trl, openai, anthropic, together, fireworks, axolotl, llamafactory.",
            error.Message,
            StringComparison.Ordinal
        );
    }
}
