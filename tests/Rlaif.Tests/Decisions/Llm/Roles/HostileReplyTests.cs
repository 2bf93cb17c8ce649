using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Tests.Decisions.Llm.Judging;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>Hundreds of hostile and broken replies through whole decisions: each is used as it stands, within its limits, or kept as failed.</summary>
public sealed class HostileReplyTests
{
    private const int AtLeast = 300;
    private static readonly ConcurrentDictionary<string, IReadOnlyList<string>> Variations = new(StringComparer.Ordinal);
    private static readonly MarketSnapshot Snapshot = SimulatedDesk.Snapshot(4);
    private static readonly ManagerOptions Short = new() { Candidates = 2, DebateRounds = 1 };

    [Fact]
    public async Task AnalyzeAsync_HundredsOfHostileReplies_AreUsedWithinLimitsOrKeptAsFailed()
    {
        var said = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        int failed = 0;
        int used = 0;
        int most = HostileReplies.Of(BrokenReplies.Sound).Count;
        await Parallel.ForAsync(
            0,
            most,
            TestContext.Current.CancellationToken,
            async (i, _) =>
            {
                var team = new ScriptedTeam(asked => Hostile(asked, i, said));
                Proposal proposal = await team.ProposeAsync(Snapshot, Short);
                Check(proposal);
                CheckNothingLost(team, proposal);
                Interlocked.Add(ref failed, proposal.Transcript.Failures.Count);
                Interlocked.Add(ref used, proposal.Candidates.Count + proposal.Context.Debate.Opening.Count - 2);
            }
        );
        Assert.Equal(["analyst_report", "candidate", "debate_turn"], said.Keys.Order());
        Assert.All(said.Values, texts => Assert.InRange(texts.Count, AtLeast, 10_000));
        // Both ends occur: most is refused, and what only looks hostile is used.
        Assert.True(failed > 4 * AtLeast && used > 10, $"{failed} failed, {used} used.");
    }

    [Fact]
    public void Parse_HostileLessons_AreReadWithinLimitsOrRefusedWithAReason()
    {
        const string Sound = """{"pattern":"A crowded rally that turns","advice":"Buy less than the score says."}""";
        IReadOnlyList<string> all = HostileReplies.Of(Sound);
        Assert.InRange(all.Count, AtLeast, 10_000);
        int refused = all.Count(text =>
        {
            LessonReply? reply = LessonReply.Parse(text, out string problem);
            Assert.Equal(reply is null, problem.Length > 0);
            Assert.InRange(problem.Length, 0, 200);
            Assert.InRange(reply?.Pattern.Length ?? 1, 1, 200);
            Assert.InRange(reply?.Advice.Length ?? 1, 1, 400);
            Assert.DoesNotContain(
                reply?.Pattern + reply?.Advice,
                c => char.IsControl(c) || c is '\u2028' or '\u2029' or '\u202e' or '\u200b'
            );
            return reply is null;
        });
        Assert.InRange(refused, AtLeast / 2, all.Count - 1);
    }

    [Fact]
    public void Parse_HostileJudgements_AreReadOrRefusedWithAReason()
    {
        IReadOnlyList<string> all = HostileReplies.Of(JudgeScript.Answer(JudgeChoice.First, ("risk_stated", JudgeChoice.Second)));
        Assert.InRange(all.Count, AtLeast, 10_000);
        int refused = all.Count(text =>
        {
            try
            {
                JudgeReply reply = JudgeReply.Parse(
                    new ModelReply
                    {
                        Fingerprint = "",
                        Message = new ChatMessage(ChatRole.Assistant, text),
                        End = ReplyEnd.Stop,
                        Usage = new TokenUsage(1, 1),
                        Replayed = false,
                    },
                    Constitution.Standard
                );
                // What cannot be mistaken alone is read: the choice is the one that stands there.
                Assert.Contains(
                    JsonSerializer.SerializeToElement(reply.Preferred, Rlaif.Core.RlaifJson.Compact).GetString()!,
                    text,
                    StringComparison.Ordinal
                );
                Assert.Equal(Constitution.Standard.Principles.Count, reply.Principles.Count);
                return false;
            }
            catch (FormatException e)
            {
                Assert.InRange(e.Message.Length, 1, 700);
                return true;
            }
        });
        Assert.InRange(refused, AtLeast, all.Count - 1);
    }

    // Two analysts never report, two report and then answer; so every shape is fed in one decision, the repair included.
    private static string? Hostile(Asked asked, int i, ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> said)
    {
        if (asked is { Shape: "analyst_report", Role: "technical" or "risk" })
        {
            return null;
        }

        string sound = ScriptedTeam.Sound(asked.IsRepair ? new Asked([.. asked.Messages.SkipLast(2)], asked.Options) : asked);
        IReadOnlyList<string> all = Variations.GetOrAdd(
            asked.Shape == "candidate" ? BrokenReplies.Sound : sound,
            HostileReplies.Of
        );
        string reply = all[i % all.Count];
        said.GetOrAdd(asked.Shape, _ => new()).TryAdd(reply, true);
        return reply;
    }

    private static void Check(Proposal proposal)
    {
        Debate debate = proposal.Context.Debate;
        Assert.All(debate.Opening.Concat(debate.Closing), r => CheckView(r.Score, r.Confidence));
        Assert.All(debate.Turns, t => CheckView(t.ScoreAfter, t.ConfidenceAfter));
        foreach (Candidate candidate in proposal.Candidates)
        {
            CheckView(candidate.Score, candidate.Confidence);
            Assert.InRange(candidate.PositionSize, 0, Short.MaxPositionSize);
            Assert.Equal(candidate.Action == TradeAction.Hold, candidate.PositionSize == 0);
            // What is acted on is what stands in the reply, and nothing that was made of it.
            ModelCall call = Assert.Single(proposal.Transcript.Calls, c => c.CandidateId == candidate.CandidateId);
            string reply = proposal.Transcript.Texts.Single(t => t.TextId == call.ReplyId).Text;
            int start = reply.IndexOf("{\"reasoning\"", StringComparison.Ordinal);
            using JsonDocument json = JsonDocument.Parse(reply[start..(reply.LastIndexOf('}') + 1)]);
            Assert.Equal(candidate.PositionSize, json.RootElement.GetProperty("position_size").GetDouble());
            Assert.Equal(candidate.Action.ToString(), json.RootElement.GetProperty("action").GetString(), ignoreCase: true);
        }
    }

    private static void CheckView(double score, double confidence)
    {
        Assert.InRange(score, -1, 1);
        Assert.InRange(confidence, 0, 1);
    }

    private static void CheckNothingLost(ScriptedTeam team, Proposal proposal)
    {
        Transcript said = proposal.Transcript;
        Dictionary<string, string> texts = said.Texts.ToDictionary(t => t.TextId, t => t.Text);
        Assert.Equal(team.Asked.Count, said.Calls.Count);
        Assert.All(said.Calls, c => Assert.Contains(c.ReplyId, texts.Keys));
        Assert.All(said.Failures, f => Assert.Contains(f.TextId, texts.Keys));
        // Every question has an end: a report, a turn, a candidate or a failure.
        int reports = proposal.Context.Debate.Opening.Count;
        int asked = said.Calls.DistinctBy(c => (c.Role, c.Purpose)).Count();
        Assert.Equal(asked, reports + proposal.Context.Debate.Turns.Count + proposal.Candidates.Count + said.Failures.Count);
        Assert.Equal(4, reports + proposal.Context.Conditions!.Missing.Count);
        // A failure follows a repair, and keeps the last words.
        foreach (FailedReply failure in said.Failures)
        {
            ModelCall[] calls = [.. said.Calls.Where(c => (c.Role, c.Purpose) == (failure.Role, failure.Purpose))];
            Assert.Equal(2, calls.Length);
            Assert.Equal(calls[^1].ReplyId, failure.TextId);
            Assert.NotEmpty(failure.Error);
        }
    }
}
