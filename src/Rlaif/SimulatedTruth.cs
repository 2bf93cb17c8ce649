using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;

namespace Rlaif;

/// <summary>
/// What a simulated market knows and nobody else: the expected outcome of every candidate. It is used beside results, to say how much
/// could have been learnt; agents, features and training never see it.
/// </summary>
internal sealed class SimulatedTruth(SimulatedMarket market, SettlementOptions settlement)
{
    private const double BasisPoint = 1e-4;
    private const double DaysPerYear = 365;

    // Five sessions span a week.
    private const double CalendarDaysPerSession = 7.0 / 5;

    /// <summary>The truth about a market; null unless it is simulated and the metric is the one whose expectation is known.</summary>
    public static SimulatedTruth? Of(IMarketData market, LearningOptions options) =>
        market is SimulatedMarket simulated && ReferenceEquals(options.Preferences.Metric, ComparisonMetric.VolScaled)
            ? new SimulatedTruth(simulated, options.Settlement)
            : null;

    /// <summary>Expected contribution to equity, a fraction: size * (side * expected return - costs).</summary>
    public double Contribution(SettledCandidate settled) => Contribution(settled.Candidate);

    /// <inheritdoc cref="Contribution(SettledCandidate)"/>
    public double Contribution(Candidate candidate)
    {
        if (candidate.Action == TradeAction.Hold)
        {
            return 0;
        }

        double expected = market.ExpectedReturn(candidate.Symbol, candidate.AsOf, settlement.HoldDays);
        double signed = candidate.Action == TradeAction.Buy ? expected : -expected;
        return candidate.PositionSize * (signed - Costs(candidate.Action));
    }

    /// <summary>Expected <c>vol_scaled</c> score: the contribution over the volatility that was expected for the holding period.</summary>
    public double Score(SettledCandidate settled) =>
        settled.Outcome.DailyVolatility is > 0 and var daily
            ? Contribution(settled) / (daily * Math.Sqrt(settlement.HoldDays))
            : Contribution(settled);

    private double Costs(TradeAction action)
    {
        double roundTrip = 2 * (settlement.CommissionBps + settlement.HalfSpreadBps + settlement.SlippageBps);
        double years = Math.Max(1, (settlement.HoldDays - 1) * CalendarDaysPerSession) / DaysPerYear;
        double borrow = action == TradeAction.Sell ? settlement.BorrowBpsPerYear * years : 0;
        return (roundTrip + borrow) * BasisPoint;
    }
}
