namespace Rlaif.Decisions;

/// <summary>Chooses one of the candidates of a context. The seam at which the loop closes: the reward model implements it.</summary>
public interface ICandidateSelector
{
    /// <summary>Accepts one candidate of <paramref name="proposal"/>.</summary>
    TradingDecision Select(Proposal proposal);
}
