namespace Rlaif.Tuning;

/// <summary>A fine-tuning file that was written and checked.</summary>
public sealed record TuningFile
{
    /// <summary>Path of the data: JSON Lines.</summary>
    public required string File { get; init; }

    /// <summary>Path of the manifest beside it.</summary>
    public required string Manifest { get; init; }

    /// <summary>Rows written.</summary>
    public required int Rows { get; init; }

    /// <summary>Examples left out, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Dropped { get; init; }

    /// <summary>What a user should know before relying on the file.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
