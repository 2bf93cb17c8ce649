namespace Rlaif.Outcomes;

/// <summary>The record of a tracker at one moment. A figure that is not defined yet is null, never zero.</summary>
public sealed record TrackerStats
{
    /// <summary>Positions that wait for their first bar.</summary>
    public required int Pending { get; init; }

    /// <summary>Positions that are held.</summary>
    public required int Open { get; init; }

    /// <summary>Positions that were filled and closed.</summary>
    public required int Closed { get; init; }

    /// <summary>Positions that were never filled because the symbol did not trade.</summary>
    public required int NeverFilled { get; init; }

    /// <summary>Share of the closed positions with a positive net return, in [0, 1]; null when none is closed.</summary>
    public required double? WinRate { get; init; }

    /// <summary>Mean net return of the closed positions, a fraction; null when none is closed.</summary>
    public required double? AverageReturn { get; init; }

    /// <summary>Sample standard deviation of the net returns; null when fewer than two are closed.</summary>
    public required double? ReturnDeviation { get; init; }

    /// <summary>Best net return; null when none is closed.</summary>
    public required double? BestReturn { get; init; }

    /// <summary>Worst net return; null when none is closed.</summary>
    public required double? WorstReturn { get; init; }

    /// <summary>Profit or loss of the closed positions after costs, in currency.</summary>
    public required decimal TotalPnl { get; init; }

    /// <summary>Profit or loss of the open positions at the last known closes before costs, in currency.</summary>
    public required decimal UnrealizedPnl { get; init; }

    /// <summary>Profits of the closed positions over their losses, in currency after costs; null when none lost.</summary>
    public required double? ProfitFactor { get; init; }

    /// <summary>Largest fall of the summed profit from its running peak, over the closed positions in the order in which they closed; in currency, at most 0.</summary>
    public required decimal MaxPnlDrawdown { get; init; }

    /// <summary>Mean trading days that the closed positions were held, the entry day included; null when none is closed.</summary>
    public required double? AverageDaysHeld { get; init; }

    internal static TrackerStats Of(IReadOnlyList<Position> open, IReadOnlyList<Position> closed)
    {
        double[] returns = [.. closed.Where(p => p.NetReturn is not null).Select(p => p.NetReturn!.Value)];
        decimal losses = -closed.Sum(p => Math.Min(p.Pnl ?? 0, 0));
        return new TrackerStats
        {
            Pending = open.Count(p => p.Status == PositionStatus.Pending),
            Open = open.Count(p => p.Status == PositionStatus.Open),
            Closed = returns.Length,
            NeverFilled = closed.Count - returns.Length,
            WinRate = returns.Length == 0 ? null : (double)returns.Count(r => r > 0) / returns.Length,
            AverageReturn = ReturnStatistics.Mean(returns),
            ReturnDeviation = ReturnStatistics.StandardDeviation(returns),
            BestReturn = returns.Length == 0 ? null : returns.Max(),
            WorstReturn = returns.Length == 0 ? null : returns.Min(),
            TotalPnl = closed.Sum(p => p.Pnl ?? 0),
            UnrealizedPnl = open.Sum(p => p.UnrealizedPnl ?? 0),
            ProfitFactor = losses > 0 ? (double)(closed.Sum(p => Math.Max(p.Pnl ?? 0, 0)) / losses) : null,
            MaxPnlDrawdown = DeepestFall(closed.Select(p => p.Pnl ?? 0)),
            AverageDaysHeld = ReturnStatistics.Mean([
                .. closed.Where(p => p.DaysHeld is not null).Select(p => (double)p.DaysHeld!.Value),
            ]),
        };
    }

    private static decimal DeepestFall(IEnumerable<decimal> profits)
    {
        (decimal sum, decimal peak, decimal deepest) = (0, 0, 0);
        foreach (decimal profit in profits)
        {
            sum += profit;
            peak = Math.Max(peak, sum);
            deepest = Math.Min(deepest, sum - peak);
        }

        return deepest;
    }
}
