namespace Rlaif.Validation;

/// <summary>What an account did, in the usual figures; null where a figure is not defined.</summary>
public sealed record PortfolioReport
{
    /// <summary>Fewest sessions from which anything is annualized.</summary>
    public const int FewestSessions = 20;

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

    /// <summary>Summarizes a curve. Annualized figures of fewer than <see cref="FewestSessions"/> sessions are null: they would be noise.</summary>
    /// <param name="curve">The account.</param>
    /// <param name="sessionsPerYear">Sessions in a year; 252 for stock exchanges.</param>
    public static PortfolioReport Of(EquityCurve curve, double sessionsPerYear = 252)
    {
        double[] returns = [.. curve.Returns];
        double years = returns.Length / sessionsPerYear;
        bool isLong = returns.Length >= FewestSessions;
        double meanEquity = returns.Length == 0 ? 1 : curve.Points.Average(p => p.Equity);
        return new PortfolioReport
        {
            TotalReturn = returns.Length == 0 ? 0 : curve.Points[^1].Equity - 1,
            AnnualizedReturn = isLong ? ReturnStatistics.AnnualizedReturn(returns, sessionsPerYear) : null,
            Volatility = ReturnStatistics.StandardDeviation(returns) * Math.Sqrt(sessionsPerYear),
            Sharpe = isLong ? ReturnStatistics.Sharpe(returns, sessionsPerYear) : null,
            Sortino = isLong ? ReturnStatistics.Sortino(returns, sessionsPerYear) : null,
            MaxDrawdown = ReturnStatistics.MaxDrawdown(returns),
            Calmar = isLong ? ReturnStatistics.Calmar(returns, sessionsPerYear) : null,
            Turnover = years > 0 && meanEquity > 0 ? curve.Traded / 2 / meanEquity / years : null,
            Costs = curve.Costs,
            Trades = curve.Trades,
            WinRate = curve.Trades > 0 ? (double)curve.Wins / curve.Trades : null,
        };
    }
}
