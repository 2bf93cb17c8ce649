using System.Globalization;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// How names, dates and price levels of one moment are told to a model. All text that goes into a prompt passes through here, and all text that
/// comes back is restored; with <see cref="None"/> both leave it as it is. Immutable, never throws on any text, and takes time linear in the text.
/// </summary>
/// <remarks>
/// What cannot be replaced still speaks: companies that the table of names does not have, persons, products and events of the time, orders of
/// magnitude. Masking makes recall harder; it does not rule it out.
/// </remarks>
internal sealed class Masker
{
    private readonly string _symbol;
    private readonly Disguise? _disguise;

    private Masker(string symbol, Disguise? disguise)
    {
        _symbol = symbol;
        _disguise = disguise;
    }

    /// <summary>Tells everything as it is.</summary>
    internal static Masker None(MarketSnapshot snapshot) => new(snapshot.Symbol, null);

    /// <summary>Replaces names, tickers, dates and price levels, consistently within the moment.</summary>
    /// <param name="snapshot">The moment.</param>
    /// <param name="symbols">All symbols of the market: other tickers are replaced too.</param>
    /// <param name="benchmark">The symbol of the market index; null when it is the S&amp;P 500 or there is none.</param>
    internal static Masker Hide(MarketSnapshot snapshot, IReadOnlyList<string> symbols, string? benchmark = null) =>
        new(snapshot.Symbol, new Disguise(snapshot, symbols, benchmark));

    /// <summary>Whether anything is replaced.</summary>
    internal bool IsMasking => _disguise is not null;

    /// <summary>The name of the instrument in prompts.</summary>
    internal string Symbol => IsMasking ? NeutralNames.Asset : _symbol;

    /// <summary>What a model has to know to read and write masked text; empty when nothing is replaced.</summary>
    internal string Note =>
        IsMasking
            ? "Names, dates and prices are replaced. ASSET is the instrument, INDEX the market; letters behind them mark others. Dates are distances from "
                + "today: day -12 is twelve calendar days ago, day 0 today; month -2, Q-1 and year -1 likewise. Money is told in levels: idx 100 is the "
                + "last close of ASSET, idx 103.4 is 3.4% above it. Write names, dates and prices in exactly these forms."
            : string.Empty;

    /// <summary>A price level: <c>idx 103.4</c> where levels are replaced, 100 being the last close.</summary>
    internal string Price(decimal price) =>
        _disguise is null ? price.ToString("0.00##", CultureInfo.InvariantCulture) : _disguise.Prices.Mask((double)price);

    /// <summary>A date, or where it is replaced the number of days from the moment: <c>day -12</c>.</summary>
    internal string Date(DateTimeOffset at) =>
        _disguise is null ? at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : _disguise.Day(at);

    /// <summary>A text from outside (a headline, a passage, a lesson). Masking a masked text changes nothing.</summary>
    internal string Text(string text) => _disguise?.Hide(text) ?? text;

    /// <summary>
    /// What a model wrote, with the true names, dates and levels: the ticker for the name, the ISO date, the amount with the sign of its currency.
    /// </summary>
    internal string Restore(string text) => _disguise?.Restore(text) ?? text;
}
