#pragma warning disable CA1822, CS9113 // to be written
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Masking;

/// <summary>
/// How names, dates and price levels of one moment are told to a model. All text that goes into a prompt passes through here, and all text that
/// comes back is restored; with <see cref="None"/> both leave it as it is.
/// </summary>
internal sealed class Masker
{
    /// <summary>Tells everything as it is.</summary>
    internal static Masker None(MarketSnapshot snapshot) => new(snapshot);

    /// <summary>Replaces names, tickers, dates and price levels, consistently within the moment.</summary>
    /// <param name="snapshot">The moment.</param>
    /// <param name="symbols">All symbols of the market: other tickers are replaced too.</param>
    internal static Masker Hide(MarketSnapshot snapshot, IReadOnlyList<string> symbols) => throw new NotSupportedException();

    private readonly MarketSnapshot _snapshot;

    private Masker(MarketSnapshot snapshot) => _snapshot = snapshot;

    /// <summary>Whether anything is replaced.</summary>
    internal bool IsMasking => false;

    /// <summary>The name of the instrument in prompts.</summary>
    internal string Symbol => _snapshot.Symbol;

    /// <summary>A price level.</summary>
    internal string Price(decimal price) => price.ToString("0.00##", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A date, or where it is replaced the number of days before the moment.</summary>
    internal string Date(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A text from outside (a headline, a passage, a lesson).</summary>
    internal string Text(string text) => text;

    /// <summary>What a model wrote, with the true names, dates and levels.</summary>
    internal string Restore(string text) => text;
}
