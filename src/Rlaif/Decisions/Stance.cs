using System.Collections.Immutable;

namespace Rlaif.Decisions;

/// <summary>One way of reading the same reports: whom to trust, over which horizon, and how boldly to act.</summary>
internal sealed record Stance
{
    /// <summary>What the stance is.</summary>
    internal required StanceKind Kind { get; init; }

    /// <summary>
    /// How much the report of each of the first roles counts, times its confidence, in the order of <see cref="AnalystRole"/>; positive.
    /// </summary>
    internal ImmutableArray<double> RoleWeights { get; init; } = [1, 1, 1, 1];

    /// <summary>From -1 (price against its long average counts) over 0 (neither) to 1 (the last sessions count).</summary>
    internal double Horizon { get; init; }

    /// <summary>Multiplies the size of a position; 1 is the baseline's.</summary>
    internal double Boldness { get; init; } = 1;

    /// <summary>Added to the score: a leaning that no report explains.</summary>
    internal double Tilt { get; init; }

    /// <summary>Multiplies the threshold below which it holds; at 0 it always takes a side.</summary>
    internal double Reluctance { get; init; } = 1;

    /// <summary>The name that candidates carry.</summary>
    internal string Name => Kind.ToString().ToLowerInvariant();

    /// <summary>How much the report of a role counts; 1 for roles without a weight.</summary>
    internal double Weight(AnalystRole role) => (int)role < RoleWeights.Length ? RoleWeights[(int)role] : 1;
}
