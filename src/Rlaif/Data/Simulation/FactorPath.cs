namespace Rlaif.Data;

/// <summary>The common market factor: simple returns overnight and intraday per session, in a calm or a turbulent regime.</summary>
internal sealed class FactorPath
{
    /// <summary>Share of a session's variance that falls into the night before it.</summary>
    internal const double OvernightShare = 0.3;

    private const double CalmVolatility = 0.007;
    private const double TurbulentVolatility = 0.016;
    private const double ToTurbulent = 1.0 / 120;
    private const double ToCalm = 1.0 / 40;

    private FactorPath(int sessions)
    {
        Overnight = new double[sessions];
        Intraday = new double[sessions];
        Volatility = new double[sessions];
    }

    internal double[] Overnight { get; }

    internal double[] Intraday { get; }

    /// <summary>Standard deviation of the factor's return in each session.</summary>
    internal double[] Volatility { get; }

    internal static FactorPath Simulate(DeterministicRandom random, int sessions)
    {
        var path = new FactorPath(sessions);
        bool turbulent = false;
        for (int t = 0; t < sessions; t++)
        {
            turbulent = random.NextDouble() < (turbulent ? ToCalm : ToTurbulent) ? !turbulent : turbulent;
            path.Volatility[t] = turbulent ? TurbulentVolatility : CalmVolatility;
            path.Overnight[t] = path.Volatility[t] * Math.Sqrt(OvernightShare) * FatTail.Next(random);
            path.Intraday[t] = path.Volatility[t] * Math.Sqrt(1 - OvernightShare) * FatTail.Next(random);
        }

        return path;
    }

    internal BarSeries ToSeries(string symbol, DateOnly[] sessions, DeterministicRandom random)
    {
        const double firstPrice = 2_000;
        const double averageVolume = 3e9;
        var bars = new BarWriter(sessions, firstPrice);
        for (int t = 0; t < sessions.Length; t++)
        {
            double volume = averageVolume * Math.Exp(0.2 * random.NextGaussian());
            bars.Add(Overnight[t], Intraday[t], Volatility[t], volume, random);
        }

        return bars.ToSeries(symbol);
    }
}
