namespace Rlaif.Core;

/// <summary>How far a long piece of work is: <paramref name="Done"/> of <paramref name="Total"/> units of the named stage.</summary>
public readonly record struct ProgressUpdate(string Stage, int Done, int Total);
