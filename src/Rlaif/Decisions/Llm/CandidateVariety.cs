namespace Rlaif.Decisions.Llm;

/// <summary>How one candidate was made to differ from the others of its context.</summary>
public sealed record CandidateVariety
{
    /// <summary>The persona that was asked to decide, for example <c>balanced</c>.</summary>
    public required string Persona { get; init; }

    /// <summary>The sampling temperature; 0 for the baseline; null where the model takes none.</summary>
    public required double? Temperature { get; init; }

    /// <summary>Evidence that was kept from this candidate, by its id in the prompt.</summary>
    public required IReadOnlyList<string> Withheld { get; init; }

    /// <summary>The seed named in the prompt; null for the baseline.</summary>
    public required int? Seed { get; init; }
}
