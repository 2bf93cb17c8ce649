using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using static Rlaif.Tests.Outcomes.Given;

namespace Rlaif.Tests.Outcomes;

public sealed class OpenPositionsTests
{
    private static readonly DateOnly Tuesday = new(2024, 1, 9);

    /// <summary>Monday 8 January 2024: in at 100, up to 104, out of the day at 102.</summary>
    private static readonly Bar Monday = Bar("01-08", 100, 104, 98, 102);

    private static OpenPositions Book(
        SettlementOptions terms,
        PositionSide side = PositionSide.Long,
        params CorporateAction[] actions
    )
    {
        var path = new MarketPath(new BarSeries("AAPL", [Monday], actions), Calendar);
        HeldPosition held = PositionBook.Follow(
            Opened("one", side, 10, terms, At("2024-01-06")),
            path,
            At("2024-01-09T12:00:00Z")
        )!;
        return new OpenPositions([held], Tuesday);
    }

    private static PriceTick Tick(decimal price, string symbol = "AAPL", int minute = 0) =>
        new(symbol, price, At("2024-01-09T15:00:00Z").AddMinutes(minute));

    [Fact]
    public void Update_Long_GivesTheFiguresWorkedOutByHand()
    {
        OpenPositions book = Book(Free with { TrailReturn = 0.05 });
        Assert.Equal(20m, book.UnrealizedPnl);
        Assert.Empty(book.Update([Tick(106), Tick(103.88m), Tick(999, "MSFT")]).ToArray());
        Position position = Assert.Single(book);
        // 10 * 3.88; best 106; peak 106, so 103.88 / 106 - 1 = -0.02; Monday's low 98; level 106 * 0.95
        Assert.Equal((38.8m, 38.8m, 103.88m), (book.UnrealizedPnl, position.UnrealizedPnl, position.CurrentPrice));
        Near(0.0388, position.UnrealizedReturn);
        Near(0.06, position.FavorableExcursion);
        Near(-0.02, position.AdverseExcursion);
        Near(-0.02, position.MaxDrawdown);
        Assert.Equal(100.7m, position.TrailingPrice);
        // 100.7 is the level itself
        PositionTouch touch = Assert.Single(book.Update([Tick(100.7m, minute: 1)]).ToArray());
        Assert.Equal(
            new PositionTouch("one", "AAPL", ExitReason.TrailingStop, 100.7m, 100.7m, At("2024-01-09T15:01:00Z")),
            touch
        );
        // Told once
        Assert.Empty(book.Update([Tick(90)]).ToArray());
        Assert.Equal(-100m, book.UnrealizedPnl);
    }

    [Fact]
    public void Update_Short_IsTheMirrorImage()
    {
        OpenPositions book = Book(Free with { TargetReturn = 0.1, StopReturn = 0.05 }, PositionSide.Short);
        // Monday's close 102: 10 * -2
        Assert.Equal(-20m, book.UnrealizedPnl);
        // Jumps over the stop at 105
        PositionTouch touch = Assert.Single(book.Update([Tick(106.5m)]).ToArray());
        Assert.Equal((ExitReason.Stop, 105m, 106.5m), (touch.Reason, touch.Level, touch.Price));
        // 100 - 106.5 = -6.5; equity 0.935 under the peak of 1
        Near(-0.065, book[0].MaxDrawdown);
        OpenPositions other = Book(Free with { TargetReturn = 0.1 }, PositionSide.Short);
        Assert.Equal(ExitReason.Target, Assert.Single(other.Update([Tick(90)]).ToArray()).Reason);
        Assert.Equal(100m, other.UnrealizedPnl);
    }

    [Fact]
    public void Update_MorningOfASplitAndADividend_KnowsBoth()
    {
        SettlementOptions terms = Free with { StopReturn = 0.04, TrailReturn = 0.05 };
        OpenPositions book = Book(terms, PositionSide.Long, Split("01-09", 4), Dividend("01-09", 0.5m));
        // Before the first price it stands at Monday's close, in Monday's shares
        Assert.Equal((10m, 102m, 98.8m), (book[0].Quantity, book[0].CurrentPrice, book[0].TrailingPrice));
        // One share is four and is paid 4 * 0.5: 10 * (4 * 26 + 2 - 100). Levels: 104 * 0.95 / 4 = 24.7 is above 96 / 4
        Assert.Empty(book.Update([Tick(26)]).ToArray());
        Assert.Equal((40m, 60m, 24m, 24.7m), (book[0].Quantity, book.UnrealizedPnl, book[0].StopPrice, book[0].TrailingPrice));
        Assert.Equal(ExitReason.TrailingStop, Assert.Single(book.Update([Tick(24.6m)]).ToArray()).Reason);
    }

    [Fact]
    public void Update_PriceThatCannotBeUsed_IsRefusedAndNothingIsMarked()
    {
        OpenPositions book = Book(Free);
        Assert.Throws<RlaifInputException>(() => book.Update([Tick(120), Tick(0)]).Length);
        PriceTick tomorrow = Tick(120) with { At = At("2024-01-10T00:00:00Z") };
        Assert.Throws<RlaifInputException>(() => book.Update([Tick(120), tomorrow]).Length);
        Assert.Equal((20m, 102m), (book.UnrealizedPnl, book[0].CurrentPrice));
    }

    [Fact]
    public async Task LoadOpenPositionsAsync_SomeOfEach_HoldsTheFilledOnes()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var market = new InMemoryMarketData("test", [new BarSeries("AAPL", [Monday, Bar("01-09", 102, 103, 101, 103)])]);
        var clock = new FakeTimeProvider(At("2024-01-06"));
        var tracker = new OutcomeTracker(market, ledger, clock, Free);
        await tracker.TrackDecisionAsync(await RecordAsync(ledger, Proposal(At("2024-01-06"))), 10);
        Assert.Empty(await tracker.LoadOpenPositionsAsync());
        clock.SetUtcNow(At("2024-01-08T21:00:00Z"));
        await tracker.TrackDecisionAsync(await RecordAsync(ledger, Proposal(At("2024-01-08T21:00:00Z")), 1), 10);
        clock.SetUtcNow(At("2024-01-09T08:00:00Z"));
        OpenPositions book = await tracker.LoadOpenPositionsAsync();
        // The one that waits for Tuesday's bar is not in it; without a price they stand as the tracker says
        Assert.Equal((await tracker.GetOpenPositionsAsync())[0], Assert.Single(book));
        Assert.Equal((Tuesday, 1, 20m), (book.Date, book.Count, book.UnrealizedPnl));
    }

    /// <summary>Positions, ticks and prices at random; after every batch everything equals what is worked out anew from all ticks so far, and none later.</summary>
    [Fact]
    public void Update_RandomTicks_EqualsTheObviousComputation()
    {
        var seen = new Dictionary<string, int>();
        for (ulong seed = 0; seed < 300; seed++)
        {
            var random = new DeterministicRandom(seed);
            RandomScenario[] markets = [.. Enumerable.Range(0, 3).Select(i => RandomScenario.From((seed * 3) + (ulong)i))];
            ObviousMark[] all =
            [
                .. Enumerable.Range(0, 12).Select(i => ObviousMark.Draw(random, markets, i)).OfType<ObviousMark>(),
            ];
            OpenPositions book = new(all.Select(m => m.Held), Tuesday);
            for (int batch = 0; batch < 6; batch++)
            {
                PriceTick[] ticks = [.. Enumerable.Range(0, random.NextInt(6)).Select(_ => ObviousMark.Price(random, markets))];
                string[] touched = [.. book.Update(ticks).ToArray().Select(t => $"{t.PositionId} {t.Reason} {t.Price}").Order()];
                Assert.Equal(all.SelectMany(m => m.Add(ticks)).Order(), touched);
                Assert.All(all, mark => mark.Same(book.Single(p => p.PositionId == mark.Held.Position.PositionId)));
                Near((double)all.Sum(m => m.Profit), (double)book.UnrealizedPnl);
                foreach (string reason in touched.Select(t => t.Split(' ')[1]))
                {
                    seen[reason] = seen.GetValueOrDefault(reason) + 1;
                }
            }
        }

        Assert.All(["Target", "Stop", "TrailingStop"], reason => Assert.True(seen.GetValueOrDefault(reason) >= 100, reason));
    }

    [Fact]
    public void Update_ManyPositions_AllocatesNothingForThem()
    {
        var path = new MarketPath(new BarSeries("AAPL", [Monday]), Calendar);
        IEnumerable<HeldPosition> held = Enumerable
            .Range(0, 2_000)
            .Select(i =>
                PositionBook.Follow(
                    Opened($"{i}", PositionSide.Long, 1, Free, At("2024-01-06")),
                    path,
                    At("2024-01-09T12:00:00Z")
                )!
            );
        OpenPositions book = new(held, Tuesday);
        PriceTick[] ticks = [Tick(101), Tick(103)];
        book.Update(ticks);
        long before = GC.GetAllocatedBytesForCurrentThread();
        book.Update(ticks);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>One position marked by going over its whole history again each time, in fractions of the entry, with no shared code but that of settlement.</summary>
    private sealed class ObviousMark(HeldPosition held, RandomScenario scenario, int side)
    {
        private readonly List<decimal> _prices = [];
        private bool _isTouched;

        public HeldPosition Held { get; } = held;

        public decimal Profit =>
            _prices.Count == 0 ? Held.Position.UnrealizedPnl!.Value : Held.SharesAtEntry * Entry * Gain(_prices[^1]);

        private decimal Entry => Held.Position.EntryPrice!.Value;

        private bool IsLong => side > 0;

        public static ObviousMark? Draw(DeterministicRandom random, RandomScenario[] markets, int number)
        {
            int market = random.NextInt(markets.Length);
            RandomScenario terms = RandomScenario.From((ulong)random.NextInt(1_000_000));
            int side = random.NextInt(2) == 0 ? 1 : -1;
            // Some are due by then, which makes no difference to a mark.
            PositionOpened opened = Opened(
                $"{number}",
                side > 0 ? PositionSide.Long : PositionSide.Short,
                1 + random.NextInt(50),
                terms.Options,
                At("2023-12-20").AddDays(random.NextInt(20)),
                $"S{market}"
            );
            var path = new MarketPath(new BarSeries($"S{market}", markets[market].Bars, markets[market].Actions), Calendar);
            return PositionBook.Follow(opened, path, At("2024-01-09T12:00:00Z")) is { } held
                ? new ObviousMark(held, terms, side)
                : null;
        }

        /// <summary>Within 8% of a symbol's last close, or of a symbol that nobody holds.</summary>
        public static PriceTick Price(DeterministicRandom random, RandomScenario[] markets)
        {
            int market = random.NextInt(markets.Length + 1);
            decimal last = market == markets.Length ? 100 : markets[market].Bars.Last(b => b.Session < Tuesday).Close;
            return Tick(Math.Max(0.01m, decimal.Round(last * (920 + random.NextInt(160)) / 1000, 2)), $"S{market}");
        }

        public IEnumerable<string> Add(PriceTick[] ticks)
        {
            foreach (PriceTick tick in ticks.Where(t => t.Symbol == Held.Position.Symbol))
            {
                _prices.Add(tick.Price);
                if (!_isTouched && Touched() is { } reason)
                {
                    _isTouched = true;
                    yield return $"{Held.Position.PositionId} {reason} {tick.Price}";
                }
            }
        }

        public void Same(Position found)
        {
            if (_prices.Count == 0)
            {
                Assert.Equal(Held.Position, found);
                return;
            }

            List<decimal> gains = [.. _prices.Select(Gain)];
            decimal peak = Held.Way.Peak;
            decimal drawdown = Held.Way.Drawdown;
            foreach (decimal equity in gains.Select(g => 1 + g))
            {
                peak = Math.Max(peak, equity);
                drawdown = Math.Min(drawdown, (equity / peak) - 1);
            }

            Near((double)gains[^1], found.UnrealizedReturn);
            Near((double)drawdown, found.MaxDrawdown);
            Near((double)gains.Append(Held.Way.Best).Max(), found.FavorableExcursion);
            Near((double)gains.Append(Held.Way.Worst).Min(), found.AdverseExcursion);
            Near((double)Profit, (double)found.UnrealizedPnl!.Value);
            Near((double?)(Trailing() / Held.Share.Shares), (double?)found.TrailingPrice);
            Assert.Equal(_prices[^1], found.CurrentPrice);
        }

        private decimal Gain(decimal price) => side * ((((price * Held.Share.Shares) + Held.Share.Cash) / Entry) - 1);

        private decimal? Trailing()
        {
            // The best of the bars is what the tracker's own level stands on.
            decimal? best = Held.Levels.Trailing / (1 - (side * (decimal?)scenario.Options.TrailReturn));
            IEnumerable<decimal?> all = _prices.Select(p => (decimal?)(p * Held.Share.Shares)).Append(best);
            return (IsLong ? all.Max() : all.Min()) * (1 - (side * (decimal?)scenario.Options.TrailReturn));
        }

        private ExitReason? Touched()
        {
            decimal now = _prices[^1] * Held.Share.Shares;
            decimal? stop = Entry * (1 - (side * (decimal?)scenario.Options.StopReturn));
            decimal? target = Entry * (1 + (side * (decimal?)scenario.Options.TargetReturn));
            bool stopped = IsLong ? now <= stop : now >= stop;
            bool trailed = IsLong ? now <= Trailing() : now >= Trailing();
            bool reached = IsLong ? now >= target : now <= target;
            return (stopped, trailed) switch
            {
                (true, true) => (IsLong ? Trailing() > stop : Trailing() < stop) ? ExitReason.TrailingStop : ExitReason.Stop,
                (true, false) => ExitReason.Stop,
                (false, true) => ExitReason.TrailingStop,
                _ => reached ? ExitReason.Target : null,
            };
        }
    }
}
