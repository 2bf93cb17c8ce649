using System.Runtime.CompilerServices;
using Rlaif.Core;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Examples;
using Rlaif.Tests.Data;
using Rlaif.Tests.Decisions.Llm.Servers;

namespace Rlaif.Tests.Scenarios;

/// <summary>
/// The examples on language models run without a key on recordings that were made here, against the scripted server. A changed prompt, shape
/// or model makes them stale: with <c>RLAIF_WRITE_DOCS=1</c> these tests make them anew.
/// </summary>
public sealed class ExampleRecordingTests
{
    private const int MostBytes = 300_000;

    private static readonly Dictionary<string, Func<ModelDoor, TextWriter, Task<UsageFigures>>> Examples = new()
    {
        ["02-multi-agent"] = MultiAgentDesk.RunAsync,
        ["03-guided-inference"] = GuidedDesk.RunAsync,
    };

    [Theory]
    [InlineData("02-multi-agent")]
    [InlineData("03-guided-inference")]
    public async Task Example_OnItsRecording_RunsWithoutACall(string example)
    {
        string recording = Path.Combine(Folder(), "..", "..", "..", "examples", example, "recording.jsonl");
        if (Environment.GetEnvironmentVariable("RLAIF_WRITE_DOCS") is { Length: > 0 })
        {
            await RecordAsync(example, recording);
        }

        (UsageFigures usage, string said) = await ReplayAsync(example, recording);
        Assert.Equal(0, usage.Calls);
        Assert.True(usage.Replayed > 20, $"{usage.Replayed} replies were replayed.");
        Assert.True(
            usage.Replayed == File.ReadLines(recording).Count(),
            $"The recording of {example} has lines that are not used. {HowTo}"
        );
        Assert.InRange(new FileInfo(recording).Length, 1, MostBytes);
        Assert.DoesNotContain("no usable candidate", said, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(said, (await ReplayAsync(example, recording)).Said);
    }

    private const string HowTo =
        "Record it anew: RLAIF_WRITE_DOCS=1 dotnet run --project tests/Rlaif.Tests -- -class Rlaif.Tests.Scenarios.ExampleRecordingTests";

    private static async Task<(UsageFigures Usage, string Said)> ReplayAsync(string example, string recording)
    {
        using var said = new StringWriter();
        try
        {
            UsageFigures usage = await Examples[example](new ModelDoor(LlmMode.Replay, recording), said);
            return (usage, said.ToString());
        }
        catch (RlaifInputException e)
        {
            Assert.Fail($"The recording of {example} is stale: {e.Message}{Environment.NewLine}{HowTo}");
            throw;
        }
    }

    private static async Task RecordAsync(string example, string recording)
    {
        using var folder = new TempFolder();
        string made = folder.PathOf("recording.jsonl");
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.Anthropic,
            TeamBrain.Answer,
            key: null
        );
        await Examples[example](new ModelDoor(LlmMode.Record, made, server.BaseUrl), TextWriter.Null);
        // Calls end in any order; in the order of their names a changed recording shows what changed.
        await File.WriteAllLinesAsync(recording, File.ReadLines(made).Order(StringComparer.Ordinal));
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
