using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Selection;
using Rlaif.Validation;

namespace Rlaif.Examples;

/// <summary>Whether the promoted models helped: their picks against what the agents alone would have done at the same moments.</summary>
internal static class Evidence
{
    /// <summary>The answer in a sentence, as far as outcomes are known.</summary>
    public static async Task<string> OfModelsAsync(Ledger ledger, DateTimeOffset now)
    {
        IReadOnlyList<TradingDecision> decisions = await ledger.ReadAsync<TradingDecision>();
        Dictionary<string, string> picked = decisions
            .Where(d => d.Selector.StartsWith(BestOfN.Name, StringComparison.Ordinal))
            .ToDictionary(d => d.ContextId, d => d.CandidateId);
        if (picked.Count == 0)
        {
            return "No model was promoted: the agents decided alone to the end.";
        }

        // Every candidate is settled, traded or not, so each moment has both answers: what was done, and the agents' first candidate.
        IReadOnlyList<SettledCandidate> settled = await SettledCandidates.LoadAsync(ledger, knownAtOrBefore: now);
        SettledCandidate[] guided = [.. settled.Where(s => picked.ContainsKey(s.Context.ContextId))];
        SettledCandidate[] agents = [.. guided.Where(s => s.Candidate.Index == 0)];
        SettledCandidate[] models = [.. guided.Where(s => picked[s.Context.ContextId] == s.Candidate.CandidateId)];
        if (models.Length == 0)
        {
            return "A model was promoted, and nothing that it picked is settled yet.";
        }

        var comparison = PairedComparison.Compare(agents, models, new DeterministicRandom(42));
        return $"Models against agents alone, {comparison.Decisions} decisions: {comparison.Sentence}";
    }
}
