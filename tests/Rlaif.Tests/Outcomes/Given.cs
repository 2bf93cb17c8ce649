using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Outcomes;

/// <summary>Markets, contexts and candidates for the tests of this stage. Sessions run from 14:30 to 21:00 UTC.</summary>
internal static class Given
{
    public static readonly TimeSpan Open = new(14, 30, 0);
    public static readonly TimeSpan Close = new(21, 0, 0);

    /// <summary>No costs.</summary>
    public static readonly SettlementOptions Free = new()
    {
        CommissionBps = 0,
        HalfSpreadBps = 0,
        SlippageBps = 0,
        BorrowBpsPerYear = 0,
    };

    // New York's holidays of the months that the tests use.
    private static readonly HashSet<DateOnly> Holidays =
    [
        new(2023, 11, 23),
        new(2023, 12, 25),
        new(2024, 1, 1),
        new(2024, 1, 15),
        new(2024, 2, 19),
        new(2024, 3, 29),
    ];

    /// <summary>New York's trading days from November 2023 to June 2024.</summary>
    public static readonly SessionCalendar Calendar = new(
        Enumerable
            .Range(0, 240)
            .Select(i => new DateOnly(2023, 11, 1).AddDays(i))
            .Where(d => d.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Holidays.Contains(d))
    );

    public static DateTimeOffset At(DateOnly date, TimeSpan time) =>
        new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero) + time;

    public static DateTimeOffset At(string time) =>
        DateTimeOffset.Parse(time, null, System.Globalization.DateTimeStyles.AssumeUniversal);

    /// <summary>A daily bar of "MM-dd" in 2024.</summary>
    public static Bar Bar(string day, decimal open, decimal high, decimal low, decimal close) =>
        Bar(DateOnly.Parse($"2024-{day}"), open, high, low, close);

    public static Bar Bar(DateOnly day, decimal open, decimal high, decimal low, decimal close) =>
        new(At(day, Open), At(day, Close), open, high, low, close, 1_000_000);

    public static DecisionContext Context(DateTimeOffset asOf, string symbol = "AAPL", string run = "run") =>
        new()
        {
            ContextId = DecisionContext.CreateId(run, symbol, asOf, 0),
            RunId = run,
            Symbol = symbol,
            AsOf = asOf,
            Generation = 0,
            Agents = "rules",
            SnapshotHash = "hash",
            Features = new Dictionary<string, double?> { ["rsi_14"] = 55.5 },
            ReferencePrice = 100,
            DailyVolatility = 0.02,
            Beta = 1.1,
            Debate = new Debate
            {
                Opening = [],
                Turns = [],
                Closing = [],
                Converged = true,
            },
            Prompt = "What now?",
        };

    public static Candidate Candidate(DecisionContext context, TradeAction action, double size = 0.05, int index = 0) =>
        new()
        {
            CandidateId = Rlaif.Decisions.Candidate.CreateId(context.ContextId, index),
            ContextId = context.ContextId,
            Index = index,
            Symbol = context.Symbol,
            AsOf = context.AsOf,
            Action = action,
            PositionSize = action == TradeAction.Hold ? 0 : size,
            Score = 0.1,
            Confidence = 0.6,
            Stance = "balanced",
            Analysis = "Because.",
            Reasoning = ["One.", "Two."],
        };

    /// <summary>A context with a buy, a sell and a hold.</summary>
    public static Proposal Proposal(DateTimeOffset asOf, string symbol = "AAPL", string run = "run")
    {
        DecisionContext context = Context(asOf, symbol, run);
        return new Proposal(
            context,
            [
                Candidate(context, TradeAction.Buy, 0.05, 0),
                Candidate(context, TradeAction.Sell, 0.03, 1),
                Candidate(context, TradeAction.Hold, 0, 2),
            ]
        );
    }

    /// <summary>Appends context and candidates, and the acceptance of one of them.</summary>
    public static async Task<TradingDecision> RecordAsync(Ledger ledger, Proposal proposal, int accepted = 0)
    {
        TradingDecision decision = TradingDecision.Accept(proposal.Candidates[accepted], "first");
        await ledger.AppendAsync(new LedgerBatch().Add(proposal.Context).AddRange(proposal.Candidates).Add(decision));
        return decision;
    }

    /// <summary>The note that a decision is tracked.</summary>
    public static PositionOpened Opened(
        string id,
        PositionSide side,
        decimal quantity,
        SettlementOptions terms,
        DateTimeOffset asOf,
        string symbol = "AAPL"
    ) =>
        new()
        {
            PositionId = id,
            DecisionId = $"decision {id}",
            CandidateId = $"candidate {id}",
            ContextId = $"context {id}",
            Symbol = symbol,
            Side = side,
            PositionSize = 0.1,
            Quantity = quantity,
            AsOf = asOf,
            OpenedAt = asOf,
            Terms = terms,
        };

    public static SettlementResult Settle(
        TradeAction action,
        string asOf,
        IEnumerable<Bar> bars,
        SettlementOptions? options = null,
        IEnumerable<CorporateAction>? actions = null,
        BarSeries? benchmark = null,
        string now = "2024-06-30"
    )
    {
        DecisionContext context = Context(At(asOf));
        var path = new MarketPath(new BarSeries("AAPL", bars, actions), Calendar, benchmark);
        return Settlement.Settle(context, Candidate(context, action), path, At(now), options ?? Free);
    }

    public static CorporateAction Split(string day, decimal ratio) =>
        new(DateOnly.Parse($"2024-{day}"), CorporateActionKind.Split, ratio);

    public static CorporateAction Dividend(string day, decimal cash) =>
        new(DateOnly.Parse($"2024-{day}"), CorporateActionKind.Dividend, cash);

    public static void Near(double expected, double actual)
    {
        Assert.True(
            Math.Abs(expected - actual) <= 1e-12 * Math.Max(1, Math.Abs(expected)),
            $"expected {expected:R}, found {actual:R}"
        );
    }

    public static void Near(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } value)
        {
            Near(value, actual!.Value);
        }
    }
}
