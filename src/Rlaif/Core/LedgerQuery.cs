namespace Rlaif.Core;

/// <summary>Which records of a kind to read; a null member does not restrict.</summary>
public sealed record LedgerQuery
{
    /// <summary>Only records of this instrument.</summary>
    public string? Symbol { get; init; }

    /// <summary>Only records that belong to this parent.</summary>
    public string? ParentId { get; init; }

    /// <summary>Only records to which no record of this kind belongs yet (for example candidates without an <c>outcome</c>).</summary>
    public string? WithoutChildOfKind { get; init; }

    /// <summary>Only records known at or after this moment.</summary>
    public DateTimeOffset? KnownAtOrAfter { get; init; }

    /// <summary>Only records known at or before this moment.</summary>
    public DateTimeOffset? KnownAtOrBefore { get; init; }
}
