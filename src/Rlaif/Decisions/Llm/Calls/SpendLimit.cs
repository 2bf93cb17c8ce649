namespace Rlaif.Decisions.Llm.Calls;

/// <summary>A limit that is in force.</summary>
/// <param name="Setting">The settings key that sets it.</param>
/// <param name="Span">Over what it adds up.</param>
/// <param name="IsMoney">Whether it counts money (billionths of a dollar) or tokens.</param>
/// <param name="Most">What may be reached, not passed.</param>
internal sealed record SpendLimit(string Setting, SpendSpan Span, bool IsMoney, long Most)
{
    internal static SpendLimit? Money(string setting, SpendSpan span, decimal? usd) =>
        usd is { } most ? new SpendLimit(setting, span, IsMoney: true, CallPrice.Nano(most)) : null;

    internal static SpendLimit? Count(string setting, SpendSpan span, long? tokens) =>
        tokens is { } most ? new SpendLimit(setting, span, IsMoney: false, most) : null;

    /// <summary>An amount of what it counts, for people.</summary>
    internal string Text(long amount) => IsMoney ? CallPrice.Text(amount) : FormattableString.Invariant($"{amount:N0} tokens");
}
