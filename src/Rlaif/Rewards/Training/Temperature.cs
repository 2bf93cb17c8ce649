namespace Rlaif.Rewards.Training;

/// <summary>Temperature scaling (Guo et al., 2017): the one number that turns reward gaps into log-odds that can be believed.</summary>
internal static class Temperature
{
    /// <summary>Lowest temperature that is fitted.</summary>
    public const double Lowest = 0.05;

    /// <summary>Highest temperature that is fitted.</summary>
    public const double Highest = 20;

    private const int BisectionSteps = 100;

    /// <summary>The temperature that minimizes the mean of log(1 + exp(-margin / temperature)); null when there are no margins.</summary>
    /// <param name="margins">Reward of the chosen side minus that of the rejected one.</param>
    public static double? Fit(ReadOnlySpan<double> margins)
    {
        if (margins.IsEmpty)
        {
            return null;
        }

        // The loss is convex in 1/T, so its slope crosses zero once: bisect.
        double low = 1 / Highest;
        double high = 1 / Lowest;
        for (int step = 0; step < BisectionSteps; step++)
        {
            double middle = (low + high) / 2;
            if (SlopeInInverse(margins, middle) < 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return Math.Clamp(2 / (low + high), Lowest, Highest);
    }

    private static double SlopeInInverse(ReadOnlySpan<double> margins, double inverse)
    {
        double slope = 0;
        foreach (double margin in margins)
        {
            slope -= margin * BradleyTerryLoss.Sigmoid(-margin * inverse);
        }

        return slope;
    }
}
