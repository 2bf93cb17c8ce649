using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Examples;

/// <summary>The guide's multi-agent script: a debate of language models, and what came of it.</summary>
internal static class MultiAgentDesk
{
    private const int Session = 600;

    /// <summary>Decides on two symbols at one close, and gives what the models took and spared.</summary>
    public static async Task<UsageFigures> RunAsync(ModelDoor door, TextWriter output)
    {
        // Own bars instead: IMarketData market = await CsvMarketData.LoadAsync("bars.csv");
        SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Seed = 42 });
        DateTimeOffset close = NyseCalendar.Hours(market.GetCalendar("AAPL").Sessions[Session]).Close;

        // One door to the models: it replays or asks and records, keeps the budget, and counts.
        await using SpendBook spend = await SpendBook.OpenAsync(":memory:");
        await using ModelGateway gateway = await door.OpenAsync(spend);
        gateway.BeginRun("desk");
        var team = new LlmTeam(gateway, new LlmOptions(), "claude", PromptSet.Default, live: new Live(output));
        ManagerAgent manager = ManagerAgent.OnModels(team, new ManagerOptions { Candidates = 5 });

        await using Ledger ledger = await Ledger.OpenAsync(":memory:");
        foreach (string symbol in (string[])["AAPL", "NVDA"])
        {
            output.WriteLine($"{Environment.NewLine}{symbol} at the close of {close:yyyy-MM-dd}: the debate");
            Proposal proposal = await manager.AnalyzeAsync(
                await market.GetSnapshotAsync(symbol, close),
                runId: "desk",
                generation: 0
            );

            // Every prompt and reply is kept word for word: what is fine-tuned on later is what was really said.
            Transcript said = proposal.Transcript;
            var records = new LedgerBatch().Add(proposal.Context).AddRange(proposal.Candidates).AddRange(said.Calls);
            await ledger.AppendAsync(records.AddRange(said.Texts).AddRange(said.Failures));
            await DecideAsync(proposal, ledger, output);
        }

        UsageFigures usage = gateway.Usage.Total;
        output.WriteLine(
            $"{Environment.NewLine}{await ledger.CountAsync<ModelCall>()} calls are in the ledger with their prompts and replies."
        );
        output.WriteLine(
            $"Asked now: {usage.Calls} ({usage.Tokens.Input} tokens in, {usage.Tokens.Output} out), {usage.SpentUsd:0.0000} US dollars."
        );
        output.WriteLine($"From the recording: {usage.Replayed}, which would have cost {usage.SavedUsd:0.0000} US dollars.");
        return usage;
    }

    private static async Task DecideAsync(Proposal proposal, Ledger ledger, TextWriter output)
    {
        Debate debate = proposal.Context.Debate;
        output.WriteLine(
            $"The debate {(debate.Converged ? "converged" : "ended with its last round")}. Scores from -1 (sell) to 1 (buy):"
        );
        foreach ((AnalystReport before, AnalystReport after) in debate.Opening.Zip(debate.Closing))
        {
            output.WriteLine(
                $"  {before.Role, -12} {before.Score, 5:0.00} -> {after.Score, 5:0.00}, confidence {after.Confidence:0.00}"
            );
        }

        output.WriteLine("Candidates:");
        foreach (Candidate c in proposal.Candidates)
        {
            ModelCall call = proposal.Transcript.Calls.First(m => m.CandidateId == c.CandidateId);
            output.WriteLine($"  {c.Index}: {Words(c)}, confidence {c.Confidence:0.00}; {Words(call.Variety!)}");
        }

        foreach (FailedReply failure in proposal.Transcript.Failures)
        {
            output.WriteLine($"  {failure.Role}, {failure.Purpose} failed: {failure.Error}");
        }

        if (proposal.Candidates.Count == 0)
        {
            output.WriteLine("No usable candidate: no decision.");
            return;
        }

        // The static baseline takes the first; example 03 lets a reward model choose.
        TradingDecision decision = new FirstCandidate().Select(proposal);
        await ledger.AppendAsync(new LedgerBatch().Add(decision));
        Candidate chosen = proposal.Candidates.Single(c => c.CandidateId == decision.CandidateId);
        output.WriteLine($"Decision: {Words(chosen)}. {chosen.Analysis}");
    }

    private static string Words(Candidate c) => $"{c.Action.ToString().ToLowerInvariant()} {100 * c.PositionSize:0.0}% of equity";

    private static string Words(CandidateVariety v)
    {
        string withheld = v.Withheld.Count > 0 ? $", without {string.Join(", ", v.Withheld)}" : "";
        return $"{v.Persona}{withheld}{(v.Temperature is { } t ? $", temperature {t:0.0}" : "")}";
    }

    // Told by several threads while replies grow; what is complete is shown.
    private sealed class Live(TextWriter output) : IProgress<DebateEvent>
    {
        private readonly Lock _lock = new();

        public void Report(DebateEvent value)
        {
            lock (_lock)
            {
                if (value.Done)
                {
                    output.WriteLine($"  [{value.Role}, {value.Purpose}] {value.Text.ReplaceLineEndings(" ")}");
                }
            }
        }
    }
}
