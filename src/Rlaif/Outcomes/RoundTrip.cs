using Rlaif.Decisions;

namespace Rlaif.Outcomes;

/// <summary>A completed window of one candidate, from which its outcome is computed: the one place where money becomes returns.</summary>
internal sealed record RoundTrip
{
    private const decimal BasisPoints = 10_000m;
    private const decimal DaysPerYear = 365m;
    private const int QuantityDecimals = 6;

    internal required DecisionContext Context { get; init; }

    internal required Candidate Candidate { get; init; }

    internal required DateTimeOffset EntryAt { get; init; }

    internal required decimal EntryPrice { get; init; }

    internal required DateTimeOffset ExitAt { get; init; }

    internal required decimal ExitPrice { get; init; }

    /// <summary>Shares that one share at entry had become at the exit.</summary>
    internal decimal Shares { get; init; } = 1;

    /// <summary>The position's way; its last mark is the exit.</summary>
    internal required EquityPath Path { get; init; }

    /// <summary>Trading days held, the entry day included.</summary>
    internal required int HoldDays { get; init; }

    /// <summary>Calendar days from entry to exit: the nights for which shares are borrowed.</summary>
    internal required int Nights { get; init; }

    internal required ExitReason ExitReason { get; init; }

    internal required DateTimeOffset KnownAt { get; init; }

    internal double? BenchmarkReturn { get; init; }

    /// <summary>1 for a buy, -1 for a sell, 0 for a hold.</summary>
    internal static int SideOf(TradeAction action) =>
        action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };

    /// <summary>Shares that a fraction of equity buys, rounded down to six decimals.</summary>
    internal static decimal SharesFor(double positionSize, decimal entryPrice, SettlementOptions options) =>
        decimal.Round((decimal)positionSize * options.Equity / entryPrice, QuantityDecimals, MidpointRounding.ToZero);

    /// <summary>Computes the outcome.</summary>
    /// <param name="options">Costs, equity and the least number of returns for ratios.</param>
    /// <param name="decisionId">The decision when the candidate was the accepted one: its outcome is <see cref="OutcomeProvenance.Traded"/>.</param>
    /// <param name="quantity">Shares at entry; null for the position size times equity.</param>
    internal Outcome ToOutcome(SettlementOptions options, string? decisionId, decimal? quantity)
    {
        bool isHold = Candidate.Action == TradeAction.Hold;
        decimal gross = isHold ? 0 : Path.Return;
        decimal costs = isHold ? 0 : CostFraction(options);
        decimal shares = isHold ? 0 : quantity ?? SharesFor(Candidate.PositionSize, EntryPrice, options);
        (double? sharpe, double? sortino) = isHold ? (null, null) : Path.Ratios(options);
        OutcomeProvenance provenance = decisionId is null ? OutcomeProvenance.Counterfactual : OutcomeProvenance.Traded;
        return new Outcome
        {
            OutcomeId = Outcome.CreateId(Candidate.CandidateId, provenance),
            CandidateId = Candidate.CandidateId,
            ContextId = Context.ContextId,
            DecisionId = decisionId,
            Symbol = Context.Symbol,
            Action = Candidate.Action,
            PositionSize = Candidate.PositionSize,
            EntryAt = EntryAt,
            EntryPrice = EntryPrice,
            ExitAt = ExitAt,
            ExitPrice = ExitPrice,
            GrossReturn = (double)gross,
            NetReturn = (double)(gross - costs),
            Costs = (double)costs,
            Pnl = shares * EntryPrice * (gross - costs),
            Quantity = shares,
            BenchmarkReturn = BenchmarkReturn,
            MaxDrawdown = isHold ? 0 : (double)Path.Drawdown,
            FavorableExcursion = isHold ? 0 : (double)Path.Best,
            AdverseExcursion = isHold ? 0 : (double)Path.Worst,
            Sharpe = sharpe,
            Sortino = sortino,
            DailyVolatility = Context.DailyVolatility,
            Beta = Context.Beta,
            HoldDays = HoldDays,
            ExitReason = isHold ? ExitReason.NoPosition : ExitReason,
            KnownAt = KnownAt,
            Provenance = provenance,
        };
    }

    private decimal CostFraction(SettlementOptions options)
    {
        decimal side = (decimal)options.CommissionBps + (decimal)options.HalfSpreadBps + (decimal)options.SlippageBps;
        decimal trading = side / BasisPoints * (1 + (ExitPrice * Shares / EntryPrice));
        if (Candidate.Action != TradeAction.Sell)
        {
            return trading;
        }

        // Borrowed and returned within a day still costs a day.
        return trading + ((decimal)options.BorrowBpsPerYear / BasisPoints * Math.Max(1, Nights) / DaysPerYear);
    }
}
