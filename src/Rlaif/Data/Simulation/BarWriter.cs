namespace Rlaif.Data;

/// <summary>Turns simulated returns into bars, session by session.</summary>
internal sealed class BarWriter(DateOnly[] sessions, double firstPrice)
{
    private const int PriceDecimals = 4;
    private const double LowestPrice = 0.01;

    // Expected distance of a driftless path's extreme beyond its ends, in standard deviations.
    private const double RangeScale = 0.4;

    private readonly List<Bar> _bars = new(sessions.Length);

    /// <summary>Closing price of the last bar written.</summary>
    internal double LastClose { get; private set; } = firstPrice;

    internal void Add(double overnight, double intraday, double volatility, double volume, DeterministicRandom random)
    {
        double open = Math.Max(LowestPrice, LastClose * (1 + overnight));
        double close = Math.Max(LowestPrice, open * (1 + intraday));
        double up = RangeScale * volatility * Math.Abs(random.NextGaussian());
        double down = RangeScale * volatility * Math.Abs(random.NextGaussian());
        double high = Math.Max(open, close) * (1 + up);
        double low = Math.Max(LowestPrice, Math.Min(open, close) / (1 + down));
        (DateTimeOffset opens, DateTimeOffset closes) = NyseCalendar.Hours(sessions[_bars.Count]);
        _bars.Add(new Bar(opens, closes, Price(open), Price(high), Price(low), Price(close), Math.Round((decimal)volume)));
        LastClose = close;
    }

    internal BarSeries ToSeries(string symbol) => new(symbol, _bars);

    private static decimal Price(double value) => Math.Round((decimal)value, PriceDecimals);
}
