using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// What calls cost. Amounts are whole billionths of a dollar, so that sums are exact and limits are compared without rounding.
/// </summary>
internal static class CallPrice
{
    private const decimal NanoPerUsd = 1_000_000_000m;
    private const int RoundingDigits = 3;

    /// <summary>Whether the price of a model is known; a model that is free has the price 0.</summary>
    internal static bool IsKnown(ModelCard card) => card is { InputUsd: not null, OutputUsd: not null };

    /// <summary>The price of a call; 0 when it is not known.</summary>
    internal static long Of(ModelCard card, TokenUsage usage) => Nano(card.CostUsd(usage));

    /// <summary>The most that a call can cost; 0 when the price is not known.</summary>
    internal static long AtMost(ModelCard card, long input, long output) => Nano(card.WorstCaseUsd(input, output));

    /// <summary>What the provider's cache took off the price; negative when it added to it.</summary>
    internal static long SavedByCache(ModelCard card, TokenUsage usage) =>
        Of(card, usage with { CachedInput = 0, CacheWrite = 0 }) - Of(card, usage);

    /// <summary>Dollars of billionths.</summary>
    internal static decimal Usd(long nano) => nano / NanoPerUsd;

    /// <summary>Billionths of dollars; of a fraction of one, none.</summary>
    internal static long Nano(decimal usd) => (long)decimal.Floor(usd * NanoPerUsd);

    /// <summary>Dollars for people.</summary>
    internal static string Text(long nano) => Usd(nano).ToString("'$'0.00##", System.Globalization.CultureInfo.InvariantCulture);

    // Rounded up, after what binary fractions add to a price of whole billionths.
    private static long Nano(double? usd) =>
        (long)decimal.Ceiling(decimal.Round((decimal)(usd ?? 0) * NanoPerUsd, RoundingDigits));
}
