namespace Rlaif.Validation.Reports;

/// <summary>What one voice said in a transcript.</summary>
/// <param name="Speaker">Who spoke.</param>
/// <param name="Text">What was said; paragraphs are separated by line breaks. Untrusted: it is shown as text, whatever it contains.</param>
/// <param name="Note">A short remark beside the speaker (a score, a round); null for none.</param>
public sealed record TranscriptTurn(string Speaker, string Text, string? Note = null);
