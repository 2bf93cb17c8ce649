using System.Diagnostics;
using Rlaif.Cli;

namespace Rlaif.Tests.Cli;

/// <summary>Runs the command line as a process of its own, which can be killed and can run beside others.</summary>
internal static class CliProcess
{
    public static Process Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    public static Process Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Beside the tests lie the native libraries of the tests, laid out as their own list says.
        string folder = AppContext.BaseDirectory;
        string[] line =
        [
            "exec",
            "--depsfile",
            Path.Combine(folder, "Rlaif.Tests.deps.json"),
            "--runtimeconfig",
            Path.Combine(folder, "Rlaif.Cli.runtimeconfig.json"),
            typeof(RlaifCommand).Assembly.Location,
            .. args,
        ];
        foreach (string argument in line)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs to the end.</summary>
    public static async Task<CliRun> RunAsync(params string[] args)
    {
        using Process process = Start(args);
        CancellationToken token = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(token);
        Task<string> error = process.StandardError.ReadToEndAsync(token);
        await process.WaitForExitAsync(token);
        return new CliRun(process.ExitCode, await output, await error);
    }
}
