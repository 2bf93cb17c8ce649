using System.CommandLine;

namespace Rlaif.Cli;

/// <summary>The options that every verb has.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Home { get; } =
        Recursive<string?>(
            "--home",
            "Folder of the ledger, models, reports and caches [default: ./data/rlaif, or RLAIF_HOME]",
            "DIR"
        );

    public Option<string?> Config { get; } = Recursive<string?>("--config", "Settings [default: rlaif.json if present]", "FILE");

    public Option<int?> Seed { get; } = Recursive<int?>("--seed", "Seed of everything random [default: 42]", "N");

    public Option<int?> Threads { get; } =
        Recursive<int?>(
            "--threads",
            "Threads, 1 to 1024; results do not depend on it, and training uses at most 16 where there are fewer cores [default: all cores]",
            "N"
        );

    public Option<bool> Json { get; } = Recursive<bool>("--json", "Exactly one JSON document on stdout", null);

    public Option<bool> Quiet { get; } = Recursive<bool>("--quiet", "No progress and no notes on stderr", null);

    public Option<bool> Verbose { get; } = Recursive<bool>("--verbose", "More detail on stderr; stack traces of errors", null);

    public IEnumerable<Option> All => [Home, Config, Seed, Threads, Json, Quiet, Verbose];

    private static Option<T> Recursive<T>(string name, string description, string? valueName) =>
        new(name)
        {
            Description = description,
            Recursive = true,
            HelpName = valueName,
        };
}
