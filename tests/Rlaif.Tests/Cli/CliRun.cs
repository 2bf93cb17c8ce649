using System.Text.Json;
using Rlaif.Cli;

namespace Rlaif.Tests.Cli;

/// <summary>Runs a command line inside the test and keeps what it said.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Out).RootElement;

    public static async Task<CliRun> Of(IReadOnlyDictionary<string, string>? environment, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = output,
            Error = error,
            Environment = environment ?? new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
        };
        int exitCode = await RlaifCommand.RunAsync(args, host, TestContext.Current.CancellationToken);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    public static Task<CliRun> Of(params string[] args) => Of(null, args);

    /// <summary>The names of an object's fields, in order.</summary>
    public static string Fields(JsonElement element) => string.Join(',', element.EnumerateObject().Select(p => p.Name));
}
