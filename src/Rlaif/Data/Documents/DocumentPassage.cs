namespace Rlaif.Data.Documents;

/// <summary>A piece of a document that answers a search.</summary>
/// <param name="Document">Where it stands.</param>
/// <param name="Index">Number of the piece in its document, from 0.</param>
/// <param name="Text">The piece.</param>
/// <param name="Score">How well it answers, higher being better; comparable within one search only.</param>
public sealed record DocumentPassage(Document Document, int Index, string Text, double Score);
