namespace Rlaif.Decisions;

/// <summary>A moment at which a decision is due: the close of a session in which the symbol traded.</summary>
public readonly record struct DecisionMoment(string Symbol, DateTimeOffset AsOf);
