using System.Globalization;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// Amounts of money told as levels: 100 is the last close of the decided symbol, and everything keeps its ratio to it. <c>idx 103.4</c> is 3.4% above
/// it. Levels have as many decimals as it takes to restore cents (or hundredths of a cent where the price is below 1).
/// </summary>
internal sealed class PriceScale
{
    /// <summary>What stands before every level.</summary>
    internal const string Marker = "idx ";

    private const double Base = 100;
    private const int FewestDecimals = 2;
    private const int MostDecimals = 10;
    private const string Grouped = "0.##########";

    private readonly double _close;
    private readonly int _decimals;
    private readonly string _restored;
    private readonly string _currency;

    internal PriceScale(MarketSnapshot snapshot)
    {
        // Without a bar there is no level to hide.
        double close = snapshot.Bars.Count > 0 ? (double)snapshot.Bars.Last.Close : Base;
        _close = close > 0 ? close : Base;
        _decimals = Math.Clamp((int)Math.Floor(Math.Log10(_close)) + 1, FewestDecimals, MostDecimals);
        _restored = _close >= 1 ? "0.00" : "0.0000";
        _currency = Exchange.CodeOf(snapshot.Symbol) is "SH" or "SZ" or "SS" ? "\u00a5" : "$";
    }

    /// <summary>The level of an amount of money, with its marker.</summary>
    internal string Mask(double amount) =>
        Marker + Round(amount * Base / _close, _decimals).ToString(Grouped, CultureInfo.InvariantCulture);

    /// <summary>The amount of money of a level, with the sign of the currency.</summary>
    /// <param name="level">The number behind the marker.</param>
    /// <param name="isScaled">Whether a word such as "billion" follows: then zeros behind the point are left out.</param>
    internal string Restore(double level, bool isScaled)
    {
        double amount = level * _close / Base;
        string digits = Round(Math.Abs(amount), _restored.Length - 2)
            .ToString(isScaled ? "0.##" : _restored, CultureInfo.InvariantCulture);
        return $"{(amount < 0 ? "-" : string.Empty)}{_currency}{digits}";
    }

    /// <summary>Whether an amount may be a price of the symbol: within the factor of its last close.</summary>
    internal bool IsNear(double amount, double factor) => amount >= _close / factor && amount <= _close * factor;

    // Amounts that money does not reach are left as they are.
    private static double Round(double value, int decimals) =>
        double.IsFinite(value) ? Math.Round(value, decimals, MidpointRounding.AwayFromZero) : 0;
}
