using System.Text.Json;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

public sealed class RlaifCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--help")]
    [InlineData("data", "--help")]
    [InlineData("data", "import", "--help")]
    [InlineData("data", "list", "--help")]
    [InlineData("data", "check", "-h")]
    [InlineData("data", "show", "--help")]
    public async Task RunAsync_Help_ShowsUsageAndAnExampleAndOpensNoLedger(params string[] args)
    {
        string home = _folder.PathOf("home");
        CliRun run = await CliRun.Of(args.Length == 0 ? [] : [.. args, "--home", home]);
        Assert.Equal((0, string.Empty), (run.ExitCode, run.Error));
        Assert.Contains("rlaif", run.Out.Split("Usage:")[1].Split('\n')[1], StringComparison.Ordinal);
        Assert.Contains("Example:\n  rlaif ", run.Out, StringComparison.Ordinal);
        Assert.Contains("--home", run.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(home));
    }

    [Theory]
    [InlineData("data", "improt")]
    [InlineData("data")]
    [InlineData("data", "import")]
    [InlineData("data", "list", "--seed", "x")]
    [InlineData("data", "show", "A", "--from", "soon")]
    [InlineData("data", "import", "a.csv", "--format", "excel")]
    [InlineData("data", "import", "a.csv", "--raw", "--adjusted")]
    [InlineData("data", "list", "--threads", "0")]
    [InlineData("data", "list", "--config", "nowhere.json")]
    public async Task RunAsync_BadUsage_ExitsWithTwoAndAShortMessage(params string[] args)
    {
        CliRun run = await CliRun.Of(args);
        Assert.Equal((2, string.Empty), (run.ExitCode, run.Out));
        Assert.InRange(run.Error.TrimEnd().Split('\n').Length, 1, 3);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_BadUsageWithJson_StillGivesOneDocument()
    {
        JsonElement error = (await CliRun.Of("data", "show", "--json")).Json.GetProperty("error");
        Assert.Equal(2, error.GetProperty("exit_code").GetInt32());
        Assert.Contains("rlaif data show --help", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_ExitsWith130()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = output,
            Error = error,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        string bars = _folder.Write("a.csv", "date,open,high,low,close\n2024-01-02,1,1,1,1\n");
        string[] args = ["data", "import", bars, "--home", _folder.PathOf("home")];
        Assert.Equal(130, await RlaifCommand.RunAsync(args, host, new CancellationToken(canceled: true)));
        Assert.Equal("error: interrupted", error.ToString().TrimEnd());
    }

    [Fact]
    public async Task RunAsync_BrokenLedger_IsBadInputAndTheTraceIsForVerboseOnly()
    {
        _folder.Write("home/rlaif.db", new string('x', 5000));
        CliRun run = await CliRun.Of("data", "list", "--home", _folder.PathOf("home"));
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        CliRun verbose = await CliRun.Of("data", "list", "--home", _folder.PathOf("home"), "--verbose");
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Home_OptionBeatsVariableBeatsFile()
    {
        string config = _folder.Write("settings.json", JsonSerializer.Serialize(new { home = _folder.PathOf("from_file") }));
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["RLAIF_HOME"] = _folder.PathOf("from_variable"),
        };
        string bars = _folder.Write("a.csv", "date,open,high,low,close\n2024-01-02,1,1,1,1\n");
        string[] import = ["data", "import", bars, "--config", config];
        Assert.Equal(0, (await CliRun.Of(null, import)).ExitCode);
        Assert.True(File.Exists(_folder.PathOf("from_file/rlaif.db")));
        await CliRun.Of(environment, import);
        Assert.True(File.Exists(_folder.PathOf("from_variable/rlaif.db")));
        await CliRun.Of(environment, [.. import, "--home", _folder.PathOf("from_option")]);
        Assert.True(File.Exists(_folder.PathOf("from_option/rlaif.db")));
    }

    [Fact]
    public void Of_Exceptions_HaveTheirCodes()
    {
        Exception[] errors =
        [
            new RlaifInputException("x"),
            new NotEnoughDataException("x"),
            new OperationCanceledException(),
            new AggregateException(new RlaifInputException("x")),
            new InvalidOperationException("x"),
            new UnauthorizedAccessException("x"),
        ];
        Assert.Equal([2, 3, 130, 2, 1, 2], errors.Select(ExitCode.Of));
        Assert.Contains("--verbose", ExitCode.Message(errors[4]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_StdoutThatCannotBeWritten_SaysSoOnStderrAndFails()
    {
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = new FullDisk(),
            Error = error,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        string[] args = ["status", "--json", "--home", _folder.PathOf("full")];
        Assert.Equal(1, await RlaifCommand.RunAsync(args, host, TestContext.Current.CancellationToken));
        Assert.StartsWith("error: No space left", error.ToString(), StringComparison.Ordinal);
    }

    private sealed class FullDisk : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");
    }
}
