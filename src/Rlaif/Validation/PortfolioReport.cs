namespace Rlaif.Validation;

/// <summary>What an account did, in the usual figures; null where a figure is not defined.</summary>
public sealed record PortfolioReport
{
    /// <summary>Return over the whole time, a fraction.</summary>
    public required double TotalReturn { get; init; }

    /// <summary>Compounded return a year, a fraction; null without sessions or when everything was lost.</summary>
    public required double? AnnualizedReturn { get; init; }

    /// <summary>Annualized standard deviation of the session returns, a fraction.</summary>
    public required double? Volatility { get; init; }

    /// <summary>Annualized Sharpe ratio of the session returns, no risk-free return; null when they do not vary.</summary>
    public required double? Sharpe { get; init; }

    /// <summary>Annualized Sortino ratio with target 0; null when no session lost.</summary>
    public required double? Sortino { get; init; }

    /// <summary>Largest fall from a running peak, a fraction, at most 0.</summary>
    public required double MaxDrawdown { get; init; }

    /// <summary>Annualized return over the absolute value of the largest drawdown; null without one.</summary>
    public required double? Calmar { get; init; }

    /// <summary>Half of what was bought and sold in a year, in multiples of mean equity; null without sessions.</summary>
    public required double? Turnover { get; init; }

    /// <summary>All costs, a fraction of the starting equity.</summary>
    public required double Costs { get; init; }

    /// <summary>Positions that were opened.</summary>
    public required int Trades { get; init; }

    /// <summary>Share of positions with a net return above zero; null without trades.</summary>
    public required double? WinRate { get; init; }

    /// <summary>Summarizes a curve.</summary>
    /// <param name="curve">The account.</param>
    /// <param name="sessionsPerYear">Sessions in a year; 252 for stock exchanges.</param>
    public static PortfolioReport Of(EquityCurve curve, double sessionsPerYear = 252)
    {
        double[] returns = [.. curve.Returns];
        double years = returns.Length / sessionsPerYear;
        double meanEquity = returns.Length == 0 ? 1 : curve.Points.Average(p => p.Equity);
        return new PortfolioReport
        {
            TotalReturn = returns.Length == 0 ? 0 : curve.Points[^1].Equity - 1,
            AnnualizedReturn = ReturnStatistics.AnnualizedReturn(returns, sessionsPerYear),
            Volatility = ReturnStatistics.StandardDeviation(returns) * Math.Sqrt(sessionsPerYear),
            Sharpe = ReturnStatistics.Sharpe(returns, sessionsPerYear),
            Sortino = ReturnStatistics.Sortino(returns, sessionsPerYear),
            MaxDrawdown = ReturnStatistics.MaxDrawdown(returns),
            Calmar = ReturnStatistics.Calmar(returns, sessionsPerYear),
            Turnover = years > 0 && meanEquity > 0 ? curve.Traded / 2 / meanEquity / years : null,
            Costs = curve.Costs,
            Trades = curve.Trades,
            WinRate = curve.Trades > 0 ? (double)curve.Wins / curve.Trades : null,
        };
    }
}
