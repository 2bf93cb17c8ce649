namespace Rlaif.Data.Alpaca;

/// <summary>What a stream of market data shall give. <c>*</c> is all symbols.</summary>
public sealed record AlpacaSubscription
{
    /// <summary>The feed: <c>iex</c> (default, free), <c>sip</c>, <c>delayed_sip</c> or <c>test</c>.</summary>
    public string Feed { get; init; } = "iex";

    /// <summary>Symbols whose minute bars are wanted, with their revisions.</summary>
    public IReadOnlyList<string> Bars { get; init; } = [];

    /// <summary>Symbols whose trades are wanted.</summary>
    public IReadOnlyList<string> Trades { get; init; } = [];

    /// <summary>Symbols whose quotes are wanted.</summary>
    public IReadOnlyList<string> Quotes { get; init; } = [];
}
