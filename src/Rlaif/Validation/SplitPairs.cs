using Rlaif.Preferences;

namespace Rlaif.Validation;

/// <summary>Pairs by the side that holds both of their candidates.</summary>
public sealed record SplitPairs
{
    /// <summary>Pairs to fit on.</summary>
    public required IReadOnlyList<PreferencePair> Train { get; init; }

    /// <summary>Pairs that decide when to stop.</summary>
    public required IReadOnlyList<PreferencePair> Stopping { get; init; }

    /// <summary>Pairs to measure on.</summary>
    public required IReadOnlyList<PreferencePair> Validation { get; init; }

    /// <summary>Pairs left out because their candidates are on different sides.</summary>
    public required int CrossSide { get; init; }

    /// <summary>Pairs left out because a candidate's context was purged or embargoed.</summary>
    public required int Purged { get; init; }
}
