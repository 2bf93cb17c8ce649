using System.Runtime.CompilerServices;

namespace Rlaif.Rewards.Network;

/// <summary>How the innermost loops are compiled.</summary>
internal static class HotLoop
{
    /// <summary>
    /// In full at once, because a short training would be over before the runtime found them worth it; and never into their callers, because there the runtime's
    /// budget for inlining may run out before their own innermost calls, which makes them several times slower.
    /// </summary>
    public const MethodImplOptions Options = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
