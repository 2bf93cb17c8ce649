using System.Collections.Concurrent;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class SpeechTests
{
    private const string Reply =
        """{ "score":0.3, "reasoning":["One \"step\".","Two\u2026\ud83d\ude00"], "analysis":"A\nview, \\ of {it}.", "evidence":["F1"], "main_risk":"None, [it] \u0022says\u0022." }""";

    private const string Words = "One \"step\".\nTwo…😀\nA view, \\ of {it}.\nNone, [it] \"says\".";

    [Fact]
    public void Read_GrowingReply_GrowsToItsWords()
    {
        var partial = new PartialReply();
        string before = string.Empty;
        for (int length = 0; length <= Reply.Length; length++)
        {
            string words = partial.Read(Reply[..length]);
            Assert.StartsWith(before, words, StringComparison.Ordinal);
            before = words;
        }

        Assert.Equal(Words, before);
        Assert.Equal(Words, new PartialReply().Read(Reply));
        Assert.Equal(Words, new PartialReply().Read($"```json\n{Reply}\n```"));
    }

    [Fact]
    public void Read_AnythingElse_NeverFails()
    {
        Assert.Equal("", new PartialReply().Read("I would buy."));
        Assert.Equal("", new PartialReply().Read("{\"action\":\"buy\",\"evidence\":[\"F1\"]}"));
        foreach ((string reply, _) in BrokenReplies.All)
        {
            Assert.NotNull(new PartialReply().Read(reply));
        }

        for (int seed = 0; seed < 2000; seed++)
        {
            Assert.NotNull(new PartialReply().Read(BrokenReplies.Damaged(seed)));
        }
    }

    [Fact]
    public async Task AnalyzeAsync_Live_ShowsWordsAndConclusionsOfEverySpeaker()
    {
        var heard = new Heard();
        MarketSnapshot snapshot = SimulatedDesk.Snapshot(3);
        var team = new ScriptedTeam(asked => asked.Persona == "trend" ? "\u001b[2Jno" : null, live: heard);
        await team.ProposeAsync(snapshot, new ManagerOptions { Candidates = 2, DebateRounds = 1 });
        DebateEvent[] done = [.. heard.Events.Where(e => e.Done)];
        Assert.Equal(4 + 4 + 2, done.Length);
        Assert.All(heard.Events, e => Assert.Equal((snapshot.Symbol, snapshot.AsOf), (e.Symbol, e.AsOf)));
        Assert.All(heard.Events, e => Assert.DoesNotContain('\u001b', e.Text));
        DebateEvent technical = done.Single(e => e is { Role: ModelRole.Technical, Purpose: "opening" });
        Assert.StartsWith("score +0.50, confidence 0.55: A technical view", technical.Text, StringComparison.Ordinal);
        Assert.StartsWith(
            "buy 3.0%, score +0.30, confidence 0.60: A balanced",
            done.Single(e => e.Purpose == "candidate 0").Text,
            StringComparison.Ordinal
        );
        Assert.StartsWith("no usable reply: ", done.Single(e => e.Purpose == "candidate 1").Text, StringComparison.Ordinal);
        DebateEvent growing = heard.Events.First(e => e is { Role: ModelRole.Technical, Purpose: "opening", Done: false });
        Assert.StartsWith("The technical evidence is thin [F1].\nCosts", growing.Text, StringComparison.Ordinal);
    }

    private sealed class Heard : IProgress<DebateEvent>
    {
        public ConcurrentQueue<DebateEvent> Events { get; } = new();

        public void Report(DebateEvent value) => Events.Enqueue(value);
    }
}
