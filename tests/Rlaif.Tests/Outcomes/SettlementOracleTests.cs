using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Outcomes;

/// <summary>Compares settlement with a second one that is written for obviousness: day by day, in doubles, with no shared code.</summary>
public sealed class SettlementOracleTests
{
    private const int Scenarios = 1000;

    [Fact]
    public void Settle_RandomScenarios_EqualTheObviousComputation()
    {
        var seen = new Dictionary<string, int>();
        for (ulong seed = 0; seed < Scenarios; seed++)
        {
            RandomScenario scenario = RandomScenario.From(seed);
            SettlementResult found = scenario.Settle();
            Expected expected = Oracle(scenario);
            Assert.Equal((seed, expected.Reason), (seed, found.Reason));
            string kind = found.Outcome is { } outcome ? $"{outcome.Action} {outcome.ExitReason}" : found.Reason!;
            seen[kind] = seen.GetValueOrDefault(kind) + 1;
            if (found.Outcome is not null)
            {
                Same(expected, found.Outcome);
            }
        }

        string[] kinds =
        [
            "Buy TimeLimit",
            "Buy Target",
            "Buy Stop",
            "Buy TrailingStop",
            "Sell TimeLimit",
            "Sell Target",
            "Sell Stop",
            "Sell TrailingStop",
            "Hold NoPosition",
            SettlementReasons.WaitingForEntry,
            SettlementReasons.WaitingForExit,
            SettlementReasons.NoEntryBar,
            SettlementReasons.MissingExitBar,
        ];
        Assert.All(kinds, kind => Assert.True(seen.GetValueOrDefault(kind) >= 5, $"{kind}: {seen.GetValueOrDefault(kind)}"));
        Assert.True(seen.Where(s => s.Key.Contains(' ')).Sum(s => s.Value) >= 300);
    }

    private static void Same(Expected expected, Outcome outcome)
    {
        Assert.Equal((expected.Entry, expected.Exit), (outcome.EntryAt, outcome.ExitAt));
        Assert.Equal((expected.ExitReason, expected.HoldDays), (outcome.ExitReason, outcome.HoldDays));
        Given.Near(expected.Gross, outcome.GrossReturn);
        Given.Near(expected.Costs, outcome.Costs);
        Given.Near(expected.Gross - expected.Costs, outcome.NetReturn);
        Given.Near(expected.Drawdown, outcome.MaxDrawdown);
        Given.Near(expected.Best, outcome.FavorableExcursion);
        Given.Near(expected.Worst, outcome.AdverseExcursion);
        Given.Near(expected.Benchmark, outcome.BenchmarkReturn);
        // Ratios divide by a small deviation, which magnifies the last digits.
        Assert.Equal(expected.Sharpe is null, outcome.Sharpe is null);
        Assert.Equal(expected.Sortino is null, outcome.Sortino is null);
        Assert.Equal(expected.Sharpe ?? 0, outcome.Sharpe ?? 0, 1e-8 * Math.Max(1, Math.Abs(expected.Sharpe ?? 0)));
        Assert.Equal(expected.Sortino ?? 0, outcome.Sortino ?? 0, 1e-8 * Math.Max(1, Math.Abs(expected.Sortino ?? 0)));
    }

    private sealed record Expected(string? Reason)
    {
        public DateTimeOffset Entry { get; set; }
        public DateTimeOffset Exit { get; set; }
        public ExitReason ExitReason { get; set; }
        public int HoldDays { get; set; }
        public double Gross { get; set; }
        public double Costs { get; set; }
        public double Drawdown { get; set; }
        public double Best { get; set; }
        public double Worst { get; set; }
        public double? Benchmark { get; set; }
        public double? Sharpe { get; set; }
        public double? Sortino { get; set; }
    }

    private static Expected Oracle(RandomScenario s)
    {
        DateOnly asOfDay = DateOnly.FromDateTime(s.AsOf.Date);
        bool morning = s.AsOf.Hour == 8;
        List<DateOnly> sessions = [.. Given.Calendar.Sessions.Where(d => morning ? d >= asOfDay : d > asOfDay)];
        List<Bar> known = [.. s.Bars.Where(b => b.CloseTime <= s.Now)];
        List<Bar> after = [.. known.Where(b => b.Session >= sessions[0])];
        if (after.Count == 0)
        {
            return new Expected(SettlementReasons.WaitingForEntry);
        }

        if (after[0].Session != sessions[0])
        {
            return new Expected(SettlementReasons.NoEntryBar);
        }

        DateOnly due = sessions[s.Options.HoldDays - 1];
        List<Bar> window = [.. after.Where(b => b.Session <= due)];
        var result = new Expected((string?)null) { Entry = window[0].OpenTime };
        (int Index, double Price, DateTimeOffset At)? early = s.Action == TradeAction.Hold ? null : Touch(s, window, result);
        if (early is null && window[^1].Session != due)
        {
            bool tradedLater = known.Any(b => b.Session > due);
            return new Expected(tradedLater ? SettlementReasons.MissingExitBar : SettlementReasons.WaitingForExit);
        }

        Fill(s, window, early, result);
        result.HoldDays = sessions.Count(d => d <= (early is null ? due : window[early.Value.Index].Session));
        return result;
    }

    /// <summary>Shares and cash at a day for one share bought in the entry session.</summary>
    private static (double Shares, double Cash) Holding(RandomScenario s, DateOnly entry, DateOnly day)
    {
        double shares = 1;
        double cash = 0;
        for (DateOnly d = entry.AddDays(1); d <= day; d = d.AddDays(1))
        {
            foreach (CorporateAction split in s.Actions.Where(a => a.ExDate == d && a.Kind == CorporateActionKind.Split))
            {
                shares *= (double)split.Value;
            }

            foreach (CorporateAction paid in s.Actions.Where(a => a.ExDate == d && a.Kind == CorporateActionKind.Dividend))
            {
                cash += shares * (double)paid.Value;
            }
        }

        return (shares, cash);
    }

    private static (int Index, double Price, DateTimeOffset At)? Touch(RandomScenario s, List<Bar> window, Expected result)
    {
        double start = (double)window[0].Open;
        bool isLong = s.Action == TradeAction.Buy;
        double best = 1;
        for (int i = 0; i < window.Count; i++)
        {
            Bar bar = window[i];
            double shares = Holding(s, window[0].Session, bar.Session).Shares;
            // Everything per share at entry, so that the levels stand still. A hair of tolerance for equality in doubles.
            double open = (double)bar.Open * shares / start;
            double high = (double)bar.High * shares / start;
            double low = (double)bar.Low * shares / start;
            double? target = isLong ? 1 + s.Options.TargetReturn : 1 - s.Options.TargetReturn;
            double? fixedStop = isLong ? 1 - s.Options.StopReturn : 1 + s.Options.StopReturn;
            best = isLong ? Math.Max(best, open) : Math.Min(best, open);
            double? trailing = best * (isLong ? 1 - s.Options.TrailReturn : 1 + s.Options.TrailReturn);
            // The one that a loss reaches first; the fixed one when they are the same.
            bool trails = trailing is { } t && (fixedStop is not { } f || (isLong ? t > f + 1e-13 : t < f - 1e-13));
            double? stop = trails ? trailing : fixedStop;
            ExitReason stopped = trails ? ExitReason.TrailingStop : ExitReason.Stop;
            bool Reached(double price, double? level, bool above) =>
                level is not null && (above ? price >= level - 1e-13 : price <= level + 1e-13);
            result.ExitReason = stopped;
            if (Reached(open, stop, !isLong))
            {
                return (i, open, bar.OpenTime);
            }

            result.ExitReason = ExitReason.Target;
            if (Reached(open, target, isLong))
            {
                return (i, open, bar.OpenTime);
            }

            result.ExitReason = stopped;
            if (Reached(isLong ? low : high, stop, !isLong))
            {
                return (i, stop!.Value, bar.CloseTime);
            }

            result.ExitReason = ExitReason.Target;
            if (Reached(isLong ? high : low, target, isLong))
            {
                return (i, target!.Value, bar.CloseTime);
            }

            best = isLong ? Math.Max(best, high) : Math.Min(best, low);
        }

        return null;
    }

    private static void Fill(
        RandomScenario s,
        List<Bar> window,
        (int Index, double Price, DateTimeOffset At)? early,
        Expected result
    )
    {
        double start = (double)window[0].Open;
        DateOnly entry = window[0].Session;
        int last = early?.Index ?? window.Count - 1;
        double Gain(double price, DateOnly day)
        {
            (double shares, double cash) = Holding(s, entry, day);
            double gain = (((price * shares) + cash) / start) - 1;
            return s.Action switch
            {
                TradeAction.Buy => gain,
                TradeAction.Sell => -gain,
                _ => 0,
            };
        }

        List<double> touched = [];
        List<(DateOnly Day, double Gain)> marks = [];
        for (int i = 0; i <= last; i++)
        {
            Bar bar = window[i];
            if (i == last && early is not null)
            {
                double quoted = early.Value.Price * start / Holding(s, entry, bar.Session).Shares;
                touched.AddRange([Gain((double)bar.Open, bar.Session), Gain(quoted, bar.Session)]);
                marks.Add((bar.Session, Gain(quoted, bar.Session)));
            }
            else
            {
                touched.AddRange([Gain((double)bar.High, bar.Session), Gain((double)bar.Low, bar.Session)]);
                marks.Add((bar.Session, Gain((double)bar.Close, bar.Session)));
            }
        }

        result.Gross = marks[^1].Gain;
        result.Best = Math.Max(0, touched.Max());
        result.Worst = Math.Min(0, touched.Min());
        List<double> equity = [1, .. marks.Select(m => 1 + m.Gain)];
        result.Drawdown = equity.Select((e, i) => (e / equity.Take(i + 1).Max()) - 1).Min();
        DateOnly exit = window[last].Session;
        result.Exit = early?.At ?? window[last].CloseTime;
        result.Benchmark = BenchmarkReturn(s, entry, window[last]);
        if (s.Action == TradeAction.Hold)
        {
            result.ExitReason = ExitReason.NoPosition;
            return;
        }

        result.ExitReason = early is null ? ExitReason.TimeLimit : result.ExitReason;
        Ratios(s, marks, result);
        (double shares, double cash) = Holding(s, entry, exit);
        double exitNotional = (s.Action == TradeAction.Buy ? 1 + result.Gross : 1 - result.Gross) - (cash / start);
        double perSide = (s.Options.CommissionBps + s.Options.HalfSpreadBps + s.Options.SlippageBps) / 10_000;
        result.Costs = perSide * (1 + exitNotional);
        if (s.Action == TradeAction.Sell)
        {
            result.Costs += s.Options.BorrowBpsPerYear / 10_000 * Math.Max(1, exit.DayNumber - entry.DayNumber) / 365;
        }
    }

    private static void Ratios(RandomScenario s, List<(DateOnly Day, double Gain)> marks, Expected result)
    {
        List<double> closes = [1, .. marks.GroupBy(m => m.Day).Select(g => 1 + g.Last().Gain)];
        double[] returns = [.. closes.Skip(1).Zip(closes, (now, before) => (now / before) - 1)];
        if (returns.Length >= s.Options.MinReturnsForRatios)
        {
            result.Sharpe = ReturnStatistics.Sharpe(returns);
            result.Sortino = ReturnStatistics.Sortino(returns);
        }
    }

    private static double? BenchmarkReturn(RandomScenario s, DateOnly entry, Bar exit)
    {
        // The index closes at 21:00: an exit at noon knows no close of that day yet.
        List<Bar> first = [.. s.Benchmark.Where(b => b.Session == entry)];
        List<Bar> last = [.. s.Benchmark.Where(b => b.Session == exit.Session && b.CloseTime <= exit.CloseTime)];
        return first.Count == 0 || last.Count == 0 ? null : ((double)last[^1].Close / (double)first[0].Open) - 1;
    }
}
