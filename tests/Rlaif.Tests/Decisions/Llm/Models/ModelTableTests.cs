using Rlaif.Core;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

public sealed class ModelTableTests : IDisposable
{
    private readonly string _file = Path.Combine(
        Path.GetTempPath(),
        $"rlaif-models-{Environment.ProcessId}-{Guid.CreateVersion7():N}.json"
    );

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Load_OwnRows_HaveDateSourceAndPrices()
    {
        ModelTable table = ModelTable.Load();
        Assert.InRange(table.Rows.Count, 25, 200);
        Assert.All(
            table.Rows,
            r =>
            {
                Assert.NotNull(r.CheckedOn);
                Assert.False(string.IsNullOrWhiteSpace(r.Source), r.Model);
                Assert.True(r.InputUsd > 0 && r.OutputUsd > r.InputUsd, r.Model);
                Assert.True(r.CachedInputUsd < r.InputUsd, r.Model);
                Assert.True(r.LongContextFrom is null || (r.LongInputUsd > r.InputUsd && r.LongOutputUsd > r.OutputUsd), r.Model);
                Assert.True(r.Provider != "claude" || !r.TakesTemperature, r.Model);
            }
        );
    }

    [Theory]
    [InlineData("claude", "claude-haiku-4-5-20251001", "claude-haiku-4-5")]
    [InlineData("openai", "gpt-5-mini-2025-08-07", "gpt-5-mini")]
    [InlineData("openai", "gpt-4.1", "gpt-4.1")]
    public void Find_SnapshotOrModel_HasTheRowOfTheModel(string provider, string asked, string row)
    {
        ModelTable table = ModelTable.Load();
        Assert.Equal(table.Find(provider, row)! with { Model = asked }, table.Find(provider, asked));
    }

    [Theory]
    [InlineData("claude", "gpt-4.1")]
    [InlineData("openai", "gpt-4.1-turbo")]
    [InlineData("openai", "gpt-4")]
    [InlineData("openai", "gpt-4.1-2025")]
    [InlineData("claude", "claude-haiku-4-5-")]
    public void Find_OtherModel_IsNotFound(string provider, string model) => Assert.Null(ModelTable.Load().Find(provider, model));

    [Fact]
    public void Load_UsersFile_ChangesAndAddsRows()
    {
        File.WriteAllText(
            _file,
            """
            [
              // What our contract says.
              {"provider": "claude", "model": "claude-opus-5-5", "input_usd": 3.5},
              {"provider": "openai", "model": "llama3", "input_usd": 0, "output_usd": 0, "schema": "prompt", "takes_temperature": true},
            ]
            """
        );
        ModelTable table = ModelTable.Load(_file);
        ModelCard opus = table.Find("claude", "claude-opus-5-5")!;
        Assert.Equal(3.5, opus.InputUsd);
        Assert.Equal(20, opus.OutputUsd);
        Assert.Equal(_file, opus.Source);
        Assert.Null(opus.CheckedOn);
        ModelCard llama = table.Find("openai", "llama3")!;
        Assert.Equal(SchemaSupport.Prompt, llama.Schema);
        Assert.True(llama.TakesTemperature);
        Assert.True(llama.TakesEffort);
    }

    [Theory]
    [InlineData("{", "is not JSON")]
    [InlineData("{}", "must be a list")]
    [InlineData("""[{"model": "x"}]""", "row 1: provider and model")]
    [InlineData("""[{"provider": "gemini", "model": "x"}]""", "There are: claude, openai")]
    [InlineData("""[{"provider": "openai", "model": "x", "input_usd": 1}]""", "output_usd")]
    [InlineData("""[{"provider": "openai", "model": "x", "input_usd": 1, "output_usd": 1, "inptu": 1}]""", "inptu")]
    [InlineData("""[{"provider": "openai", "model": "x", "input_usd": -1, "output_usd": 1}]""", "0 or more")]
    [InlineData("""[{"provider": "openai", "model": "x", "input_usd": "1", "output_usd": 1}]""", "input_usd")]
    public void Load_BadFile_SaysWhatIsWrong(string text, string said)
    {
        File.WriteAllText(_file, text);
        var e = Assert.Throws<RlaifInputException>(() => ModelTable.Load(_file));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.Contains(_file, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_SaysWhich() =>
        Assert.Contains(
            _file,
            Assert.Throws<RlaifInputException>(() => ModelTable.Load(_file)).Message,
            StringComparison.Ordinal
        );
}
