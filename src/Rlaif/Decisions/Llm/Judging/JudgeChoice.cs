namespace Rlaif.Decisions.Llm.Judging;

/// <summary>Which of two proposals a judge named, by the order in which they were shown.</summary>
public enum JudgeChoice
{
    /// <summary>The one shown first.</summary>
    First,

    /// <summary>The one shown second.</summary>
    Second,

    /// <summary>Neither.</summary>
    Tie,
}
