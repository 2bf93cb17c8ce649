namespace Rlaif.Data.Alpaca;

/// <summary>
/// That everything of a symbol and a range of days was pulled, so that the next pull leaves it out. Bars of one symbol must come from one
/// feed and reflect the same: the ranges say from which and what, an empty one (its last day before its first) nothing else.
/// </summary>
internal sealed record PulledRange : ILedgerRecord
{
    internal const string News = "news";

    /// <inheritdoc/>
    public static string Kind => "pulled_range";

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>Timeframe, adjustment and feed of bars (<c>day raw sip</c>), or <see cref="News"/>.</summary>
    public required string What { get; init; }

    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>How many bars or documents it holds.</summary>
    public required int Count { get; init; }

    string ILedgerRecord.Id => ContentId.Create("pull", Symbol, What, AlpacaTimes.Text(From), AlpacaTimes.Text(To), $"{Count}");

    string? ILedgerRecord.ParentId => null;

    string? ILedgerRecord.Symbol => Symbol;

    // Not the moment of the pull: pulling the same again writes the same.
    DateTimeOffset ILedgerRecord.KnownAt => AlpacaTimes.DayStart(To.AddDays(1));

    internal bool Covers(string symbol, string what, DateOnly from, DateOnly to) =>
        Symbol == symbol && What == what && From <= from && To >= to;
}
