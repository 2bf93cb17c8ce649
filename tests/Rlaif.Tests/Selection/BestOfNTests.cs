using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Rewards;
using Rlaif.Selection;
using Rlaif.Tests.Rewards;

namespace Rlaif.Tests.Selection;

public sealed class BestOfNTests
{
    private static readonly BestOfN Selector = new(new RewardBlend(SharedModel.Model), "v0003", abstains: false);

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

    [Fact]
    public void Select_GroundThatTheModelDoesNotKnow_KeepsTheBaseline()
    {
        var careful = new BestOfN(SharedModel.Model, "v0003");
        var blend = new RewardBlend(SharedModel.Model);
        int kept = 0;
        foreach (Proposal proposal in Proposals())
        {
            Proposal far = proposal with
            {
                Context = proposal.Context with
                {
                    Features = proposal.Context.Features.ToDictionary(f => f.Key, _ => (double?)-50),
                },
            };
            TradingDecision decision = careful.Select(far);
            Assert.Equal(far.Candidates[0].CandidateId, decision.CandidateId);
            Assert.Equal("best_of_n/v0003/abstained", decision.Selector);
            Assert.Equal(blend.Estimate(far.Context, far.Candidates).Select(e => e.Reward), decision.Rewards);

            TradingDecision usual = careful.Select(proposal);
            Candidate best = Selector.Rank(proposal.Context, proposal.Candidates)[0].Candidate;
            bool knows = blend.Knows(proposal.Context, best);
            Assert.Equal(knows ? best.CandidateId : proposal.Candidates[0].CandidateId, usual.CandidateId);
            Assert.Equal(knows ? "best_of_n/v0003" : "best_of_n/v0003/abstained", usual.Selector);
            kept += knows ? 0 : 1;
        }

        Assert.InRange(kept, 0, 6);
    }

    private static IEnumerable<Proposal> Proposals() =>
        SharedModel
            .Later.Candidates.GroupBy(c => c.Context.ContextId)
            .Select(g => new Proposal(g.First().Context, [.. g.Select(c => c.Candidate)]));
}
