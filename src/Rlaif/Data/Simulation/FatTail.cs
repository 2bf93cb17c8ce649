namespace Rlaif.Data;

/// <summary>Student-t draws scaled to unit variance: the fat tails of daily returns.</summary>
internal static class FatTail
{
    private const int DegreesOfFreedom = 6;

    // A single period never moves by more than this many standard deviations: prices stay positive.
    private const double Limit = 8;

    internal static double Next(DeterministicRandom random)
    {
        double chiSquared = 0;
        for (int i = 0; i < DegreesOfFreedom; i++)
        {
            double z = random.NextGaussian();
            chiSquared += z * z;
        }

        double t = random.NextGaussian() / Math.Sqrt(chiSquared / DegreesOfFreedom);
        double unitVariance = t * Math.Sqrt((DegreesOfFreedom - 2.0) / DegreesOfFreedom);
        return Math.Clamp(unitVariance, -Limit, Limit);
    }
}
