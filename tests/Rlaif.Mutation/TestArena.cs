using System.ComponentModel;
using System.Diagnostics;

namespace Rlaif.Mutation;

/// <summary>A copy of the built tests in which the library can be replaced.</summary>
internal sealed class TestArena : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Less than this within <see cref="Patience"/> is no work: threads that wait look around once a millisecond, which costs some seconds.</summary>
    private static readonly TimeSpan Progress = TimeSpan.FromSeconds(8);

    private readonly string _folder = Directory.CreateTempSubdirectory("rlaif-mutation-").FullName;

    public TestArena(string builtTests)
    {
        foreach (string file in Directory.GetFiles(builtTests))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        // Native libraries are large and never change.
        foreach (string folder in Directory.GetDirectories(builtTests))
        {
            Directory.CreateSymbolicLink(Path.Combine(_folder, Path.GetFileName(folder)), folder);
        }
    }

    public string Library => Path.Combine(_folder, "Rlaif.dll");

    /// <summary>Runs the tests of some classes until one fails.</summary>
    /// <param name="classes">Full names; a star at the end stands for any ending.</param>
    /// <param name="limit">Processor time after which the run is taken to hang.</param>
    /// <param name="results">Where a file with all results goes, if wanted.</param>
    public TestVerdict Run(IEnumerable<string> classes, TimeSpan limit, string? results = null)
    {
        string[] options =
        [
            Path.Combine(_folder, "Rlaif.Tests.dll"),
            "-noLogo",
            "-noColor",
            "-stopOnFail",
            .. classes.SelectMany(c => new[] { "-class", c }),
            .. results is null ? [] : new[] { "-xml", results },
        ];
        var start = new ProcessStartInfo("dotnet", options)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = _folder,
        };
        // A loop that never ends may also never stop allocating.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x80000000";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (Hangs(process, limit))
        {
            process.Kill(entireProcessTree: true);
            return new TestVerdict(Verdict.TimedOut, "");
        }

        if (process.ExitCode == 0)
        {
            return new TestVerdict(Verdict.Survived, "");
        }

        string? failed = output.Result.Split('\n').FirstOrDefault(l => l.Contains("[FAIL]", StringComparison.Ordinal));
        return new TestVerdict(Verdict.Killed, failed?.Replace("[FAIL]", "").Trim() ?? $"exit code {process.ExitCode}");
    }

    // Processor time, because on a busy machine time on the clock says nothing; but a run that waits for ever uses none.
    private static bool Hangs(Process process, TimeSpan limit)
    {
        TimeSpan used = TimeSpan.Zero;
        var idle = Stopwatch.StartNew();
        while (!process.WaitForExit(100))
        {
            TimeSpan now = ProcessorTime(process);
            if (now - used > Progress)
            {
                used = now;
                idle.Restart();
            }

            if (now > limit || idle.Elapsed > Patience)
            {
                return true;
            }
        }

        return false;
    }

    private static TimeSpan ProcessorTime(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            // It ended since it was last waited for.
            return TimeSpan.Zero;
        }
    }

    public void Dispose()
    {
        foreach (string link in Directory.GetDirectories(_folder))
        {
            Directory.Delete(link);
        }

        Directory.Delete(_folder, recursive: true);
    }
}

internal enum Verdict
{
    Killed,
    TimedOut,
    Survived,
}

internal sealed record TestVerdict(Verdict Verdict, string By);
