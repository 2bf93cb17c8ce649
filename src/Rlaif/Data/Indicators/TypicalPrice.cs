namespace Rlaif.Data.Indicators;

/// <summary>One price for a whole bar.</summary>
internal static class TypicalPrice
{
    /// <summary>The mean of high, low and close.</summary>
    internal static double Of(double high, double low, double close) => (high + low + close) / 3;
}
