using System.Runtime.CompilerServices;
using Rlaif.Cli;

namespace Rlaif.Tests.Cli;

/// <summary>
/// <c>docs/cli.md</c> is what the commands say. After a change: <c>RLAIF_WRITE_DOCS=1 dotnet run --project tests/Rlaif.Tests -- -class
/// Rlaif.Tests.Cli.CliReferenceTests</c>.
/// </summary>
public sealed class CliReferenceTests
{
    private static string Rendered()
    {
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        return CliReference.Render(new RlaifCommand(host));
    }

    private static string File([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "docs", "cli.md"));

    [Fact]
    public async Task Render_CommittedFile_IsUpToDate()
    {
        if (Environment.GetEnvironmentVariable("RLAIF_WRITE_DOCS") is { Length: > 0 })
        {
            await System.IO.File.WriteAllTextAsync(File(), Rendered(), TestContext.Current.CancellationToken);
        }

        string committed = await System.IO.File.ReadAllTextAsync(File(), TestContext.Current.CancellationToken);
        bool isUpToDate = committed.ReplaceLineEndings("\n") == Rendered();
        Assert.True(isUpToDate, "docs/cli.md is out of date. Run the tests once with RLAIF_WRITE_DOCS=1 and commit the file.");
    }

    [Fact]
    public void Render_EveryVerb_IsThereWithItsExample()
    {
        string text = Rendered();
        string[] verbs =
        [
            "data import",
            "data list",
            "features",
            "train",
            "models list",
            "models show",
            "score",
            "rank",
            "export",
        ];
        Assert.All(verbs, v => Assert.Contains($"## rlaif {v}\n", text, StringComparison.Ordinal));
        int epochs = new Rlaif.Rewards.TrainingOptions().Epochs;
        Assert.Contains($"the best one is kept (1 to 10000) | `{epochs}` |", text, StringComparison.Ordinal);
        Assert.Contains("`--task dpo\\|kto\\|reward\\|sft`", text, StringComparison.Ordinal);
        Assert.Contains("rlaif data import PATH... [options]", text, StringComparison.Ordinal);
    }
}
