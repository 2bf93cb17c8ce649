using System.Text.Json;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Judging;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Decisions;
using Rlaif.Tests.Decisions.Llm;
using Rlaif.Tests.Decisions.Llm.Judging;
using Rlaif.Tests.Decisions.Llm.Roles;
using Rlaif.Tests.Preferences;

namespace Rlaif.Tests;

public sealed class JudgeRunTests
{
    private static readonly List<SettledCandidate> World = SettledSamples.World(3, moments: 4, symbols: 3);

    [Fact]
    public async Task RunAsync_Ledger_JudgesOncePerPairAndRecordsTheWords()
    {
        await using Ledger ledger = await LedgerOf(World);
        ScriptedChatClient client = Smaller();
        var run = new JudgeRun(ledger, JudgeScript.Judge(client));
        int pending = await run.CountPendingAsync();
        JudgeSummary first = await run.RunAsync();
        Assert.Equal((pending, 0, 0), (first.Judged, first.Skipped, first.Failed));
        Assert.Equal(pending * 2, client.Asked.Count);
        Assert.Equal(first.Judged, first.Preferred + first.Ties + first.OrderDependent);
        Assert.Equal(first.Judged, first.Agreement.Judged);
        Assert.True(first.Preferred > 0 && first.Agreement.Compared > 0);
        Assert.Equal(pending, await ledger.CountAsync<Judgement>());
        Assert.Equal(pending * 2, await ledger.CountAsync<ModelCall>());

        JudgeSummary second = await run.RunAsync();
        Assert.Equal((0, pending, 0), (second.Judged, second.Skipped, second.Failed));
        Assert.Equal(pending * 2, client.Asked.Count);
        Assert.Equal(Json(first.Agreement), Json(second.Agreement));
    }

    [Fact]
    public async Task RunAsync_Pairs_AreOfOneContextDifferentAndNoMoreThanAskedFor()
    {
        await using Ledger ledger = await LedgerOf(World);
        await new JudgeRun(ledger, JudgeScript.Judge(Smaller()), new JudgeOptions { PairsPerContext = 2 }).RunAsync();
        Dictionary<string, Candidate> candidates = World.ToDictionary(s => s.Candidate.CandidateId, s => s.Candidate);
        IReadOnlyList<Judgement> judgements = await ledger.ReadAsync<Judgement>();
        Assert.All(judgements.CountBy(j => j.ContextId), c => Assert.InRange(c.Value, 1, 2));
        Assert.Contains(judgements.CountBy(j => j.ContextId), c => c.Value == 2);
        Assert.All(
            judgements,
            j =>
            {
                (Candidate a, Candidate b) = (candidates[j.FirstId], candidates[j.SecondId]);
                Assert.Equal((j.ContextId, j.ContextId), (a.ContextId, b.ContextId));
                Assert.NotEqual((a.Action, a.PositionSize), (b.Action, b.PositionSize));
            }
        );
    }

    [Fact]
    public async Task RunAsync_Limit_IsContinuedByTheNextRun()
    {
        await using Ledger whole = await LedgerOf(World);
        await using Ledger parts = await LedgerOf(World);
        await new JudgeRun(whole, JudgeScript.Judge(Smaller())).RunAsync();
        var run = new JudgeRun(parts, JudgeScript.Judge(Smaller()), new JudgeOptions { MaxPairs = 10 });
        int pending = await whole.CountAsync<Judgement>();
        for (int left = pending; left > 0; left -= 10)
        {
            Assert.Equal(Math.Min(10, left), (await run.RunAsync()).Judged);
        }

        Assert.Equal(await Records(whole), await Records(parts));
        // The first ten are not the first ten in time.
        Assert.True(pending > 20);
    }

    [Fact]
    public async Task RunAsync_Limit_TakesContextsOfAllDates()
    {
        await using Ledger ledger = await LedgerOf(SettledSamples.World(3, moments: 12));
        await new JudgeRun(ledger, JudgeScript.Judge(Smaller()), new JudgeOptions { MaxPairs = 30 }).RunAsync();
        int dates = (await ledger.ReadAsync<Judgement>()).Select(j => j.AsOf).Distinct().Count();
        Assert.InRange(dates, 5, 12);
    }

    [Fact]
    public async Task RunAsync_OtherOutcomes_ChangeNoPromptAndNoJudgement()
    {
        SettledCandidate[] other =
        [
            .. World.Select(s =>
                s with
                {
                    Outcome = s.Outcome with { NetReturn = -7 * s.Outcome.NetReturn, Provenance = OutcomeProvenance.Traded },
                }
            ),
        ];
        (ScriptedChatClient one, ScriptedChatClient two, ScriptedChatClient three) = (Smaller(), Smaller(), Smaller());
        await using Ledger first = await LedgerOf(World);
        await using Ledger second = await LedgerOf(other);
        await using Ledger unsettled = await LedgerOf(World, withOutcomes: false);
        await new JudgeRun(first, JudgeScript.Judge(one)).RunAsync();
        await new JudgeRun(second, JudgeScript.Judge(two)).RunAsync();
        JudgeSummary summary = await new JudgeRun(unsettled, JudgeScript.Judge(three)).RunAsync();
        Assert.Equal(await Records(first), await Records(second));
        Assert.Equal(await Records(first), await Records(unsettled));
        Assert.Equal(JudgeScript.Asked(one).Order(), JudgeScript.Asked(two).Order());
        Assert.Equal(summary.Preferred, summary.Agreement.Unsettled);
        Assert.Equal("not enough evidence", summary.Agreement.Verdict);
    }

    [Fact]
    public async Task RunAsync_AnyNumberAtOnce_GivesTheSameRecords()
    {
        await using Ledger one = await LedgerOf(World);
        await using Ledger many = await LedgerOf(World);
        await new JudgeRun(one, JudgeScript.Judge(Smaller()), new JudgeOptions { Parallel = 1 }).RunAsync();
        await new JudgeRun(many, JudgeScript.Judge(Smaller()), new JudgeOptions { Parallel = 16 }).RunAsync();
        Assert.Equal(await Records(one), await Records(many));
    }

    [Fact]
    public async Task RunAsync_UnusableReplies_AreKeptAndNotAskedForAgain()
    {
        await using Ledger ledger = await LedgerOf(World);
        var client = new ScriptedChatClient(
            (messages, _) =>
                messages[0].Text.Contains("AAPL", StringComparison.Ordinal) ? "no" : JudgeScript.Answer(JudgeChoice.Tie)
        );
        var run = new JudgeRun(ledger, JudgeScript.Judge(client));
        JudgeSummary summary = await run.RunAsync();
        Assert.True(summary.Failed > 0 && summary.Judged > 0);
        Assert.Equal(summary.Failed, await ledger.CountAsync<FailedReply>());
        int asked = client.Asked.Count;
        JudgeSummary again = await run.RunAsync();
        Assert.Equal((0, summary.Judged + summary.Failed), (again.Judged, again.Skipped));
        Assert.Equal(asked, client.Asked.Count);
    }

    [Fact]
    public async Task RunAsync_AnErrorInOneCall_KeepsWhatOthersSaid()
    {
        await using Ledger ledger = await LedgerOf(World);
        int calls = 0;
        var broken = new ScriptedChatClient(
            (_, _) =>
                Interlocked.Increment(ref calls) == 9
                    ? throw new RlaifInputException("The budget is spent.")
                    : JudgeScript.Answer(JudgeChoice.Tie)
        );
        await Assert.ThrowsAsync<RlaifInputException>(() => new JudgeRun(ledger, JudgeScript.Judge(broken)).RunAsync());
        int kept = await ledger.CountAsync<Judgement>();
        // Eight pairs were asked about at once; the fifth failed.
        Assert.Equal(7, kept);
        ScriptedChatClient client = Smaller();
        JudgeSummary rest = await new JudgeRun(ledger, JudgeScript.Judge(client)).RunAsync();
        Assert.Equal(kept, rest.Skipped);
        Assert.Equal(rest.Judged * 2, client.Asked.Count);
    }

    [Fact]
    public async Task RunAsync_MaskedDecision_IsJudgedUnderTheReplacedNames()
    {
        MarketSnapshot snapshot = SimulatedDesk.Snapshot(3);
        var team = new ScriptedTeam(
            asked =>
                asked.Shape == "candidate"
                    ? ScriptedTeam.Sound(asked).Replace("proposal.", "proposal on ASSET since day -3.", StringComparison.Ordinal)
                    : null,
            new LlmOptions { Tools = false, Mask = true }
        );
        Proposal proposal = await team.ProposeAsync(snapshot);
        Assert.Contains(snapshot.Symbol, proposal.Candidates[0].Analysis, StringComparison.Ordinal);
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        await ledger.AppendAsync(
            new LedgerBatch()
                .Add(proposal.Context)
                .AddRange(proposal.Candidates)
                .AddRange(proposal.Transcript.Calls)
                .AddRange(proposal.Transcript.Texts)
        );
        ScriptedChatClient client = Smaller();
        JudgeSummary summary = await new JudgeRun(ledger, JudgeScript.Judge(client)).RunAsync();
        Assert.True(summary.Judged > 0);
        Assert.All(
            JudgeScript.Asked(client),
            prompt =>
            {
                Assert.Contains("proposal on ASSET since day -3.", prompt, StringComparison.Ordinal);
                Assert.Contains("Main risk: The move reverses", prompt, StringComparison.Ordinal);
                Assert.DoesNotContain(snapshot.Symbol, prompt, StringComparison.Ordinal);
                Assert.DoesNotContain($"{snapshot.AsOf.Year}", prompt, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task RunAsync_OtherJudge_StartsAnewAndCountsItsOwn()
    {
        await using Ledger ledger = await LedgerOf(World);
        JudgeSummary one = await new JudgeRun(ledger, JudgeScript.Judge(Smaller())).RunAsync();
        JudgeSummary two = await new JudgeRun(ledger, JudgeScript.Judge(Smaller(), model: "other")).RunAsync();
        Assert.Equal((one.Judged, 0), (two.Judged, two.Skipped));
        Assert.Equal(one.Agreement.Judged, two.Agreement.Judged);
    }

    [Fact]
    public async Task Create_OptionsOutOfRange_AreReportedTogether()
    {
        await using Ledger ledger = await LedgerOf([]);
        var options = new JudgeOptions
        {
            PairsPerContext = 0,
            MaxPairs = 0,
            Parallel = 0,
        };
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            new JudgeRun(ledger, JudgeScript.Judge(Smaller()), options)
        );
        Assert.All(["PairsPerContext", "MaxPairs", "Parallel"], n => Assert.Contains(n, error.Message, StringComparison.Ordinal));
    }

    // A judge of content: the smaller position argues better.
    private static ScriptedChatClient Smaller() =>
        JudgeScript.Comparing(
            (first, second) =>
                Size(first).CompareTo(Size(second)) switch
                {
                    < 0 => JudgeChoice.First,
                    > 0 => JudgeChoice.Second,
                    _ => JudgeChoice.Tie,
                }
        );

    private static double Size(string proposal) =>
        double.Parse(proposal.Split("Position size: ")[1].Split('%')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<Ledger> LedgerOf(IReadOnlyList<SettledCandidate> settled, bool withOutcomes = true)
    {
        Ledger ledger = await Ledger.OpenAsync(":memory:");
        LedgerBatch batch = new LedgerBatch()
            .AddRange(settled.Select(s => s.Context).DistinctBy(c => c.ContextId))
            .AddRange(settled.Select(s => s.Candidate));
        await ledger.AppendAsync(withOutcomes ? batch.AddRange(settled.Select(s => s.Outcome)) : batch);
        return ledger;
    }

    private static async Task<string[]> Records(Ledger ledger) =>
        [
            .. (await ledger.ReadAsync<Judgement>()).Select(Json),
            .. (await ledger.ReadAsync<ModelCall>()).Select(Json),
            .. (await ledger.ReadAsync<CallText>()).Select(Json),
        ];

    private static string Json<T>(T record) => JsonSerializer.Serialize(record, RlaifJson.Compact);
}
