using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Prompts;
using Rlaif.Tests.Decisions.Llm.Roles;

namespace Rlaif.Tests.Decisions.Llm;

public sealed class LlmTeamTests
{
    private static readonly MarketSnapshot Snapshot = SimulatedDesk.Snapshot(3);

    [Fact]
    public async Task AnalyzeAsync_SoundReplies_GivesDebateCandidatesAndTranscript()
    {
        var team = new ScriptedTeam();
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Equal(
            [AnalystRole.Fundamental, AnalystRole.Sentiment, AnalystRole.Technical, AnalystRole.Risk],
            proposal.Context.Debate.Opening.Select(r => r.Role)
        );
        Assert.Equal("scripted", proposal.Context.Agents);
        Assert.Equal(5, proposal.Candidates.Count);
        Assert.Equal(["balanced", "trend", "contrarian", "value", "cautious"], proposal.Candidates.Select(c => c.Stance));
        Assert.Equal([0, 1, 2, 3, 4], proposal.Candidates.Select(c => c.Index));
        // The desk leans to buying, so the contrarian sells; the cautious one holds.
        Assert.Equal(
            [TradeAction.Buy, TradeAction.Buy, TradeAction.Sell, TradeAction.Buy, TradeAction.Hold],
            proposal.Candidates.Select(c => c.Action)
        );
        Assert.Equal([0.03, 0.03, 0.03, 0.03, 0], proposal.Candidates.Select(c => c.PositionSize));
        Assert.Equal("Evidence: F1, F2.", proposal.Candidates[0].Reasoning[^1]);
        Assert.Equal("Main risk: The move reverses at the open.", proposal.Candidates[0].Reasoning[^2]);
        Assert.Empty(proposal.Transcript.Failures);
        // Four openings, two rounds (scores move by more than the tolerance only in the first), five candidates.
        Assert.Equal(4 + 8 + 5, proposal.Transcript.Calls.Count);
        Assert.True(proposal.Context.Debate.Converged);
        Assert.Equal(proposal.Transcript.Calls.Count, team.Client.Asked.Count);
    }

    [Fact]
    public async Task AnalyzeAsync_Transcript_LeadsFromEachCandidateToItsWords()
    {
        Proposal proposal = await new ScriptedTeam().ProposeAsync(Snapshot);
        Transcript said = proposal.Transcript;
        Dictionary<string, string> texts = said.Texts.ToDictionary(t => t.TextId, t => t.Text);
        Assert.Equal(said.Texts.Count, texts.Values.Distinct().Count());
        Assert.All(said.Texts, t => Assert.Equal(CallText.Of(t.Text).TextId, t.TextId));
        Assert.Equal(said.Calls.Count, said.Calls.Select(c => c.CallId).Distinct().Count());
        foreach (ModelCall call in said.Calls)
        {
            Assert.All([call.SystemId, call.ReplyId, .. call.PromptIds], id => Assert.True(texts.ContainsKey(id)));
            Assert.Equal(call.CallId, ModelCall.CreateId(proposal.Context.ContextId, call.Role, call.Purpose, call.Step));
            Assert.Equal(call.Role == ModelRole.Manager, call.Variety is not null);
        }

        foreach (Candidate candidate in proposal.Candidates)
        {
            ModelCall call = Assert.Single(said.Calls, c => c.CandidateId == candidate.CandidateId);
            Assert.Equal(proposal.Context.Prompt, texts[call.PromptIds[0]]);
            Assert.Equal(2, call.PromptIds.Count);
            Assert.Contains(candidate.Analysis, texts[call.ReplyId], StringComparison.Ordinal);
            Assert.Equal(candidate.Stance, call.Variety!.Persona);
            Assert.StartsWith("manager@", call.PromptVersion, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnalyzeAsync_Candidates_ShareTheFirstMessageAndDifferInTheSecond()
    {
        var team = new ScriptedTeam();
        await team.ProposeAsync(Snapshot, new ManagerOptions { Candidates = 12 });
        Asked[] asked = [.. team.Asked.Where(a => a.Shape == "candidate")];
        Assert.Equal(12, asked.Length);
        Assert.Single(asked.Select(a => a.Messages[0].Text).Distinct());
        Assert.Equal(12, asked.Select(a => a.Messages[1].Text).Distinct().Count());
        Assert.All(asked, a => Assert.Equal(2, a.Messages.Count));
    }

    [Fact]
    public async Task AnalyzeAsync_Debate_AnswersTheStrongestOpposingPointAndSeesItsEvidence()
    {
        var team = new ScriptedTeam();
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Dictionary<string, Asked> first = team
            .Asked.Where(a => a.Shape == "debate_turn" && a.Messages[^1].Text.StartsWith("Round 1", StringComparison.Ordinal))
            .ToDictionary(a => a.Role);
        // Fundamental +0.30, sentiment -0.20, technical +0.50, risk -0.10.
        Assert.Equal("R2", first["fundamental"].Opponent);
        Assert.Equal("R3", first["sentiment"].Opponent);
        Assert.Equal("R2", first["technical"].Opponent);
        Assert.Equal("R3", first["risk"].Opponent);
        foreach ((string role, Asked asked) in first)
        {
            // The conversation goes on: the own opening question, the own report, the challenge.
            Assert.Equal([ChatRole.User, ChatRole.Assistant, ChatRole.User], asked.Messages.Select(m => m.Role));
            Assert.Contains($"A {role} view of", asked.Messages[1].Text, StringComparison.Ordinal);
        }

        Asked second = team.Asked.First(a =>
            a.Role == "risk" && a.Messages[^1].Text.StartsWith("Round 2", StringComparison.Ordinal)
        );
        Assert.Equal(5, second.Messages.Count);
        Assert.Contains(
            "In the last round: The point of [R2] stands on one fact",
            second.Messages[^1].Text,
            StringComparison.Ordinal
        );
        Assert.Equal(0.5, proposal.Context.Debate.Opening[2].Score);
        Assert.Equal(0.45, proposal.Context.Debate.Closing[2].Score, 12);
        DebateTurn turn = proposal.Context.Debate.Turns[2];
        Assert.Equal((0.5, 0.45, 0.55, 0.5), (turn.ScoreBefore, turn.ScoreAfter, turn.ConfidenceBefore, turn.ConfidenceAfter));
    }

    [Fact]
    public async Task AnalyzeAsync_Researchers_JoinAndArgueTheirSide()
    {
        var team = new ScriptedTeam(options: new LlmOptions { Tools = false, Researchers = true });
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Equal(Enum.GetValues<AnalystRole>(), proposal.Context.Debate.Opening.Select(r => r.Role));
        Assert.Contains("[R5] Bull, score +0.54", proposal.Context.Prompt, StringComparison.Ordinal);
        Assert.Equal(7, team.Team.Roles.Count);

        // A bull who turns bear is corrected once and then not heard.
        var turncoat = new ScriptedTeam(
            asked => asked.Role == "bull" ? ScriptedTeam.Sound(asked).Replace("0.6,", "-0.6,", StringComparison.Ordinal) : null,
            new LlmOptions { Tools = false, Researchers = true }
        );
        Proposal without = await turncoat.ProposeAsync(Snapshot);
        FailedReply failure = Assert.Single(without.Transcript.Failures);
        Assert.Equal("\"score\" must be from 0 to 1, not -0.6.", failure.Error);
        Assert.Equal([AnalystRole.Bull], without.Context.Conditions!.Missing);
    }

    [Fact]
    public async Task AnalyzeAsync_AnalystWithoutUsableReport_IsMissingAndTheRestGoesOn()
    {
        var team = new ScriptedTeam(asked => asked is { Role: "sentiment", Shape: "analyst_report" } ? "I would buy!" : null);
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Equal([AnalystRole.Sentiment], proposal.Context.Conditions!.Missing);
        Assert.Equal(
            [AnalystRole.Fundamental, AnalystRole.Technical, AnalystRole.Risk],
            proposal.Context.Debate.Closing.Select(r => r.Role)
        );
        Assert.Contains("\nSentiment: no usable report\n", proposal.Context.Prompt, StringComparison.Ordinal);
        FailedReply failure = Assert.Single(proposal.Transcript.Failures);
        Assert.Equal((ModelRole.Sentiment, "opening"), (failure.Role, failure.Purpose));
        Assert.Contains(proposal.Transcript.Texts, t => t.TextId == failure.TextId && t.Text == "I would buy!");
        Assert.Equal(5, proposal.Candidates.Count);
    }

    [Fact]
    public async Task AnalyzeAsync_TurnThatFails_LeavesTheReportAsItStands()
    {
        var team = new ScriptedTeam(asked => asked is { Role: "risk", Shape: "debate_turn" } ? "{}" : null);
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Equal(-0.1, proposal.Context.Debate.Closing[3].Score);
        Assert.DoesNotContain(proposal.Context.Debate.Turns, t => t.Role == AnalystRole.Risk);
        Assert.Equal(["round 1", "round 2"], proposal.Transcript.Failures.Select(f => f.Purpose));
        Assert.Empty(proposal.Context.Conditions!.Missing);
    }

    [Fact]
    public async Task AnalyzeAsync_OneCandidateFails_LeavesNoGapAndNoHold()
    {
        var team = new ScriptedTeam(asked => asked.Persona == "trend" ? "hold" : null);
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Equal([0, 1, 2, 3], proposal.Candidates.Select(c => c.Index));
        Assert.Equal(["balanced", "contrarian", "value", "cautious"], proposal.Candidates.Select(c => c.Stance));
        Assert.All(
            proposal.Candidates,
            c => Assert.Equal(Candidate.CreateId(proposal.Context.ContextId, c.Index), c.CandidateId)
        );
        FailedReply failure = Assert.Single(proposal.Transcript.Failures);
        Assert.Equal("candidate 1", failure.Purpose);
        // The candidate at 1 came of the third question, not of the second.
        ModelCall call = Assert.Single(proposal.Transcript.Calls, c => c.CandidateId == proposal.Candidates[1].CandidateId);
        Assert.Equal("candidate 2", call.Purpose);
    }

    [Fact]
    public async Task AnalyzeAsync_NothingUsable_GivesNoCandidatesAndKeepsEveryReply()
    {
        var team = new ScriptedTeam(asked => asked.IsRepair ? "Sorry." : $"No JSON from {asked.Role}.");
        Proposal proposal = await team.ProposeAsync(Snapshot);
        Assert.Empty(proposal.Candidates);
        Assert.Empty(proposal.Context.Debate.Opening);
        Assert.Equal(4 + 5, proposal.Transcript.Failures.Count);
        Assert.Equal(2 * (4 + 5), proposal.Transcript.Calls.Count);
        Assert.Contains(proposal.Transcript.Texts, t => t.Text == "No JSON from portfolio.");
        Assert.Equal(4, proposal.Context.Conditions!.Missing.Count);
    }

    [Fact]
    public async Task AnalyzeAsync_Twice_IsTheSameWhoeverAnswersFirst()
    {
        string[] written = await Task.WhenAll(
            Enumerable
                .Range(1, 4)
                .Select(async salt =>
                {
                    var scripted = new ScriptedTeam(asked => asked.Persona == "value" ? "{" : null);
                    ModelRoster roster = Uneven(scripted.Client, salt);
                    await using var gateway = new ModelGateway(roster);
                    var options = new LlmOptions { Researchers = true, Tools = false };
                    var team = new LlmTeam(gateway, options, "scripted", PromptSet.Default);
                    Proposal proposal = await ManagerAgent
                        .OnModels(team)
                        .AnalyzeAsync(Snapshot, "run", 0, TestContext.Current.CancellationToken);
                    return ScriptedTeam.Json(
                        new
                        {
                            proposal.Context,
                            proposal.Candidates,
                            proposal.Transcript,
                        }
                    );
                })
        );
        Assert.Single(written.Distinct());
    }

    [Fact]
    public async Task AnalyzeAsync_OtherFuture_ChangesNoPrompt()
    {
        for (int seed = 0; seed < 12; seed++)
        {
            Proposal one = await new ScriptedTeam().ProposeAsync(SimulatedDesk.Snapshot(seed, futureSeed: 1));
            Proposal two = await new ScriptedTeam().ProposeAsync(SimulatedDesk.Snapshot(seed, futureSeed: 2));
            Assert.Equal(ScriptedTeam.Json(one.Transcript), ScriptedTeam.Json(two.Transcript));
        }
    }

    [Fact]
    public async Task AnalyzeAsync_TransportFails_StopsInsteadOfInventing()
    {
        var team = new ScriptedTeam(
            (Asked asked) =>
                asked.Shape == "debate_turn" ? throw new HttpRequestException("The server is gone.") : (ChatResponse?)null
        );
        await Assert.ThrowsAsync<HttpRequestException>(() => team.ProposeAsync(Snapshot));
    }

    [Fact]
    public async Task AnalyzeAsync_Conditions_NameModelsAndCutoff()
    {
        Proposal proposal = await new ScriptedTeam().ProposeAsync(Snapshot);
        AgentConditions conditions = proposal.Context.Conditions!;
        Assert.Equal(["fundamental", "manager", "risk", "sentiment", "technical"], conditions.Models.Keys);
        Assert.All(conditions.Models.Values, m => Assert.Equal("openai/scripted", m));
        Assert.Equal(PromptSet.Default.Hash, conditions.PromptsHash);
        Assert.False(conditions.Masked || conditions.Memory);
        Assert.Null(conditions.BeforeCutoff);
        DateOnly day = DateOnly.FromDateTime(Snapshot.AsOf.UtcDateTime);
        Assert.True(await BeforeCutoffAsync(day, day));
        Assert.True(await BeforeCutoffAsync(day, null));
        Assert.False(await BeforeCutoffAsync(day.AddDays(-1), day.AddDays(-1)));
        Assert.Null(await BeforeCutoffAsync(day.AddDays(-1), null));
    }

    [Fact]
    public async Task CallsPerContext_AnyOptions_BoundsWhatIsAsked()
    {
        foreach (int rounds in new[] { 0, 1, 3 })
        {
            foreach (bool broken in new[] { false, true })
            {
                var options = new ManagerOptions
                {
                    DebateRounds = rounds,
                    Candidates = 3,
                    DebateTolerance = broken ? 0 : 1,
                };
                // Each first reply is broken and each score moves, or all is sound and the debate ends at once.
                var team = new ScriptedTeam(asked => broken && !asked.IsRepair ? "?" : null);
                await team.ProposeAsync(Snapshot, options);
                (int low, int high) = team.Team.CallsPerContext(options);
                Assert.InRange(team.Client.Asked.Count, low, high);
                Assert.True(broken || team.Client.Asked.Count == low);
                Assert.Equal(team.Team.Roles.Sum(r => team.Team.CallsPerContext(r, options).High), high);
            }
        }

        Assert.Equal((0, 0), new ScriptedTeam().Team.CallsPerContext(ModelRole.Judge, new ManagerOptions()));
        var withTools = new ScriptedTeam(options: new LlmOptions { ToolRounds = 4 });
        Assert.Equal((2, 4 + 2 + 4), withTools.Team.CallsPerContext(ModelRole.Risk, new ManagerOptions()));
    }

    [Fact]
    public void Constructor_OptionsAndModels_DecideOnTheFingerprint()
    {
        var plain = new ScriptedTeam();
        Assert.Equal(plain.Team.Fingerprint, new ScriptedTeam().Team.Fingerprint);
        Assert.NotEqual(plain.Team.Fingerprint, new ScriptedTeam(takesTemperature: true).Team.Fingerprint);
        Assert.NotEqual(plain.Team.Fingerprint, new ScriptedTeam(options: new LlmOptions()).Team.Fingerprint);
        using ModelRoster other = plain.Client.Roster(model: "other");
        var renamed = new LlmTeam(new ModelGateway(other), new LlmOptions { Tools = false }, "scripted", PromptSet.Default);
        Assert.NotEqual(plain.Team.Fingerprint, renamed.Fingerprint);
    }

    [Fact]
    public void Constructor_BadArguments_AreNamed()
    {
        var scripted = new ScriptedTeam();
        Assert.Throws<ArgumentException>(() =>
            new LlmTeam(scripted.Gateway, new LlmOptions { Memory = true }, "x", PromptSet.Default)
        );
        var error = Assert.Throws<RlaifInputException>(() =>
            new LlmTeam(scripted.Gateway, new LlmOptions { ToolRounds = 0, Passages = 21 }, "x", PromptSet.Default)
        );
        Assert.Contains("ToolRounds must be from 1 to 10.", error.Message, StringComparison.Ordinal);
        Assert.Contains("Passages must be from 0 to 20.", error.Message, StringComparison.Ordinal);
        var masked = new LlmTeam(scripted.Gateway, new LlmOptions { Mask = true }, "claude", PromptSet.Default);
        Assert.Equal("claude masked", masked.Name);
        Assert.False(masked.HasMemory);
    }

    private static ModelRoster Uneven(ScriptedChatClient client, int salt)
    {
        using ModelRoster even = client.Roster();
        return new ModelRoster(
            even.Roles.ToDictionary(r => r, r => even[r] with { CreateClient = () => new UnevenChatClient(client, salt) })
        );
    }

    private static async Task<bool?> BeforeCutoffAsync(DateOnly? analysts, DateOnly? manager)
    {
        var scripted = new ScriptedTeam();
        using ModelRoster roster = scripted.Client.Roster();
        var dated = new ModelRoster(
            roster.Roles.ToDictionary(
                r => r,
                r =>
                    roster[r] with
                    {
                        Card = roster[r].Card with { KnowledgeCutoff = r == ModelRole.Manager ? manager : analysts },
                    }
            )
        );
        await using var gateway = new ModelGateway(dated);
        var team = new LlmTeam(gateway, new LlmOptions { Tools = false }, "scripted", PromptSet.Default);
        Proposal proposal = await ManagerAgent
            .OnModels(team, new ManagerOptions { Candidates = 1, DebateRounds = 0 })
            .AnalyzeAsync(Snapshot, "run", 0, TestContext.Current.CancellationToken);
        return proposal.Context.Conditions!.BeforeCutoff;
    }
}
