using Rlaif.Decisions;
using Rlaif.Rewards;

namespace Rlaif.Selection;

/// <summary>Reward-guided inference: of the candidates that the agents propose, take the one that the reward model scores highest.</summary>
public sealed class BestOfN : ICandidateSelector
{
    /// <summary>The name under which its decisions are recorded, followed by the model's version.</summary>
    public const string Name = "best_of_n";

    private readonly RewardModel _model;
    private readonly string _selector;

    /// <summary>Selects with <paramref name="model"/>, whose version is recorded in every decision.</summary>
    public BestOfN(RewardModel model, string version)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(version);
        _model = model;
        _selector = $"{Name}/{version}";
    }

    /// <summary>Accepts the candidate with the highest reward, of equals the earlier one, and records all rewards.</summary>
    /// <exception cref="RlaifInputException">The context's features are not those that the model was trained on.</exception>
    public TradingDecision Select(Proposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        double[] rewards = _model.ScoreAll(proposal.Context, proposal.Candidates);
        int best = Array.IndexOf(rewards, rewards.Max());
        return TradingDecision.Accept(proposal.Candidates[best], _selector, rewards);
    }

    /// <summary>The candidates, best first.</summary>
    /// <inheritdoc cref="Select" path="/exception"/>
    public IReadOnlyList<RankedCandidate> Rank(DecisionContext context, IReadOnlyList<Candidate> candidates)
    {
        double[] rewards = _model.ScoreAll(context, candidates);
        return
        [
            .. candidates
                .Select((candidate, i) => (Candidate: candidate, Reward: rewards[i]))
                .OrderByDescending(r => r.Reward)
                .Select((r, i) => new RankedCandidate(r.Candidate, r.Reward, i + 1)),
        ];
    }
}
