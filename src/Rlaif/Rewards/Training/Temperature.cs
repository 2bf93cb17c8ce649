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

    /// <summary>
    /// The fitted temperature, raised by what is not known of it: its inverse is lowered by one standard error, clustered by date, as far as
    /// <see cref="Highest"/>. With little to fit on, the best-fitting temperature turns luck into confidence (on markets without any edge the calibration error after
    /// it was 0.03 to 0.09); with much, this changes little.
    /// </summary>
    /// <param name="margins">As for <see cref="Fit"/>.</param>
    /// <param name="dates">The decision date of each pair: pairs of one date share the market's luck.</param>
    /// <param name="datesPerWindow">
    /// Decision dates that lie within one holding window. Windows that overlap share their days in proportion, which makes the variance of a sum over
    /// dates larger by this factor, at most.
    /// </param>
    public static double? FitCautiously(ReadOnlySpan<double> margins, ReadOnlySpan<DateOnly> dates, int datesPerWindow)
    {
        if (Fit(margins) is not { } fitted)
        {
            return null;
        }

        double inverse = 1 / fitted;
        double information = 0;
        var slopes = new Dictionary<DateOnly, double>();
        for (int i = 0; i < margins.Length; i++)
        {
            double doubt = BradleyTerryLoss.Sigmoid(-margins[i] * inverse);
            information += margins[i] * margins[i] * doubt * (1 - doubt);
            slopes[dates[i]] = slopes.GetValueOrDefault(dates[i]) + (margins[i] * doubt);
        }

        double error =
            information > 0 ? Math.Sqrt(datesPerWindow * slopes.Values.Sum(s => s * s)) / information : double.PositiveInfinity;
        return Math.Clamp(1 / Math.Max(inverse - error, 1 / Highest), Lowest, Highest);
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
