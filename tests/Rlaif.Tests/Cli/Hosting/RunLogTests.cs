using System.Text.Json;
using Microsoft.Extensions.Logging;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli.Hosting;

public sealed class RunLogTests : IDisposable
{
    private const string Key = "Zq8planted\"\\Key77wXy";
    private readonly TempFolder _folder = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _error.Dispose();
    }

    [Fact]
    public void Log_Line_IsJsonInTheFileAndTextForPeople()
    {
        using (RunLog log = Open(isQuiet: false))
        {
            log.Logger.LogInformation("Sent {Count} orders of {Symbol}", 3, "AAPL");
            log.Logger.LogDebug("not shown");
        }

        JsonElement line = Assert.Single(Lines());
        Assert.Equal("Sent 3 orders of \"AAPL\"", line.GetProperty("@m").GetString());
        Assert.Equal(3, line.GetProperty("Count").GetInt32());
        Assert.EndsWith("Sent 3 orders of \"AAPL\"", _error.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.Matches("run-[0-9]{8}\\.jsonl$", Assert.Single(Files()));
    }

    [Fact]
    public void Log_Quiet_LeavesWarningsOnly()
    {
        using (RunLog log = Open(isQuiet: true))
        {
            log.Logger.LogInformation("a note");
            log.Logger.LogWarning("a surprise");
        }

        Assert.Equal(2, Lines().Length);
        Assert.DoesNotContain("a note", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("a surprise", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_SecretsAnywhere_AreTakenOutAndLinesStayJson()
    {
        using (RunLog log = Open(isQuiet: false))
        {
            log.Logger.LogError(
                new InvalidOperationException($"the broker said {Key} is wrong"),
                "Key {Key} of {List} in {Nested}, bearer \\\"{Key2}",
                Key,
                new[] { "a", Key },
                new Dictionary<string, string> { [Key] = Key },
                "Bearer abcdef\"\\"
            );
        }

        string[] pieces = ["Zq8planted", "Key77wXy", "77wXy"];
        Assert.Single(Lines());
        string all = File.ReadAllText(Files().Single()) + _error;
        Assert.All(pieces, p => Assert.DoesNotContain(p, all, StringComparison.Ordinal));
    }

    [Fact]
    public void Log_FullFile_IsFollowedByAnotherAndTheOldestGo()
    {
        using (RunLog log = Open(isQuiet: true, fullAt: 1_000))
        {
            for (int i = 0; i < 400; i++)
            {
                log.Logger.LogInformation("line {Number} {Filling}", i, new string('x', 100));
            }
        }

        Assert.Equal(RunLog.FilesKept, Files().Length);
        Assert.Contains(Lines(), l => l.GetProperty("Number").GetInt32() == 399);
    }

    [Fact]
    public void Log_FolderThatIsAFile_IsSaidOnceAndStopsNothing()
    {
        _folder.Write("logs", "in the way");
        using (RunLog log = Open(isQuiet: false))
        {
            log.Logger.LogInformation("first");
            log.Logger.LogInformation("second");
        }

        Assert.Contains("second", _error.ToString(), StringComparison.Ordinal);
        Assert.Single(_error.ToString().Split('\n'), l => l.Contains("the log cannot be written", StringComparison.Ordinal));
    }

    private string[] Files() => Directory.GetFiles(_folder.PathOf("logs"));

    private JsonElement[] Lines() => [.. Files().SelectMany(File.ReadAllLines).Select(l => JsonDocument.Parse(l).RootElement)];

    private RunLog Open(bool isQuiet, long fullAt = 1_000_000)
    {
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = _error,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        return RunLog.Open(
            new HomeFolder(_folder.Root),
            new Output(host, isJson: false, isQuiet, isVerbose: false),
            new SecretScrubber(Key),
            fullAt
        );
    }
}
