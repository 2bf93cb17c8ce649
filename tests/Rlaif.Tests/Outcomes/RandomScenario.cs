using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Outcomes;

/// <summary>A market with halts, splits and dividends, a decision in it and the terms to settle it on, all drawn from one seed.</summary>
internal sealed record RandomScenario
{
    private const int Sessions = 45;

    public required IReadOnlyList<Bar> Bars { get; init; }

    public required IReadOnlyList<CorporateAction> Actions { get; init; }

    public required IReadOnlyList<Bar> Benchmark { get; init; }

    public required TradeAction Action { get; init; }

    public required DateTimeOffset AsOf { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required SettlementOptions Options { get; init; }

    public SettlementResult Settle()
    {
        DecisionContext context = Given.Context(AsOf);
        return Settlement.Settle(context, Given.Candidate(context, Action, 0.037), Path(), Now, Options);
    }

    public MarketPath Path() => new(new BarSeries("AAPL", Bars, Actions), Given.Calendar, new BarSeries("SPX", Benchmark));

    public static RandomScenario From(ulong seed)
    {
        var random = new DeterministicRandom(seed);
        DateOnly[] days = [.. Given.Calendar.Sessions.Take(Sessions)];
        List<CorporateAction> actions = DrawActions(random, days);
        int barsPerDay = 1 + random.NextInt(2);
        List<Bar> bars = DrawBars(random, days, barsPerDay, actions);
        DateOnly date = days[0].AddDays(random.NextInt(50));
        bool late = random.NextInt(2) == 0;
        DateOnly last = random.NextInt(4) == 0 ? date.AddDays(random.NextInt(14)) : days[^1];
        return new RandomScenario
        {
            Bars = bars,
            Actions = actions,
            Benchmark = DrawBars(random, days, 1, []),
            Action = (TradeAction)(random.NextInt(9) == 0 ? 2 : random.NextInt(2)),
            AsOf = Given.At(date, late ? Given.Close : new TimeSpan(8, 0, 0)),
            // After midnight, when the day is over for certain.
            Now = Given.At(last.AddDays(1), new TimeSpan(0, 30, 0)),
            Options = DrawOptions(random),
        };
    }

    private static SettlementOptions DrawOptions(DeterministicRandom random) =>
        new()
        {
            HoldDays = 1 + random.NextInt(12),
            CommissionBps = random.NextInt(50) / 10.0,
            HalfSpreadBps = random.NextInt(50) / 10.0,
            SlippageBps = random.NextInt(50) / 10.0,
            BorrowBpsPerYear = random.NextInt(500),
            MinReturnsForRatios = 2 + random.NextInt(8),
            TargetReturn = random.NextInt(3) == 0 ? 0.01 * (1 + random.NextInt(12)) : null,
            StopReturn = random.NextInt(3) == 0 ? 0.01 * (1 + random.NextInt(12)) : null,
            TrailReturn = random.NextInt(3) == 0 ? 0.01 * (1 + random.NextInt(8)) : null,
        };

    private static List<CorporateAction> DrawActions(DeterministicRandom random, DateOnly[] days)
    {
        decimal[] ratios = [2, 3, 4, 7, 0.5m, 0.1m];
        var actions = new List<CorporateAction>();
        foreach (DateOnly day in days)
        {
            if (random.NextInt(20) == 0)
            {
                actions.Add(new CorporateAction(day, CorporateActionKind.Split, ratios[random.NextInt(ratios.Length)]));
            }

            if (random.NextInt(12) == 0)
            {
                actions.Add(new CorporateAction(day, CorporateActionKind.Dividend, (1 + random.NextInt(150)) / 100m));
            }
        }

        return actions;
    }

    private static List<Bar> DrawBars(
        DeterministicRandom random,
        DateOnly[] days,
        int barsPerDay,
        IReadOnlyList<CorporateAction> actions
    )
    {
        var bars = new List<Bar>();
        double price = 50 + (random.NextDouble() * 400);
        TimeSpan length = (Given.Close - Given.Open) / barsPerDay;
        foreach (DateOnly day in days)
        {
            foreach (CorporateAction split in actions.Where(a => a.ExDate == day && a.Kind == CorporateActionKind.Split))
            {
                price /= (double)split.Value;
            }

            for (int i = 0; i < barsPerDay; i++)
            {
                double open = price * Math.Exp(0.015 * random.NextGaussian());
                price = open * Math.Exp(0.02 * random.NextGaussian());
                double high = Math.Max(open, price) * (1 + (0.01 * random.NextDouble()));
                double low = Math.Min(open, price) * (1 - (0.01 * random.NextDouble()));
                if (random.NextInt(25) != 0)
                {
                    DateTimeOffset start = Given.At(day, Given.Open + (i * length));
                    bars.Add(new Bar(start, start + length, Cents(open), Cents(high), Cents(low), Cents(price), 1000));
                }
            }
        }

        return bars;
    }

    private static decimal Cents(double price) => Math.Max(0.01m, decimal.Round((decimal)price, 2));
}
