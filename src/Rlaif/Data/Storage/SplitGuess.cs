namespace Rlaif.Data;

/// <summary>The split that would explain the step from a close to the next open; nothing when no usual ratio is near.</summary>
internal readonly record struct SplitGuess(double Step, double? Shares)
{
    private const double Tolerance = 0.05;

    private static readonly double[] UsualShares = [1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50, 100];

    /// <summary>Whether the step is that of a 2:1 split, which a rise on the day keeps from looking like a fall by half.</summary>
    internal bool IsHalving => Shares == 2;

    internal static SplitGuess Of(double step)
    {
        IEnumerable<double> candidates = UsualShares.Concat(UsualShares.Select(s => 1 / s));
        double nearest = candidates.MinBy(shares => Distance(step, shares));
        return new SplitGuess(step, Distance(step, nearest) <= Tolerance ? nearest : null);
    }

    public override string ToString()
    {
        string step = $"the open is {Step:0.###} of the close before";
        return Shares switch
        {
            null => $"{step}, which no usual split explains",
            >= 1 => $"{step}: likely a {Shares:0.##}:1 split",
            _ => $"{step}: likely a 1:{1 / Shares:0.##} split",
        };
    }

    private static double Distance(double step, double shares) => Math.Abs(Math.Log(step * shares));
}
