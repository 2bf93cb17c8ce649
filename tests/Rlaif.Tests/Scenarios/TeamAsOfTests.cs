using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Prompts;
using Rlaif.Tests.Decisions;
using Rlaif.Tests.Decisions.Llm;
using Rlaif.Tests.Decisions.Llm.Roles;

namespace Rlaif.Tests.Scenarios;

/// <summary>Whatever comes later (bars, news, filings, documents, lessons), a team is told the same at a moment, to the byte.</summary>
public sealed class TeamAsOfTests
{
    private const string Query = "demand, orders and outlook of the company";
    private static readonly HashedTextEncoder Encoder = new();

    private static readonly string[] Words =
    [
        "demand",
        "outlook",
        "orders",
        "guidance",
        "margin",
        "Acme",
        "ACME",
        "risk",
        "earnings",
        "company",
        "2021-09-30",
        "101.25",
    ];

    [Fact]
    public void AnalyzeAsync_AnyOtherFuture_EveryPromptIsTheSameToTheByte()
    {
        int documentsShown = 0;
        int lessonsShown = 0;
        int toolResults = 0;
        Gen.Select(Gen.Int[0, 1000], Gen.Int[1, 1_000_000], Gen.Bool, Gen.Bool, Gen.Bool)
            .Sample(
                (seed, future, mask, memory, withDocuments) =>
                {
                    var flags = new Flags(mask, memory, withDocuments);
                    (string[] before, AgentConditions conditions) = Told(seed, 0, flags);
                    (string[] after, _) = Told(seed, future, flags);
                    Assert.Equal(before, after);
                    Interlocked.Add(ref documentsShown, conditions.Documents.Count);
                    Interlocked.Add(ref lessonsShown, conditions.Lessons.Count);
                    Interlocked.Add(ref toolResults, before.Count(t => t.Contains("T1", StringComparison.Ordinal)));
                },
                iter: 48
            );
        Assert.True(documentsShown > 20 && lessonsShown > 20 && toolResults > 48);
    }

    [Fact]
    public void AnalyzeAsync_OtherPast_IsToldOtherwise()
    {
        var flags = new Flags(Mask: false, Memory: true, Documents: true);
        // The comparison above can fail: what is known in time is told.
        Assert.NotEqual(Told(1, 0, flags).Prompts, Told(1, 7, flags, lateBy: -30).Prompts);
        Assert.NotEqual(Told(1, 0, flags).Prompts, Told(1, 0, flags with { Memory = false }).Prompts);
        Assert.NotEqual(Told(1, 0, flags).Prompts, Told(1, 0, flags with { Documents = false }).Prompts);
    }

    /// <summary>All that a team's models were sent for one moment, in a canonical order.</summary>
    /// <param name="seed">Draws the world up to the moment.</param>
    /// <param name="future">Draws what comes after it; 0 for nothing but bars.</param>
    /// <param name="flags">What the team is given.</param>
    /// <param name="lateBy">Days by which later documents and lessons are late, at least.</param>
    private static (string[] Prompts, AgentConditions Conditions) Told(int seed, int future, Flags flags, double lateBy = 0)
    {
        MarketSnapshot plain = SimulatedDesk.Snapshot(seed, bars: 280);
        DeterministicRandom past = new DeterministicRandom(seed).Fork("shelf");
        DeterministicRandom later = new DeterministicRandom(future).Fork("later");
        int more = future == 0 ? 0 : 1 + later.NextInt(12);
        MarketSnapshot snapshot = SimulatedDesk.Snapshot(
            seed,
            bars: 280,
            futureSeed: future,
            extraNews: Many(more, i => new NewsItem(plain.Symbol, Late(plain, later, lateBy), Text(later), "wire"))
        );
        using DocumentIndex documents = DocumentIndex.Build(
            Many(12, i => Document(plain, past, -60 * past.NextDouble()))
                .Concat(Many(more, i => Document(plain, later, (Late(plain, later, lateBy) - plain.AsOf).TotalDays))),
            Encoder
        );
        var lessons = new LessonBook(Encoder);
        lessons.Add(Many(6, i => Lesson(plain, past, $"past {i}", plain.AsOf.AddDays(-1 - (90 * past.NextDouble())))));
        lessons.Add(Many(more, i => Lesson(plain, later, $"later {i}", Late(plain, later, lateBy))));
        var client = new ScriptedTeam(CallsToolsFirst);
        var options = new LlmOptions { Mask = flags.Mask, Memory = flags.Memory };
        var team = new LlmTeam(
            client.Gateway,
            options,
            "scripted",
            PromptSet.Default,
            flags.Documents ? documents : null,
            lessons,
            [plain.Symbol, "OTHER"],
            "INDEX"
        );
        Proposal proposal = ManagerAgent
            .OnModels(team, new ManagerOptions { Candidates = 2, DebateRounds = 1 })
            .AnalyzeAsync(snapshot, "run", 0, TestContext.Current.CancellationToken)
            .AsTask()
            .GetAwaiter()
            .GetResult();
        return ([.. client.Client.Asked.Select(Sent).Order(StringComparer.Ordinal)], proposal.Context.Conditions!);
    }

    private static ChatResponse? CallsToolsFirst(Asked asked)
    {
        if (asked.Options.Tools is not { Count: > 0 } tools || asked.Messages.Count > 1)
        {
            return null;
        }

        IEnumerable<AIContent> calls = tools.Select(t =>
            (AIContent)
                new FunctionCallContent(
                    $"call_{t.Name}",
                    t.Name,
                    new Dictionary<string, object?>
                    {
                        ["query"] = Query,
                        ["days"] = 30,
                        ["name"] = "rsi",
                    }
                )
        );
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, [.. calls])) { FinishReason = ChatFinishReason.ToolCalls };
    }

    private static string Sent((IReadOnlyList<ChatMessage> Messages, ChatOptions Options) asked) =>
        string.Join(
            "\n~\n",
            [
                asked.Options.Instructions,
                .. asked.Messages.SelectMany(m =>
                    m.Contents.Select(c => $"{m.Role}: {JsonSerializer.Serialize(c, AIJsonUtilities.DefaultOptions)}")
                ),
            ]
        );

    private static DateTimeOffset Late(MarketSnapshot now, DeterministicRandom random, double by) =>
        // The next instant is late enough.
        random.NextInt(3) == 0
            ? now.AsOf.AddDays(by).AddTicks(1)
            : now.AsOf.AddDays(by + (30 * random.NextDouble())).AddTicks(1);

    private static Document Document(MarketSnapshot now, DeterministicRandom random, double days)
    {
        (string title, string text) = (Text(random), string.Join(". ", Many(1 + random.NextInt(4), _ => Text(random))));
        string? symbol = random.NextInt(4) == 0 ? null : now.Symbol;
        DateTimeOffset knownAt = now.AsOf.AddDays(days);
        return new Document
        {
            DocumentId = Rlaif.Data.Documents.Document.CreateId(symbol, knownAt, DocumentKind.Filing, title, text),
            Symbol = symbol,
            KnownAt = knownAt,
            Type = DocumentKind.Filing,
            Title = title,
            Source = "wire",
            Text = text,
        };
    }

    // A later lesson may well be about an earlier decision: it is its outcome that came later.
    private static Lesson Lesson(MarketSnapshot now, DeterministicRandom random, string id, DateTimeOffset knownAt) =>
        new()
        {
            LessonId = id,
            ContextId = id,
            RunId = "run",
            Symbol = random.NextInt(2) == 0 ? now.Symbol : "OTHER",
            AsOf = now.AsOf.AddDays(-100),
            KnownAt = knownAt,
            Situation = Situation.Of(now),
            Expected = Text(random),
            Happened = Text(random),
            Better = Text(random),
            Advice = Text(random),
        };

    private static string Text(DeterministicRandom random) =>
        string.Join(' ', Many(3 + random.NextInt(6), _ => Words[random.NextInt(Words.Length)]));

    private static T[] Many<T>(int count, Func<int, T> make) => [.. Enumerable.Range(0, count).Select(make)];

    private sealed record Flags(bool Mask, bool Memory, bool Documents);
}
