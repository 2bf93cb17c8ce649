namespace Rlaif.Decisions.Llm;

/// <summary>Someone is speaking: for showing a debate while it goes on. Nothing depends on it.</summary>
/// <param name="Symbol">The instrument.</param>
/// <param name="AsOf">The moment of the decision.</param>
/// <param name="Role">Who speaks.</param>
/// <param name="Purpose">What for: <c>opening</c>, <c>round 1</c>, <c>candidate 2</c>.</param>
/// <param name="Text">What has been said so far, as readable text.</param>
/// <param name="Done">Whether that is all; score and action then stand in the text.</param>
public sealed record DebateEvent(string Symbol, DateTimeOffset AsOf, ModelRole Role, string Purpose, string Text, bool Done);
