namespace Rlaif.Data;

/// <summary>
/// Open, high, low, close and volume of one period. It can be known from <see cref="CloseTime"/> on, never before. Prices are as
/// traded (not adjusted for later splits), in the currency of the exchange; volume is in shares.
/// </summary>
public readonly record struct Bar(
    DateTimeOffset OpenTime,
    DateTimeOffset CloseTime,
    decimal Open,
    decimal High,
    decimal Low,
    decimal Close,
    decimal Volume
)
{
    /// <summary>The trading day: the UTC date of <see cref="OpenTime"/> (exchanges open and close within one UTC date).</summary>
    public DateOnly Session => DateOnly.FromDateTime(OpenTime.UtcDateTime);

    /// <summary>Whether it surely is only a part of its session: early closes leave three and a half hours, so a longer one may be all of it.</summary>
    internal bool IsPartOfASession => CloseTime - OpenTime <= TimeSpan.FromHours(3);
}
