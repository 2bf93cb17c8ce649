namespace Rlaif.Data;

/// <summary>
/// Looks through bars for what is likely wrong with them. A finding is no proof: prices do halve, and halted stocks do stand still.
/// </summary>
public static class DataCheck
{
    private const decimal LargestMove = 0.5m;
    private const int ShortestStaleRun = 5;

    /// <summary>Checks symbols of a market (the benchmark too when it is named, or when <paramref name="symbols"/> is null).</summary>
    /// <returns>Findings by symbol, date and kind.</returns>
    public static async Task<IReadOnlyList<DataFinding>> RunAsync(
        IMarketData market,
        IEnumerable<string>? symbols = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(market);
        IEnumerable<string> all = market.Benchmark is { } benchmark ? market.Symbols.Append(benchmark) : market.Symbols;
        var findings = new List<DataFinding>();
        foreach (string symbol in (symbols ?? all).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            BarSeries series = await market.GetBarsAsync(symbol, DateTimeOffset.MaxValue, cancellationToken);
            findings.AddRange(Run(symbol, [.. Bars(series)], series.Actions, market.GetCalendar(symbol)));
        }

        return findings;
    }

    /// <summary>Checks the bars of one symbol, which may be in any state.</summary>
    /// <param name="symbol">The instrument.</param>
    /// <param name="bars">The bars, in the order in which they are stored.</param>
    /// <param name="actions">Splits that the prices do not reflect.</param>
    /// <param name="calendar">The trading days of the exchange.</param>
    /// <returns>Findings by date and kind.</returns>
    public static IReadOnlyList<DataFinding> Run(
        string symbol,
        IReadOnlyList<Bar> bars,
        IReadOnlyList<CorporateAction> actions,
        SessionCalendar calendar
    )
    {
        ArgumentNullException.ThrowIfNull(bars);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(calendar);
        using InvariantCulture culture = InvariantCulture.Enter();
        return
        [
            .. Each(bars)
                .Concat(Gaps(bars, calendar))
                .Concat(Jumps(bars, actions))
                .Concat(StaleRuns(bars, "the same close", (previous, bar) => bar.Close == previous.Close))
                .Concat(bars.Any(b => b.Volume > 0) ? StaleRuns(bars, "no volume", (p, b) => p.Volume == 0 && b.Volume == 0) : [])
                .Select(f => new DataFinding(symbol, f.Date, f.Kind, f.Detail))
                .OrderBy(f => f.Date)
                .ThenBy(f => f.Kind)
                .ThenBy(f => f.Detail, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<(DateOnly Date, DataFindingKind Kind, string Detail)> Each(IReadOnlyList<Bar> bars)
    {
        for (int i = 0; i < bars.Count; i++)
        {
            Bar bar = bars[i];
            if (i > 0 && bar.OpenTime == bars[i - 1].OpenTime)
            {
                yield return (bar.Session, DataFindingKind.Duplicate, $"two bars open at {bar.OpenTime:u}");
            }
            else if (i > 0 && bar.OpenTime < bars[i - 1].CloseTime)
            {
                string detail = $"opens at {bar.OpenTime:u}, before the close of the bar before at {bars[i - 1].CloseTime:u}";
                yield return (bar.Session, DataFindingKind.NotIncreasing, detail);
            }

            if (Math.Min(Math.Min(bar.Open, bar.High), Math.Min(bar.Low, bar.Close)) <= 0)
            {
                string detail = $"open {bar.Open}, high {bar.High}, low {bar.Low}, close {bar.Close}";
                yield return (bar.Session, DataFindingKind.NonPositivePrice, detail);
            }

            if (bar.High < bar.Low)
            {
                yield return (bar.Session, DataFindingKind.HighBelowLow, $"high {bar.High} is below low {bar.Low}");
            }
        }
    }

    // One finding per run of missing sessions: a reused ticker may miss thousands.
    private static IEnumerable<(DateOnly Date, DataFindingKind Kind, string Detail)> Gaps(
        IReadOnlyList<Bar> bars,
        SessionCalendar calendar
    )
    {
        if (bars.Count == 0)
        {
            yield break;
        }

        var present = bars.Select(b => b.Session).ToHashSet();
        int end = calendar.IndexAtOrAfter(present.Max());
        for (int i = calendar.IndexAtOrAfter(present.Min()); i < end; i++)
        {
            int first = i;
            while (i < end && !present.Contains(calendar.Sessions[i]))
            {
                i++;
            }

            if (i > first)
            {
                int missing = i - first;
                string sessions = missing == 1 ? "1 session is" : $"{missing} sessions are";
                string detail =
                    $"{sessions} missing, {calendar.Sessions[first]:yyyy-MM-dd} to {calendar.Sessions[i - 1]:yyyy-MM-dd}";
                yield return (calendar.Sessions[first], DataFindingKind.Gap, detail);
            }
        }
    }

    private static IEnumerable<(DateOnly Date, DataFindingKind Kind, string Detail)> Jumps(
        IReadOnlyList<Bar> bars,
        IReadOnlyList<CorporateAction> actions
    )
    {
        for (int i = 1; i < bars.Count; i++)
        {
            Bar before = bars[i - 1];
            Bar bar = bars[i];
            if (before.Close <= 0 || bar.Close <= 0 || bar.Open <= 0)
            {
                continue;
            }

            decimal shares = 1;
            foreach (CorporateAction action in actions)
            {
                bool between = action.ExDate > before.Session && action.ExDate <= bar.Session;
                shares *= between && action.Kind == CorporateActionKind.Split ? action.Value : 1;
            }

            decimal move = (bar.Close * shares / before.Close) - 1;
            SplitGuess guess = SplitGuess.Of((double)(bar.Open * shares / before.Close));
            if (Math.Abs(move) > LargestMove || guess.IsHalving)
            {
                yield return (
                    bar.Session,
                    DataFindingKind.Jump,
                    $"close {before.Close} to {bar.Close} ({(double)move:+0.0%;-0.0%}); {guess}"
                );
            }
        }
    }

    private static IEnumerable<(DateOnly Date, DataFindingKind Kind, string Detail)> StaleRuns(
        IReadOnlyList<Bar> bars,
        string what,
        Func<Bar, Bar, bool> repeats
    )
    {
        for (int first = 0; first < bars.Count; )
        {
            int next = first + 1;
            while (next < bars.Count && repeats(bars[next - 1], bars[next]))
            {
                next++;
            }

            if (next - first >= ShortestStaleRun)
            {
                Bar last = bars[next - 1];
                string detail = $"{next - first} bars in a row with {what} (close {last.Close}), to {last.Session:yyyy-MM-dd}";
                yield return (bars[first].Session, DataFindingKind.StaleRun, detail);
            }

            first = next;
        }
    }

    private static IEnumerable<Bar> Bars(BarSeries series) => Enumerable.Range(0, series.Count).Select(i => series[i]);
}
