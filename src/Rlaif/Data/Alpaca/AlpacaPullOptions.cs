using System.ComponentModel.DataAnnotations;

namespace Rlaif.Data.Alpaca;

/// <summary>What to pull from Alpaca into a ledger.</summary>
public sealed record AlpacaPullOptions : IValidatableObject
{
    internal const string AllExchanges = "sip";
    private const int MinutesOfAll = 16;

    /// <summary>The instruments, at least one.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>The first day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day, included; what is not over yet is left for the next pull.</summary>
    public required DateOnly To { get; init; }

    /// <summary>How long a bar is; default a session.</summary>
    public AlpacaTimeframe Timeframe { get; init; }

    /// <summary>What prices reflect; default nothing: splits and dividends are kept beside them.</summary>
    public AlpacaAdjustment Adjustment { get; init; }

    /// <summary>The exchanges that count; default <c>sip</c>, all of them (free when older than 15 minutes).</summary>
    public string Feed { get; init; } = AllExchanges;

    /// <summary>Whether news are pulled too; default not.</summary>
    public bool News { get; init; }

    /// <summary>
    /// How long after its close a bar is there and final. Without a subscription the last 15 minutes of all exchanges are not given; single exchanges
    /// are given at once, and trades are reported late everywhere.
    /// </summary>
    internal TimeSpan Delay => TimeSpan.FromMinutes(Feed == AllExchanges ? MinutesOfAll : 1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (From > To)
        {
            yield return new ValidationResult(
                $"{nameof(From)} ({From:yyyy-MM-dd}) must not be after {nameof(To)} ({To:yyyy-MM-dd})."
            );
        }

        if (From.Year < NyseCalendar.FirstYear || To.Year > NyseCalendar.LastYear)
        {
            yield return new ValidationResult(
                $"{nameof(From)} and {nameof(To)} must lie in {NyseCalendar.FirstYear} to {NyseCalendar.LastYear}."
            );
        }

        if (Symbols.Count == 0)
        {
            yield return new ValidationResult($"{nameof(Symbols)} must name at least one.");
        }

        foreach (string symbol in Symbols.Where(s => !BarFile.IsSymbol(s)))
        {
            yield return new ValidationResult($"{nameof(Symbols)}: '{symbol}' {BarFile.SymbolRule}.");
        }
    }
}
