namespace Rlaif.Data.Alpaca;

/// <summary>Which historical bars.</summary>
public sealed record AlpacaBarRequest
{
    /// <summary>The instruments, at least one.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>The first open.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The last open, included.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>How long a bar is; default a session.</summary>
    public AlpacaTimeframe Timeframe { get; init; }

    /// <summary>What prices reflect; default nothing.</summary>
    public AlpacaAdjustment Adjustment { get; init; }

    /// <summary>The exchanges that count: <c>sip</c> (all), <c>iex</c>, <c>otc</c> or <c>boats</c>; null leaves it to Alpaca (<c>sip</c>).</summary>
    public string? Feed { get; init; }
}
