using Rlaif.Outcomes.Risk;

namespace Rlaif.Outcomes.Brokers;

/// <summary>What became of an order: the broker's answer, or the refusal before it was sent. Both null while nobody knows whether it arrived.</summary>
/// <param name="State">The broker's answer.</param>
/// <param name="Refusal">Why it was not sent.</param>
public sealed record DeskResult(OrderState? State, RiskRefusal? Refusal);
