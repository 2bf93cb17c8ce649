using System.Security.Cryptography;
using System.Text;

namespace Rlaif.Data;

/// <summary>A hash of the prices that a run can see, so that runs on different data never share an id.</summary>
public static class MarketFingerprint
{
    /// <summary>Hashes symbols, benchmark, bars and corporate actions known at <paramref name="until"/>.</summary>
    public static async Task<string> ComputeAsync(
        IMarketData market,
        IReadOnlyList<string> symbols,
        DateTimeOffset until,
        CancellationToken cancellationToken = default
    )
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        IEnumerable<string> all = market.Benchmark is null ? symbols : symbols.Append(market.Benchmark);
        foreach (string symbol in all)
        {
            BarSeries series = await market.GetBarsAsync(symbol, until, cancellationToken);
            Append(hash, $"{symbol}|{series.Count}");
            for (int i = 0; i < series.Count; i++)
            {
                Bar bar = series[i];
                Append(hash, $"|{bar.OpenTime.UtcTicks} {bar.Open} {bar.High} {bar.Low} {bar.Close} {bar.Volume}");
            }

            foreach (CorporateAction action in series.Actions)
            {
                Append(hash, $"|{action.ExDate:O} {action.Kind} {action.Value}");
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
}
