using Rlaif.Decisions;
using Rlaif.Rewards;

namespace Rlaif.Selection;

/// <summary>
/// Reward-guided inference: of the candidates that the agents propose, take the one that the reward model scores highest, unless the model does not
/// know its ground: then the static baseline stands.
/// </summary>
public sealed class BestOfN : ICandidateSelector
{
    /// <summary>The name under which its decisions are recorded, followed by the model's version.</summary>
    public const string Name = "best_of_n";

    private const string Abstained = "/abstained";

    private readonly RewardBlend _rewards;
    private readonly string _selector;
    private readonly bool _abstains;

    /// <summary>Selects with <paramref name="model"/>, whose version is recorded in every decision.</summary>
    public BestOfN(RewardModel model, string version)
        : this(new RewardBlend(model), version) { }

    /// <summary>Selects with several models at once.</summary>
    /// <param name="rewards">The models and their weights.</param>
    /// <param name="version">What is recorded in every decision.</param>
    /// <param name="abstains">
    /// Whether the baseline candidate is kept where the pick's rewards spread more, or its context is further from the training data, than is usual
    /// (<see cref="RewardBlend.Knows"/>); default true. A best of many is often one about which the model errs.
    /// </param>
    public BestOfN(RewardBlend rewards, string version, bool abstains = true)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        ArgumentException.ThrowIfNullOrEmpty(version);
        _rewards = rewards;
        _selector = $"{Name}/{version}";
        _abstains = abstains;
    }

    /// <summary>Accepts the candidate with the highest reward, of equals the earlier one, or the baseline, and records all rewards.</summary>
    /// <exception cref="RlaifInputException">The context's features are not those that the model was trained on.</exception>
    public TradingDecision Select(Proposal proposal)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        double[] rewards = [.. _rewards.Estimate(proposal.Context, proposal.Candidates).Select(e => e.Reward)];
        Candidate best = proposal.Candidates[Array.IndexOf(rewards, rewards.Max())];
        return _abstains && !_rewards.Knows(proposal.Context, best)
            ? TradingDecision.Accept(proposal.Candidates[0], _selector + Abstained, rewards)
            : TradingDecision.Accept(best, _selector, rewards);
    }

    /// <summary>Whether a model was asked and kept the baseline candidate, because it did not know its ground.</summary>
    public static bool HasAbstained(TradingDecision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return decision.Selector.EndsWith(Abstained, StringComparison.Ordinal);
    }

    /// <summary>The candidates, best first.</summary>
    /// <inheritdoc cref="Select" path="/exception"/>
    public IReadOnlyList<RankedCandidate> Rank(DecisionContext context, IReadOnlyList<Candidate> candidates)
    {
        IReadOnlyList<RewardEstimate> estimates = _rewards.Estimate(context, candidates);
        return
        [
            .. candidates
                .Zip(estimates)
                .OrderByDescending(r => r.Second.Reward)
                .Select((r, i) => new RankedCandidate(r.First, r.Second.Reward, i + 1) { Deviation = r.Second.Deviation }),
        ];
    }
}
