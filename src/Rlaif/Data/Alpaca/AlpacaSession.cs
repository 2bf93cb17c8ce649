namespace Rlaif.Data.Alpaca;

/// <summary>A trading day by Alpaca's calendar, early closes included; times are UTC.</summary>
public sealed record AlpacaSession(DateOnly Date, DateTimeOffset Open, DateTimeOffset Close);
