namespace Rlaif.Data;

/// <summary>A row of a file that is a bar, before it is known how long the bar is.</summary>
internal readonly record struct BarRow(
    RowTime Time,
    decimal Open,
    decimal High,
    decimal Low,
    decimal Close,
    decimal Volume,
    int Line
)
{
    internal Bar At(DateTimeOffset open, DateTimeOffset close) => new(open, close, Open, High, Low, Close, Volume);
}
