using Microsoft.Extensions.AI;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>A team with everything: documents, lessons, tools, masking.</summary>
public sealed class FullTeamTests
{
    private static readonly MarketSnapshot Snapshot = SimulatedDesk.Snapshot(5);
    private static readonly HashedTextEncoder Encoder = new();

    [Fact]
    public async Task AnalyzeAsync_DocumentsAndLessons_AreShownAndNamed()
    {
        (Proposal proposal, IReadOnlyList<Asked> asked) = await ProposeAsync(new LlmOptions { Tools = false, Memory = true });
        AgentConditions conditions = proposal.Context.Conditions!;
        Assert.Equal("full memory", proposal.Context.Agents);
        Assert.True(conditions.Memory);
        Assert.Equal([Lesson.CreateId("ctx_0")], conditions.Lessons);
        Assert.NotEmpty(conditions.Documents);
        Assert.All(
            asked.Where(a => a.Shape == "analyst_report"),
            a => Assert.Contains("\n[L1] ", a.Text, StringComparison.Ordinal)
        );
        Assert.Contains(
            "guidance for revenue and margin",
            asked.First(a => a.Role == "fundamental").Text,
            StringComparison.Ordinal
        );
        Assert.Contains("\n[D1] ", proposal.Context.Prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("[D1]", asked.First(a => a.Role == "technical").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnalyzeAsync_LaterDocumentsAndLessons_ChangeNoPrompt()
    {
        var options = new LlmOptions { Memory = true };
        (Proposal one, _) = await ProposeAsync(options);
        (Proposal two, _) = await ProposeAsync(options, later: true);
        Assert.Equal(ScriptedTeam.Json(one), ScriptedTeam.Json(two));
    }

    [Fact]
    public async Task AnalyzeAsync_Tools_AreCalledAndTheirPassagesCitable()
    {
        (Proposal proposal, IReadOnlyList<Asked> asked) = await ProposeAsync(
            new LlmOptions(),
            reply: a =>
                a.Shape != "analyst_report" ? null
                : a.Messages.Count == 1 ? CallAll(a)
                : ScriptedChatClient.Reply(
                    ScriptedTeam.Sound(a).Replace("view of", $"view by [{FirstPassage(a)}] of", StringComparison.Ordinal)
                )
        );
        Assert.Empty(proposal.Transcript.Failures);
        Assert.Contains("view by [D101] of", proposal.Context.Debate.Opening[0].Analysis, StringComparison.Ordinal);
        Assert.Contains("view by (own tool) of", proposal.Context.Prompt, StringComparison.Ordinal);
        Assert.DoesNotContain("[D101]", proposal.Context.Prompt, StringComparison.Ordinal);
        Assert.Equal(4, asked.Count(a => a.Messages[^1].Role == ChatRole.Tool));
        Assert.Equal(3, proposal.Context.Conditions!.Documents.Count);
    }

    [Fact]
    public async Task AnalyzeAsync_Masked_TellsNoNameDateOrPriceAndRestoresThem()
    {
        (Proposal proposal, IReadOnlyList<Asked> asked) = await ProposeAsync(
            new LlmOptions { Mask = true, Memory = true },
            reply: a =>
                a.Shape == "candidate"
                    ? ScriptedChatClient.Reply(
                        ScriptedTeam.Sound(a).Replace("proposal.", "proposal for ASSET at idx 100.", StringComparison.Ordinal)
                    )
                    : null
        );
        Assert.Equal("full masked memory", proposal.Context.Agents);
        Assert.True(proposal.Context.Conditions!.Masked);
        string price = $"{Snapshot.Bars.Last.Close:0.00}";
        foreach (Asked a in asked)
        {
            string text = $"{a.Options.Instructions}\n{a.Text}";
            Assert.DoesNotContain("ACME", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(price, text, StringComparison.Ordinal);
            Assert.DoesNotContain($"{Snapshot.AsOf:yyyy}", text, StringComparison.Ordinal);
        }

        Assert.All(proposal.Candidates, c => Assert.Contains("proposal for ACME at", c.Analysis, StringComparison.Ordinal));
        Assert.All(proposal.Candidates, c => Assert.Contains(price, c.Analysis, StringComparison.Ordinal));
    }

    private static async Task<(Proposal Proposal, IReadOnlyList<Asked> Asked)> ProposeAsync(
        LlmOptions options,
        Func<Asked, ChatResponse?>? reply = null,
        bool later = false
    )
    {
        var client = new ScriptedChatClient(
            (messages, chat) =>
                reply?.Invoke(new Asked(messages, chat))
                ?? ScriptedChatClient.Reply(ScriptedTeam.Sound(new Asked(messages, chat)))
        );
        await using var gateway = new ModelGateway(client.Roster());
        Document[] documents =
        [
            Document(-20, DocumentKind.Filing, "Quarterly report", "Acme raises its guidance for revenue and margin in 2021."),
            Document(-3, DocumentKind.News, "Acme sued", "A lawsuit over faulty parts of Acme is a litigation risk."),
            Document(-1, DocumentKind.Note, "Own note", "Results may disappoint; weak demand is a material risk."),
            .. later
                ? [Document(0.01, DocumentKind.News, "Acme collapses", "Guidance for revenue and margin: none. A default.")]
                : (Document[])[],
        ];
        using var index = DocumentIndex.Build(documents, Encoder);
        var lessons = new LessonBook(Encoder);
        lessons.Add([Learnt(0, -5), .. later ? [Learnt(1, 0.5)] : (Lesson[])[]]);
        var team = new LlmTeam(gateway, options, "full", PromptSet.Default, index, lessons, [SimulatedDesk.Symbol]);
        Proposal proposal = await ManagerAgent
            .OnModels(team, new ManagerOptions { Candidates = 3, DebateRounds = 1 })
            .AnalyzeAsync(Snapshot, "run", 0, TestContext.Current.CancellationToken);
        return (proposal, [.. client.Asked.Select(a => new Asked(a.Messages, a.Options))]);
    }

    private static Document Document(double days, DocumentKind kind, string title, string text) =>
        new()
        {
            DocumentId = Rlaif.Data.Documents.Document.CreateId(
                SimulatedDesk.Symbol,
                Snapshot.AsOf.AddDays(days),
                kind,
                title,
                text
            ),
            Symbol = SimulatedDesk.Symbol,
            KnownAt = Snapshot.AsOf.AddDays(days),
            Type = kind,
            Title = title,
            Source = "wire",
            Text = text,
        };

    private static Lesson Learnt(int number, double days) =>
        new()
        {
            LessonId = Rlaif.Decisions.Llm.Memory.Lesson.CreateId($"ctx_{number}"),
            ContextId = $"ctx_{number}",
            RunId = "run",
            Symbol = SimulatedDesk.Symbol,
            AsOf = Snapshot.AsOf.AddDays(days - 10),
            KnownAt = Snapshot.AsOf.AddDays(days),
            Situation = Situation.Of(Snapshot),
            Expected = "A rise.",
            Happened = "ACME fell 3%.",
            Better = "To hold.",
            Advice = "Wait for volume.",
        };

    private static ChatResponse CallAll(Asked asked) =>
        new(
            new ChatMessage(
                ChatRole.Assistant,
                [
                    .. asked.Options.Tools!.Select(
                        (tool, i) =>
                            new FunctionCallContent(
                                $"call_{i}",
                                tool.Name,
                                new Dictionary<string, object?> { ["query"] = "risk guidance", ["count"] = 3 }
                            )
                    ),
                ]
            )
        )
        {
            FinishReason = ChatFinishReason.ToolCalls,
        };

    private static string FirstPassage(Asked asked)
    {
        string results = string.Concat(
            asked.Messages.SelectMany(m => m.Contents).OfType<FunctionResultContent>().Select(r => (string)r.Result!)
        );
        int at = results.IndexOf("\"D", StringComparison.Ordinal);
        return at < 0 ? "T1" : results[(at + 1)..].Split('"')[0];
    }
}
