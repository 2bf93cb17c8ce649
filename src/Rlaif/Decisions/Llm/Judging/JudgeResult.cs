namespace Rlaif.Decisions.Llm.Judging;

/// <summary>What came of asking a judge about one pair.</summary>
/// <param name="Judgement">The judgement; null when a reply could not be used, which is then among the failures.</param>
/// <param name="Transcript">What was asked and said.</param>
public sealed record JudgeResult(Judgement? Judgement, Transcript Transcript)
{
    /// <summary>Adds all of it to a batch, so that a judgement and the words behind it are recorded together.</summary>
    public void AddTo(LedgerBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        batch.AddRange(Transcript.Calls).AddRange(Transcript.Texts).AddRange(Transcript.Failures);
        if (Judgement is not null)
        {
            batch.Add(Judgement);
        }
    }
}
