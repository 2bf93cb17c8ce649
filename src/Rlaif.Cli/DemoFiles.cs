namespace Rlaif.Cli;

/// <summary>What a demo leaves behind.</summary>
internal sealed record DemoFiles
{
    /// <summary>Every decision with its candidates, a line each.</summary>
    public required string Decisions { get; init; }

    /// <summary>Every preference pair, a line each.</summary>
    public required string Preferences { get; init; }

    /// <summary>The reward model that guided the second generation.</summary>
    public required string Model { get; init; }

    /// <summary>Fine-tuning data.</summary>
    public required IReadOnlyList<string> Finetuning { get; init; }

    /// <summary>The page to read.</summary>
    public required string Report { get; init; }
}
