using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Selection;
using Rlaif.Tests.Rewards;

namespace Rlaif.Tests.Selection;

public sealed class BestOfNTests
{
    private static readonly BestOfN Selector = new(SharedModel.Model, "v0003");

    [Fact]
    public void Select_Proposal_TakesTheHighestRewardAndRecordsAll()
    {
        foreach (Proposal proposal in Proposals())
        {
            double[] rewards = SharedModel.Model.ScoreAll(proposal.Context, proposal.Candidates);
            TradingDecision decision = Selector.Select(proposal);
            Assert.Equal(rewards, decision.Rewards);
            Assert.Equal("best_of_n/v0003", decision.Selector);
            int chosen = proposal.Candidates.Select(c => c.CandidateId).ToList().IndexOf(decision.CandidateId);
            Assert.Equal(rewards.Max(), rewards[chosen]);
            Assert.Equal(decision.Action, proposal.Candidates[chosen].Action);
        }
    }

    [Fact]
    public void Select_EqualRewards_TakesTheEarlierCandidate()
    {
        Proposal proposal = Proposals().First();
        Candidate twin = proposal.Candidates[0] with { CandidateId = "twin", Index = 1 };
        Proposal twins = proposal with { Candidates = [proposal.Candidates[0], twin] };
        Assert.Equal(proposal.Candidates[0].CandidateId, Selector.Select(twins).CandidateId);
        Assert.Equal([1, 2], Selector.Rank(twins.Context, twins.Candidates).Select(r => r.Rank));
        Assert.Equal("twin", Selector.Rank(twins.Context, twins.Candidates)[1].Candidate.CandidateId);
    }

    [Fact]
    public void Rank_AnyOrder_GivesTheSameRanking()
    {
        foreach (Proposal proposal in Proposals())
        {
            IReadOnlyList<RankedCandidate> ranked = Selector.Rank(proposal.Context, proposal.Candidates);
            IReadOnlyList<RankedCandidate> reversed = Selector.Rank(proposal.Context, [.. proposal.Candidates.Reverse()]);
            Assert.Equal(ranked.Select(r => r.Reward), reversed.Select(r => r.Reward));
            Assert.Equal(ranked.OrderByDescending(r => r.Reward), ranked);
            Assert.Equal(Selector.Select(proposal).CandidateId, ranked[0].Candidate.CandidateId);
        }
    }

    private static IEnumerable<Proposal> Proposals() =>
        SharedModel
            .Later.Candidates.GroupBy(c => c.Context.ContextId)
            .Select(g => new Proposal(g.First().Context, [.. g.Select(c => c.Candidate)]));
}
