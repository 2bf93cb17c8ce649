namespace Rlaif.Data.Alpaca;

/// <summary>Something that happened to a stream.</summary>
/// <param name="State">What.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Detail">More, in one line without keys.</param>
public sealed record AlpacaStreamStatus(AlpacaStreamState State, DateTimeOffset At, string Detail);
