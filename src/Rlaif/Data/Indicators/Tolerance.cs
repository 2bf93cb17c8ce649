namespace Rlaif.Data.Indicators;

/// <summary>
/// Comparison of prices that are equal on the tape but went through floating point. Without it a tie would fall to one side or the other
/// with the unit of the prices (before or after a split), and counters such as on-balance volume would jump.
/// </summary>
internal static class Tolerance
{
    private const double Relative = 1e-12;

    /// <summary>Whether <paramref name="a"/> exceeds <paramref name="b"/> by more than rounding of numbers as large as <paramref name="scale"/>.</summary>
    internal static bool Exceeds(double a, double b, double scale) => a - b > Relative * Math.Abs(scale);

    /// <summary>The sign of <paramref name="a"/> - <paramref name="b"/>; 0 when they differ by rounding only.</summary>
    internal static int Compare(double a, double b) =>
        Exceeds(a, b, b) ? 1
        : Exceeds(b, a, b) ? -1
        : 0;
}
