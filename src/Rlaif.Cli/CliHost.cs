using System.Collections;

namespace Rlaif.Cli;

/// <summary>What the command line takes from its surroundings; tests give their own.</summary>
internal sealed record CliHost
{
    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where progress, warnings and errors go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where answers come from.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether a person answers.</summary>
    public bool IsInInteractive { get; init; }

    /// <summary>Environment variables, by name.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Whether a person watches <see cref="Out"/>.</summary>
    public bool IsOutInteractive { get; init; }

    /// <summary>Whether a person watches <see cref="Error"/>.</summary>
    public bool IsErrorInteractive { get; init; }

    /// <summary>The clock, for timings and for the delay before progress is shown.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a verb may take to stop after Ctrl-C; null leaves signals alone.</summary>
    public TimeSpan? TerminationTimeout { get; init; }

    /// <summary>Colors are for people, and only for those who have not declined them (https://no-color.org).</summary>
    public bool HasColor => string.IsNullOrEmpty(Environment.GetValueOrDefault("NO_COLOR"));

    /// <summary>The surroundings of this process.</summary>
    public static CliHost OfProcess() =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            Environment = System
                .Environment.GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? string.Empty, StringComparer.OrdinalIgnoreCase),
            In = Console.In,
            IsInInteractive = !Console.IsInputRedirected,
            IsOutInteractive = !Console.IsOutputRedirected,
            IsErrorInteractive = !Console.IsErrorRedirected,
            TerminationTimeout = TimeSpan.FromSeconds(30),
        };
}
