namespace Rlaif.Validation;

/// <summary>The decisions of one side of a split.</summary>
public sealed record SplitSide
{
    /// <summary>Which side.</summary>
    public required SplitPart Part { get; init; }

    /// <summary>The contexts, by moment and then by id.</summary>
    public required IReadOnlyList<string> ContextIds { get; init; }

    /// <summary>Number of decision dates.</summary>
    public required int Dates { get; init; }

    /// <summary>First decision date.</summary>
    public required DateOnly FirstDate { get; init; }

    /// <summary>Last decision date.</summary>
    public required DateOnly LastDate { get; init; }

    /// <summary>From the first decision to the last exit.</summary>
    public required LabelWindow Span { get; init; }
}
