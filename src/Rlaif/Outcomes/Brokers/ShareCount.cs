using Rlaif.Data;

namespace Rlaif.Outcomes.Brokers;

/// <summary>How many shares a broker counts now of what was filled before: splits since then multiply it.</summary>
/// <param name="broker">Whose books: some change before a split's day has a bar.</param>
/// <param name="bars">The series of the symbols, with their splits; of others nothing is known.</param>
/// <param name="now">The moment.</param>
internal sealed class ShareCount(IBroker broker, IReadOnlyDictionary<string, BarSeries> bars, DateTimeOffset now)
{
    /// <summary>A difference below it is that of rounded parts of a share.</summary>
    public const decimal Negligible = 0.00001m;

    // A ratio such as 1:3 is no decimal number: what is lost by it comes back first, and then what is too small to be traded goes.
    private const int ExactDecimals = 12;
    private const int TradedDecimals = 6;

    /// <summary>What a number of shares becomes in a split of so many new shares for an old one.</summary>
    public static decimal AfterSplit(decimal shares, decimal ratio) => Rounded(shares * ratio);

    /// <summary>What fills of one symbol add up to: positive is long.</summary>
    public decimal Of(IEnumerable<Fill> fills) => Of(fills, AsOf);

    /// <summary>The same, if the broker has not yet counted a split of today.</summary>
    public decimal WithoutToday(IEnumerable<Fill> fills) => Of(fills, s => AsOf(s).AddDays(-1));

    /// <summary>Shares that one share of a moment has become.</summary>
    public decimal Since(string symbol, DateTimeOffset moment) => Since(symbol, moment, AsOf);

    /// <summary>Whether a split has come, and no bar in the new shares yet.</summary>
    public bool IsSplitWithoutBar(string symbol) =>
        bars.TryGetValue(symbol, out BarSeries? series) && Splits(series, LastSession(series), Exchange.DayOf(symbol, now)) != 1;

    /// <summary>Whether that split is in the broker's count, or will be by the open.</summary>
    public bool CountsSplit(string symbol) => AsOf(symbol) >= Exchange.DayOf(symbol, now);

    /// <summary>Whether the broker need not have counted that split yet: nobody says when in the night it does.</summary>
    public bool MayLackSplit(string symbol) =>
        IsSplitWithoutBar(symbol)
        && Exchange.FollowsNewYork(symbol, now)
        && CountsSplit(symbol)
        && NyseCalendar.IsSession(AsOf(symbol))
        && now < NyseCalendar.Hours(AsOf(symbol)).Open;

    private DateOnly AsOf(string symbol) =>
        broker.SharesAsOf(bars.TryGetValue(symbol, out BarSeries? series) ? LastSession(series) : DateOnly.MinValue, now);

    private DateOnly LastSession(BarSeries series) =>
        series.CountKnownAt(now) is var count and > 0 ? series[count - 1].Session : DateOnly.MinValue;

    private decimal Of(IEnumerable<Fill> fills, Func<string, DateOnly> asOf)
    {
        decimal sum = 0;
        bool isSplit = false;
        foreach (Fill fill in fills)
        {
            decimal ratio = Since(fill.Symbol, fill.At, asOf);
            sum += (fill.Side == OrderSide.Buy ? fill.Quantity : -fill.Quantity) * ratio;
            isSplit |= ratio != 1;
        }

        return isSplit ? Rounded(sum) : sum;
    }

    private decimal Since(string symbol, DateTimeOffset moment, Func<string, DateOnly> asOf) =>
        bars.TryGetValue(symbol, out BarSeries? series) ? Splits(series, Exchange.DayOf(symbol, moment), asOf(symbol)) : 1;

    private static decimal Splits(BarSeries series, DateOnly after, DateOnly until)
    {
        decimal ratio = 1;
        foreach (CorporateAction action in series.Actions)
        {
            bool counts = action.Kind == CorporateActionKind.Split && action.ExDate > after && action.ExDate <= until;
            ratio *= counts ? action.Value : 1;
        }

        return ratio;
    }

    private static decimal Rounded(decimal shares) =>
        decimal.Round(decimal.Round(shares, ExactDecimals), TradedDecimals, MidpointRounding.ToZero);
}
