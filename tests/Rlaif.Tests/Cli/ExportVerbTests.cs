using System.Text.Json;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Cli;

[Collection(LearningHome.Collection)]
public sealed class ExportVerbTests(LearningHome home)
{
    [Theory]
    [InlineData("dpo", "trl")]
    [InlineData("reward", "axolotl")]
    [InlineData("sft", "together")]
    [InlineData("kto", "llamafactory")]
    public async Task Export_Json_HasTheFieldsOfTheContract(string task, string format)
    {
        CliRun run = await home.RunAsync("export", "--task", task, "--format", format, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("file,manifest,rows,dropped,warnings,timing", CliRun.Fields(run.Json));
        string file = run.Json.GetProperty("file").GetString()!;
        Assert.Equal(Path.Combine(home.Home, "finetuning", $"{task}_{format}.jsonl"), file);
        string[] lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal(lines.Length, run.Json.GetProperty("rows").GetInt32());
        Assert.All(lines, l => Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(l).RootElement.ValueKind));
        Assert.True(File.Exists(run.Json.GetProperty("manifest").GetString()));
    }

    [Fact]
    public async Task Export_CandidatesOfALanguageModel_AreInItsWords()
    {
        string spoken = home.Copy("spoken");
        await using (Ledger ledger = await LearningHome.OpenAsync(spoken))
        {
            string[] texts = ["You are the manager.", "Brief of Stock A.", "{\"buy\":1}"];
            await ledger.AppendAsync(texts.Select(CallText.Of));
            await ledger.AppendAsync((await ledger.ReadAsync<Candidate>()).Select(Call));
        }

        CliRun run = await CliRun.Of(["export", "--task", "kto", "--json", "--home", spoken]);
        Assert.True(run.ExitCode == 0, run.Error);
        string row = Assert.Single(
            await File.ReadAllLinesAsync(run.Json.GetProperty("file").GetString()!),
            l => l.Contains("true")
        );
        Assert.Equal(
            """{"prompt":[{"role":"system","content":"You are the manager."},{"role":"user","content":"Brief of Stock A."}],"completion":[{"role":"assistant","content":"{\"buy\":1}"}],"label":true}""",
            row
        );
    }

    [Fact]
    public async Task Export_MinConfidenceMaxAndOut_AreKept()
    {
        string file = home.Folder.PathOf("few.jsonl");
        CliRun all = await home.RunAsync("export", "--task", "dpo", "--json");
        CliRun sure = await home.RunAsync("export", "--task", "dpo", "--min-confidence", "0.7", "--json");
        CliRun few = await home.RunAsync("export", "--task", "dpo", "--max", "3", "--out", file, "--json");
        Assert.InRange(sure.Json.GetProperty("rows").GetInt32(), 1, all.Json.GetProperty("rows").GetInt32() - 1);
        Assert.Equal(3, few.Json.GetProperty("rows").GetInt32());
        Assert.Equal(file, few.Json.GetProperty("file").GetString());
    }

    [Fact]
    public async Task Export_ServiceWithoutPairs_WarnsOnStderr()
    {
        CliRun run = await home.RunAsync("export", "--task", "dpo", "--format", "anthropic");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("No Anthropic service accepts preference pairs", run.Error, StringComparison.Ordinal);
        Assert.Contains("rows written to", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--task")]
    [InlineData("--task", "rlhf")]
    [InlineData("--task", "dpo", "--format", "excel")]
    [InlineData("--task", "kto", "--format", "together")]
    [InlineData("--task", "dpo", "--min-confidence", "1.5")]
    [InlineData("--task", "dpo", "--max", "0")]
    public async Task Export_BadUsage_ExitsWithTwo(params string[] options)
    {
        CliRun run = await home.RunAsync(["export", .. options]);
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.NotEmpty(run.Error);
    }

    [Fact]
    public async Task Export_NothingSettled_ExitsWithThree()
    {
        CliRun run = await home.RunNowhereAsync("export", "--task", "kto");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("Nothing is settled", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home.Nowhere));
    }

    private static ModelCall Call(Candidate candidate) =>
        new()
        {
            CallId = ModelCall.CreateId(candidate.ContextId, ModelRole.Manager, $"candidate {candidate.Index}", 0),
            ContextId = candidate.ContextId,
            Role = ModelRole.Manager,
            Purpose = $"candidate {candidate.Index}",
            Step = 0,
            CandidateId = candidate.CandidateId,
            Fingerprint = "f",
            Provider = "claude",
            Model = "m",
            PromptVersion = "manager@1",
            SystemId = CallText.Of("You are the manager.").TextId,
            PromptIds = [CallText.Of("Brief of Stock A.").TextId],
            ReplyId = CallText.Of("{\"buy\":1}").TextId,
            Usage = default,
            AsOf = candidate.AsOf,
        };
}
