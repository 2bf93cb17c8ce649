using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Validation;

/// <summary>
/// The value of an account at each session close, in multiples of its starting equity. It starts at 1 before the open of the first
/// session. A position commits its size times the equity of the close before its entry (or of the start, when not compounded); it is
/// marked at each close, pays for its entry at once and for exit and borrow at the end, where it has earned exactly its net return.
/// </summary>
public sealed record EquityCurve
{
    private const double BasisPoint = 1e-4;

    /// <summary>One point per session from the first entry to the last exit; empty without decisions.</summary>
    public required IReadOnlyList<EquityPoint> Points { get; init; }

    /// <summary>Positions that were opened; holds are none.</summary>
    public required int Trades { get; init; }

    /// <summary>Positions with a net return above zero.</summary>
    public required int Wins { get; init; }

    /// <summary>Value bought and sold in all, in multiples of the starting equity.</summary>
    public required double Traded { get; init; }

    /// <summary>Commission, spread, slippage and borrow in all, in multiples of the starting equity.</summary>
    public required double Costs { get; init; }

    /// <summary>Return per session: the first from the starting equity, all others from close to close.</summary>
    public IReadOnlyList<double> Returns
    {
        get
        {
            double[] returns = new double[Points.Count];
            double before = 1;
            for (int i = 0; i < returns.Length; i++)
            {
                // Nothing can be earned on an account that has lost everything.
                returns[i] = before > 0 ? (Points[i].Equity / before) - 1 : 0;
                before = Points[i].Equity;
            }

            return returns;
        }
    }

    /// <summary>The account that traded accepted candidates.</summary>
    /// <param name="decisions">Accepted candidates with their outcomes, one per context; holds lengthen the curve and earn nothing.</param>
    /// <param name="bars">The bars of every symbol that was traded, by symbol.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">Two candidates share a context, or the bars of a symbol are missing.</exception>
    public static EquityCurve FromTrades(
        IEnumerable<SettledCandidate> decisions,
        IReadOnlyDictionary<string, BarSeries> bars,
        EquityCurveOptions? options = null
    )
    {
        options ??= new EquityCurveOptions();
        SettledCandidate[] accepted = [.. decisions];
        Require(accepted, bars);
        double entryRate = EntryRate(options);
        CurvePosition[] positions =
        [
            .. accepted
                .Where(d => d.Outcome.Action != TradeAction.Hold)
                .OrderBy(d => d.Outcome.EntryAt)
                .ThenBy(d => d.Context.ContextId, StringComparer.Ordinal)
                .Select(d => CurvePosition.From(d, entryRate)),
        ];
        return accepted.Length == 0
            ? Run([], [], bars, options)
            : Run(
                positions,
                Sessions(
                    bars.Values,
                    accepted.Min(d => DateOnly.FromDateTime(d.Outcome.EntryAt.UtcDateTime)),
                    accepted.Max(d => DateOnly.FromDateTime(d.Outcome.ExitAt.UtcDateTime))
                ),
                bars,
                options
            );
    }

    /// <summary>
    /// The account that bought equal amounts of every series at its first open in the range and sold at its last close, paying the same
    /// costs a side. Give it the benchmark alone, or all symbols.
    /// </summary>
    /// <param name="series">What is bought; a series without bars in the range is left out.</param>
    /// <param name="range">The sessions held.</param>
    /// <param name="options">Null for the defaults.</param>
    public static EquityCurve BuyAndHold(IReadOnlyList<BarSeries> series, DateRange range, EquityCurveOptions? options = null)
    {
        options ??= new EquityCurveOptions();
        var held = new List<CurvePosition>();
        foreach (BarSeries bars in series)
        {
            int[] inside = [.. Enumerable.Range(0, bars.Count).Where(i => range.Contains(bars[i].Session))];
            if (inside.Length > 0)
            {
                held.Add(CurvePosition.Hold(bars, inside[0], inside[^1], 1.0 / series.Count, EntryRate(options)));
            }
        }

        var bySymbol = series.ToDictionary(s => s.Symbol, StringComparer.Ordinal);
        SortedSet<DateOnly> sessions = held.Count == 0 ? [] : Sessions(series, held.Min(p => p.Entry), held.Max(p => p.Exit));
        return Run([.. held.OrderBy(p => p.Entry).ThenBy(p => p.Symbol, StringComparer.Ordinal)], sessions, bySymbol, options);
    }

    private static double EntryRate(EquityCurveOptions options) =>
        BasisPoint * (options.Settlement.CommissionBps + options.Settlement.HalfSpreadBps + options.Settlement.SlippageBps);

    private static void Require(SettledCandidate[] accepted, IReadOnlyDictionary<string, BarSeries> bars)
    {
        HashSet<string> contexts = new(StringComparer.Ordinal);
        foreach (SettledCandidate decision in accepted)
        {
            if (!contexts.Add(decision.Context.ContextId))
            {
                throw new ArgumentException(
                    $"Two candidates of context {decision.Context.ContextId} cannot both have been accepted.",
                    nameof(accepted)
                );
            }

            if (decision.Outcome.Action != TradeAction.Hold && !bars.ContainsKey(decision.Outcome.Symbol))
            {
                throw new ArgumentException($"The bars of {decision.Outcome.Symbol} are missing.", nameof(bars));
            }
        }
    }

    private static SortedSet<DateOnly> Sessions(IEnumerable<BarSeries> series, DateOnly first, DateOnly last)
    {
        // An exit reported from elsewhere may fall on a day without bars; it is booked all the same.
        var sessions = new SortedSet<DateOnly> { last };
        foreach (BarSeries bars in series)
        {
            for (int i = 0; i < bars.Count; i++)
            {
                if (bars[i].Session >= first && bars[i].Session <= last)
                {
                    sessions.Add(bars[i].Session);
                }
            }
        }

        return sessions;
    }

    private static EquityCurve Run(
        CurvePosition[] positions,
        SortedSet<DateOnly> sessions,
        IReadOnlyDictionary<string, BarSeries> bars,
        EquityCurveOptions options
    )
    {
        var points = new List<EquityPoint>(sessions.Count);
        var open = new List<(CurvePosition Position, double Notional)>();
        double booked = 1;
        double equity = 1;
        double traded = 0;
        double costs = 0;
        int next = 0;
        foreach (DateOnly session in sessions)
        {
            for (; next < positions.Length && positions[next].Entry <= session; next++)
            {
                CurvePosition position = positions[next];
                double notional = position.Size * (options.Compounded ? Math.Max(equity, 0) : 1);
                open.Add((position, notional));
                traded += notional * position.Traded;
                costs += notional * position.Costs;
            }

            booked += open.Where(o => o.Position.Exit <= session).Sum(o => o.Notional * o.Position.NetReturn);
            open.RemoveAll(o => o.Position.Exit <= session);
            equity = booked + open.Sum(o => o.Notional * o.Position.MarkAt(bars[o.Position.Symbol], session));
            points.Add(new EquityPoint(session, equity));
        }

        return new EquityCurve
        {
            Points = points,
            Trades = positions.Length,
            Wins = positions.Count(p => p.NetReturn > 0),
            Traded = traded,
            Costs = costs,
        };
    }
}
