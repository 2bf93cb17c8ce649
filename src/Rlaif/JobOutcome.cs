namespace Rlaif;

/// <summary>How a job ended.</summary>
public enum JobOutcome
{
    /// <summary>It did what it was there for.</summary>
    Done,

    /// <summary>There was nothing to do, or not enough to do it with.</summary>
    Skipped,

    /// <summary>It broke off with an error; it is due again at its next time.</summary>
    Failed,
}
