namespace Rlaif.Data;

/// <summary>One simulated stock: its bars and, for judging only, the drift that was planted in each session.</summary>
internal sealed class SimulatedStock
{
    private const double GarchShock = 0.08;
    private const double GarchMemory = 0.9;
    private const double VolumeMemory = 0.93;
    private const double VolumeNoise = 0.18;
    private const double VolumeOfMoves = 0.12;

    // Typical sizes of the two features that interact, which bring them to unit scale.
    private const double MomentumScale = 1.0;
    private const double VolumeRatioScale = 0.3;
    private const double Steepness = 1.5;
    private const int MomentumDays = 20;
    private const int ShortVolumeDays = 5;
    private const int LongVolumeDays = 60;

    private readonly SimulationOptions _options;
    private readonly double _beta;
    private readonly double _longRunVolatility;
    private readonly double _averageVolume;
    private readonly List<double> _closes = [];
    private readonly List<double> _volumes = [];
    private double _variance;
    private double _logVolume;

    private SimulatedStock(SimulationOptions options, int sessions, DeterministicRandom random)
    {
        _options = options;
        Drift = new double[sessions];
        _beta = 0.8 + (0.7 * random.NextDouble());
        _longRunVolatility = 0.012 + (0.012 * random.NextDouble());
        _averageVolume = Math.Exp(Math.Log(2e7) + (0.7 * random.NextGaussian()));
        _variance = _longRunVolatility * _longRunVolatility;
        Series = null!;
    }

    internal BarSeries Series { get; private set; }

    /// <summary>Expected intraday return of each session: the planted edge.</summary>
    internal double[] Drift { get; }

    internal static SimulatedStock Simulate(
        string symbol,
        DateOnly[] sessions,
        FactorPath factor,
        IReadOnlyDictionary<int, int> cues,
        SimulationOptions options,
        DeterministicRandom random
    )
    {
        var stock = new SimulatedStock(options, sessions.Length, random);
        var bars = new BarWriter(sessions, firstPrice: 40 + (160 * random.NextDouble()));
        for (int t = 0; t < sessions.Length; t++)
        {
            stock.Trade(t, factor, bars, random);
            if (SimulatedMarket.IsSignalSession(t, options.HorizonDays))
            {
                stock.Plant(t, factor.Volatility[t], cues.GetValueOrDefault(t));
            }
        }

        stock.Series = bars.ToSeries(symbol);
        return stock;
    }

    private void Trade(int t, FactorPath factor, BarWriter bars, DeterministicRandom random)
    {
        double deviation = Math.Sqrt(_variance);
        double ownNight = deviation * Math.Sqrt(FactorPath.OvernightShare) * FatTail.Next(random);
        double ownDay = deviation * Math.Sqrt(1 - FactorPath.OvernightShare) * FatTail.Next(random);
        double shock = (ownNight + ownDay) / deviation;
        _logVolume =
            (VolumeMemory * _logVolume) + (VolumeNoise * random.NextGaussian()) + (VolumeOfMoves * (Math.Abs(shock) - 0.8));
        double volume = _averageVolume * Math.Exp(_logVolume);
        double overnight = (_beta * factor.Overnight[t]) + ownNight;
        double intraday = (_beta * factor.Intraday[t]) + ownDay + Drift[t];
        bars.Add(overnight, intraday, deviation, volume, random);
        _closes.Add(bars.LastClose);
        _volumes.Add(volume);
        double longRun = _longRunVolatility * _longRunVolatility;
        _variance = (longRun * (1 - GarchShock - GarchMemory)) + (_variance * ((GarchShock * shock * shock) + GarchMemory));
    }

    // The drift of the next horizon, from what can be seen at the close of session t.
    private void Plant(int t, double factorVolatility, int cue)
    {
        double daily = Math.Sqrt((_beta * _beta * factorVolatility * factorVolatility) + _variance);
        double horizonVolatility = daily * Math.Sqrt(_options.HorizonDays);
        // A move reverses after volume has dried up and is left alone after volume has grown.
        double thinVolume = 1 - Math.Tanh(Steepness * VolumeRatio() / VolumeRatioScale);
        double interaction = -Math.Tanh(Steepness * Momentum() / MomentumScale) * thinVolume;
        double edge = (_options.InteractionStrength * interaction) + (_options.CueStrength * cue);
        for (int day = 1; day <= _options.HorizonDays && t + day < Drift.Length; day++)
        {
            Drift[t + day] = horizonVolatility * edge / _options.HorizonDays;
        }
    }

    // The same definitions as the features momentum_20 and volume_ratio_5_60, so that a model can find what was planted.
    private double Momentum()
    {
        var returns = new double[MomentumDays];
        for (int i = 0; i < MomentumDays; i++)
        {
            int at = _closes.Count - MomentumDays + i;
            returns[i] = Math.Log(_closes[at] / _closes[at - 1]);
        }

        return returns.Sum() / (ReturnStatistics.StandardDeviation(returns)!.Value * Math.Sqrt(MomentumDays));
    }

    private double VolumeRatio() =>
        Math.Log(_volumes.TakeLast(ShortVolumeDays).Average() / _volumes.TakeLast(LongVolumeDays).Average());
}
