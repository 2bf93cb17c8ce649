using Rlaif;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Prompts;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Selection;
using Rlaif.Tuning;
using Rlaif.Validation;

namespace Rlaif.Examples;

/// <summary>The guide's script for guided inference: candidates of language models, ranked by a reward model.</summary>
internal static class GuidedDesk
{
    private const int TrainingSessions = 500;
    private const int EverySessions = 10;
    private const int Decisions = 4;
    private static readonly string[] Symbols = ["AAPL", "NVDA"];

    /// <summary>Trains, proposes, ranks and settles, and gives what the models took and spared.</summary>
    public static async Task<UsageFigures> RunAsync(ModelDoor door, TextWriter output)
    {
        SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Seed = 42 });
        IReadOnlyList<DateOnly> sessions = market.GetCalendar("AAPL").Sessions;
        DateOnly cut = sessions[SimulatedMarket.WarmUpSessions + TrainingSessions];
        RewardModel model = await TrainAsync(market, new DateRange(sessions[SimulatedMarket.WarmUpSessions], cut), output);

        // The guide varies the temperature. Models that take none are varied by persona, evidence held back and seed instead.
        await using SpendBook spend = await SpendBook.OpenAsync(":memory:");
        await using ModelGateway gateway = await door.OpenAsync(spend);
        gateway.BeginRun("guided");
        var team = new LlmTeam(gateway, new LlmOptions(), "claude", PromptSet.Default);
        ManagerAgent manager = ManagerAgent.OnModels(team, new ManagerOptions { Candidates = 5, DebateRounds = 1 });
        var tuner = new RlaifFineTuner(reward: model.Score);
        var proposals = new List<Proposal>();
        var later = new DateRange(cut.AddDays(1), sessions[^1]);
        foreach (
            DecisionMoment moment in (await DecisionSchedule.EveryAsync(market, Symbols, later, EverySessions)).Take(Decisions)
        )
        {
            Proposal proposal = await manager.AnalyzeAsync(
                await market.GetSnapshotAsync(moment.Symbol, moment.AsOf),
                runId: "guided",
                generation: 1
            );
            output.WriteLine($"{Environment.NewLine}{moment.Symbol} {moment.AsOf:yyyy-MM-dd}, best first by reward:");
            if (proposal.Candidates.Count == 0)
            {
                output.WriteLine("  no usable candidate, no decision");
                continue;
            }

            proposals.Add(proposal);
            Show(tuner.RerankDecisions(proposal), proposal.Transcript, output);
        }

        await CompareAsync(market, model, proposals, later, output);
        UsageFigures usage = gateway.Usage.Total;
        output.WriteLine(
            $"{usage.Calls} calls, {usage.SpentUsd:0.0000} US dollars; {usage.Replayed} replayed, {usage.SavedUsd:0.0000} saved."
        );
        return usage;
    }

    // As in example 01: decisions of agents that follow rules, which cost nothing, with what became of them.
    private static async Task<RewardModel> TrainAsync(SimulatedMarket market, DateRange past, TextWriter output)
    {
        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        var run = new DecisionRun(market, ManagerAgent.RuleBased(), new FirstCandidate(), ledger);
        IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(market, market.Symbols, past, everySessions: 5);
        await run.RunAsync("history", generation: 0, moments, Environment.ProcessorCount);
        await new OutcomeSettler(market).SettleAsync(ledger, now: past.EndOfLastDay);
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(ledger);
        PreferenceResult pairs = PreferenceGenerator.Generate(settled, new PreferenceOptions());
        LearnedModel learned = RewardLearning.Learn(settled, pairs.Pairs, market.GetCalendar("AAPL"), new LearningOptions());
        output.WriteLine(
            $"Reward model from {moments.Count} decisions until {past.To:yyyy-MM-dd}: {learned.Validation.Accuracy:P0} of unseen pairs right, {learned.Verdict}."
        );
        return learned.Model;
    }

    private static void Show(IReadOnlyList<(Candidate Candidate, double Reward)> ranked, Transcript transcript, TextWriter output)
    {
        foreach ((Candidate c, double reward) in ranked)
        {
            CandidateVariety v = transcript.Calls.First(call => call.CandidateId == c.CandidateId).Variety!;
            string variety = v.Temperature is { } t ? $"temperature {t:0.0}" : $"seed {v.Seed?.ToString() ?? "none"}";
            string withheld = v.Withheld.Count > 0 ? $", without {string.Join(", ", v.Withheld)}" : "";
            string marks = (c == ranked[0].Candidate ? " <- guided" : "") + (c.Index == 0 ? " <- baseline" : "");
            output.WriteLine(
                $"  {reward, 6:0.00}  {c.Action.ToString().ToLowerInvariant(), -4} {100 * c.PositionSize, 4:0.0}%  {v.Persona}, {variety}{withheld}{marks}"
            );
        }
    }

    // Both arms choose among the same candidates, which are settled once: the market's luck is the same for both.
    private static async Task CompareAsync(
        SimulatedMarket market,
        RewardModel model,
        IReadOnlyList<Proposal> proposals,
        DateRange later,
        TextWriter output
    )
    {
        var guided = new BestOfN(model, version: "example");
        SettledBatch all = await new OutcomeSettler(market).SettleAsync(proposals, decisions: [], later.EndOfLastDay);
        SettledCandidate[] Arm(ICandidateSelector selector)
        {
            HashSet<string> chosen = [.. proposals.Select(p => selector.Select(p).CandidateId)];
            return [.. all.Settled.Where(s => chosen.Contains(s.Candidate.CandidateId))];
        }

        SettledCandidate[] baseline = Arm(new FirstCandidate());
        SettledCandidate[] improved = Arm(guided);
        output.WriteLine($"{Environment.NewLine}What five sessions later had become of it, in percent of equity after costs:");
        foreach (
            (SettledCandidate b, SettledCandidate g) in baseline.Join(
                improved,
                b => b.Context.ContextId,
                g => g.Context.ContextId,
                (b, g) => (b, g)
            )
        )
        {
            output.WriteLine(
                $"  {b.Context.Symbol} {b.Context.AsOf:yyyy-MM-dd}: baseline {Earned(b):+0.00;-0.00;0.00}, guided {Earned(g):+0.00;-0.00;0.00}"
            );
        }

        PairedComparison comparison = PairedComparison.Compare(baseline, improved, new DeterministicRandom(42));
        output.WriteLine($"{comparison.Decisions} decisions: {comparison.Sentence}");
        output.WriteLine("The model learnt from rule-based agents on a simulated market; it has to prove itself on others anew.");
    }

    private static double Earned(SettledCandidate s) => 100 * PairedComparison.Contribution(s);
}
