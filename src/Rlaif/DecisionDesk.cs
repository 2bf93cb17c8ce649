using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif;

/// <summary>
/// Takes the decision of the day: one a symbol, at the close of its last session, recorded and tracked as a position. What was decided at a
/// moment stays decided: asking again returns it and adds nothing.
/// </summary>
/// <param name="market">Bars.</param>
/// <param name="manager">Who proposes.</param>
/// <param name="ledger">Where everything is recorded.</param>
/// <param name="guide">The reward model that decides; null takes the static baseline.</param>
/// <param name="reflections">
/// What the agents remember from: what has come due of earlier decisions is settled and reflected on before a new one is taken. Null, the
/// default, remembers nothing.
/// </param>
public sealed class DecisionDesk(
    IMarketData market,
    ManagerAgent manager,
    Ledger ledger,
    ModelGuide? guide = null,
    Reflections? reflections = null
)
{
    /// <summary>Decides on each symbol at the close of its last session on or before a date.</summary>
    /// <param name="symbols">What to decide on.</param>
    /// <param name="asOf">The date; null for the last bar.</param>
    /// <param name="threads">Symbols worked on at once; results do not depend on it.</param>
    /// <param name="progress">Told how many symbols are done.</param>
    /// <param name="cancellationToken">Stops between symbols; what is recorded stays.</param>
    /// <returns>
    /// The decided contexts, in the order of <paramref name="symbols"/>. A symbol for which language models brought no usable candidate is not
    /// among them; what they said is in the ledger, and the moment is not asked about again.
    /// </returns>
    /// <exception cref="RlaifInputException">A symbol is unknown.</exception>
    /// <exception cref="NotEnoughDataException">A symbol has too little history; nothing was recorded.</exception>
    public async Task<IReadOnlyList<DecidedContext>> DecideAsync(
        IReadOnlyList<string> symbols,
        DateOnly? asOf = null,
        int threads = 1,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var moments = new List<DecisionMoment>();
        foreach (string symbol in symbols.Distinct(StringComparer.Ordinal))
        {
            moments.Add(await LastCloseAsync(symbol, asOf ?? DateOnly.MaxValue, cancellationToken));
        }

        string runId = RunId.OfDesk(manager, guide?.Key, reflections?.Fingerprint);
        var run = new DecisionRun(market, manager, ModelGuide.SelectorOf(guide), ledger)
        {
            // The decisions of the day are one run for ever; what they may spend is counted by the day that is decided on.
            SpendName = $"{runId} {DateOnly.FromDateTime(moments.Max(m => m.AsOf).UtcDateTime):O}",
            BeforeMoment = reflections is null
                ? null
                : await reflections.OpenAsync(market, ledger, new OutcomeSettler(market), runId, cancellationToken),
        };
        IReadOnlyList<DecidedContext> decided = await run.RunAsync(
            runId,
            generation: 0,
            [.. moments.OrderBy(m => m.AsOf).ThenBy(m => m.Symbol, StringComparer.Ordinal)],
            threads,
            progress,
            cancellationToken
        );
        foreach (TradingDecision decision in decided.Select(d => d.Decision))
        {
            // Tracked from the decision on, whenever that was, so that asking later gives the same record.
            await new OutcomeTracker(market, ledger, new StoppedClock(decision.AsOf)).TrackDecisionAsync(
                decision,
                cancellationToken: cancellationToken
            );
        }

        return [.. moments.Select(m => decided.FirstOrDefault(d => d.Decision.Symbol == m.Symbol)).OfType<DecidedContext>()];
    }

    private async Task<DecisionMoment> LastCloseAsync(string symbol, DateOnly asOf, CancellationToken cancellationToken)
    {
        if (!market.Symbols.Contains(symbol))
        {
            throw new RlaifInputException(
                symbol == market.Benchmark
                    ? $"{symbol} is the benchmark here, which is compared with and not traded. Known symbols: {string.Join(", ", market.Symbols)}."
                    : $"No bars of '{symbol}'. Known symbols: {string.Join(", ", market.Symbols)}."
            );
        }

        BarSeries bars = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken);
        int count = bars.Count;
        while (count > 0 && bars[count - 1].Session > asOf)
        {
            count--;
        }

        return count >= manager.Options.MinHistoryBars
            ? new DecisionMoment(symbol, bars[count - 1].CloseTime)
            : throw new NotEnoughDataException(
                $"{symbol} has {count} bars{(asOf == DateOnly.MaxValue ? "" : $" up to {asOf:yyyy-MM-dd}")}; a decision needs {manager.Options.MinHistoryBars}."
            );
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
