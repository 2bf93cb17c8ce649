using CsCheck;
using Rlaif.Core;
using Rlaif.Data.Text;
using Rlaif.Decisions.Llm.Memory;

namespace Rlaif.Tests.Decisions.Llm.Memory;

public sealed class LessonBookTests
{
    private const string Rally = "week soaring; month rising; daily swing usual; news good tone";
    private const string Crash = "week plunging; month falling; daily swing huge; news bad tone";

    private static readonly DateTimeOffset Start = new(2024, 1, 5, 21, 0, 0, TimeSpan.Zero);

    private static readonly HashedTextEncoder Encoder = new(256);

    private static readonly string[] Words =
    [
        "week soaring",
        "week plunging",
        "month flat",
        "month rising",
        "daily swing huge",
        "earnings yield dear",
        "news bad tone",
    ];

    // From 1 to 4 words of the vocabulary, known on one of 300 days, of one of two symbols.
    private static readonly Gen<(string Situation, int Day, int Symbol)[]> Histories = Gen.Select(
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[1, 4].Select(w => string.Join("; ", w)),
        Gen.Int[0, 300],
        Gen.Int[0, 1]
    ).Array[0, 25];

    [Fact]
    public void Recall_LaterLessonsAdded_ChangesNoEarlierRecall()
    {
        Gen.Select(Histories, Gen.Int[0, 300], Gen.Int[0, Words.Length - 1].Select(i => Words[i]))
            .Sample(
                (history, today, situation) =>
                {
                    Lesson[] all = [.. history.Select((h, i) => Lesson(i, h.Situation, h.Day, h.Symbol == 0 ? "AAPL" : "MSFT"))];
                    var before = new LessonBook(Encoder);
                    before.Add(all.Where(l => l.KnownAt <= Start.AddDays(today)));
                    var later = new LessonBook(Encoder);
                    later.Add(all);
                    IReadOnlyList<Lesson> recalled = later.Recall("AAPL", Start.AddDays(today), situation, 4);
                    Assert.Equal(before.Recall("AAPL", Start.AddDays(today), situation, 4), recalled);
                    Assert.All(recalled, l => Assert.True(l.KnownAt <= Start.AddDays(today)));
                },
                iter: 300
            );
    }

    [Fact]
    public void Recall_AnyOrderOfAdding_GivesTheSame()
    {
        Gen.Select(Histories, Gen.Int[0, 1_000_000])
            .Sample(
                (history, seed) =>
                {
                    Lesson[] all = [.. history.Select((h, i) => Lesson(i, h.Situation, h.Day, h.Symbol == 0 ? "AAPL" : "MSFT"))];
                    var random = new DeterministicRandom(seed);
                    var first = new LessonBook(Encoder);
                    first.Add(all);
                    var second = new LessonBook(Encoder);
                    foreach (Lesson lesson in all.OrderBy(_ => random.NextDouble()))
                    {
                        second.Add([lesson]);
                    }

                    Assert.Equal(
                        first.Recall("MSFT", Start.AddDays(200), Rally, 10),
                        second.Recall("MSFT", Start.AddDays(200), Rally, 10)
                    );
                },
                iter: 200
            );
    }

    [Fact]
    public void Recall_LessonKnownAtTheMoment_IsRecalledAndATickBeforeNot()
    {
        LessonBook book = Book(Lesson(0, Rally, 10));
        Assert.Single(book.Recall("AAPL", Start.AddDays(10), Rally, 3));
        Assert.Empty(book.Recall("AAPL", Start.AddDays(10).AddTicks(-1), Rally, 3));
    }

    [Fact]
    public void Recall_TwoSituations_TheMoreAlikeComesFirst()
    {
        LessonBook book = Book(Lesson(0, Rally, 10), Lesson(1, Crash, 10));
        Assert.Equal(Crash, book.Recall("AAPL", Start.AddDays(20), $"{Crash}; index weak", 2)[0].Situation);
        Assert.Equal(Rally, book.Recall("AAPL", Start.AddDays(20), $"{Rally}; index weak", 2)[0].Situation);
    }

    [Theory]
    [InlineData(28, "AAPL")]
    [InlineData(30, "MSFT")]
    public void Recall_SameSymbol_IsWorthAQuarterOrTwentyNineDays(int ageDifference, string first)
    {
        // 2^(-29 / 90) = 1 / 1.25
        LessonBook book = Book(Lesson(0, Rally, 100 - ageDifference, "AAPL"), Lesson(1, Rally, 100, "MSFT"));
        Assert.Equal(first, book.Recall("AAPL", Start.AddDays(120), Rally, 1)[0].Symbol);
    }

    [Fact]
    public void Recall_EqualScores_LatestThenLowestId()
    {
        Lesson[] equal = [Lesson(0, Rally, 10), Lesson(1, Rally, 10), Lesson(2, Rally, 10)];
        Assert.Equal(
            equal.Select(l => l.LessonId).Order(StringComparer.Ordinal),
            Book(equal).Recall("AAPL", Start.AddDays(20), Rally, 3).Select(l => l.LessonId)
        );
    }

    [Fact]
    public void Recall_NothingInCommon_LeavesOut()
    {
        Assert.Empty(Book(Lesson(0, "alpha", 1)).Recall("AAPL", Start.AddDays(20), "omega", 3));
        Assert.Empty(Book(Lesson(0, Rally, 1)).Recall("AAPL", Start.AddDays(20), Rally, 0));
    }

    [Fact]
    public void Add_SameLessonAgain_KeepsOne()
    {
        LessonBook book = Book(Lesson(0, Rally, 1), Lesson(0, Rally, 1));
        book.Add([Lesson(0, Rally, 1)]);
        Assert.Equal(1, book.Count);
    }

    [Fact]
    public void Add_FromManyThreadsWhileRecalling_LosesNothing()
    {
        var book = new LessonBook(Encoder);
        Parallel.For(
            0,
            200,
            i =>
            {
                book.Add([Lesson(i, Rally, i)]);
                Assert.Contains(Lesson(i, Rally, i), book.Recall("AAPL", Start.AddDays(i), Rally, int.MaxValue));
            }
        );
        Assert.Equal(200, book.Count);
    }

    [Fact]
    public async Task LoadAsync_LedgerOfTwoRuns_TakesTheLessonsOfOne()
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        Lesson own = Lesson(0, Rally, 1);
        await ledger.AppendAsync([own, Lesson(1, Rally, 1) with { RunId = "other" }]);
        LessonBook book = await LessonBook.LoadAsync(ledger, "run", Encoder);
        Assert.Equal([own], book.Recall("AAPL", Start.AddDays(2), Rally, 5));
    }

    internal static Lesson Lesson(int index, string situation, int day, string symbol = "AAPL") =>
        new()
        {
            LessonId = Rlaif.Decisions.Llm.Memory.Lesson.CreateId($"context {index}"),
            ContextId = $"context {index}",
            RunId = "run",
            Symbol = symbol,
            AsOf = Start.AddDays(day - 7),
            KnownAt = Start.AddDays(day),
            Situation = situation,
            Expected = "A rise.",
            Happened = "A fall.",
            Better = "To hold.",
            Advice = "Hold.",
        };

    private static LessonBook Book(params Lesson[] lessons)
    {
        var book = new LessonBook(Encoder);
        book.Add(lessons);
        return book;
    }
}
