namespace Rlaif.Data.Alpaca;

/// <summary>Alpaca's clock; times are UTC.</summary>
/// <param name="Time">The time there.</param>
/// <param name="IsOpen">Whether the market is open.</param>
/// <param name="NextOpen">When it opens next.</param>
/// <param name="NextClose">When it closes next.</param>
/// <param name="Skew">How far that clock is ahead of this machine's; more than a few seconds should be looked into.</param>
public sealed record AlpacaClock(
    DateTimeOffset Time,
    bool IsOpen,
    DateTimeOffset NextOpen,
    DateTimeOffset NextClose,
    TimeSpan Skew
);
