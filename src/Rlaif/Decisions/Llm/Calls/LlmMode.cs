namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Where replies come from.</summary>
public enum LlmMode
{
    /// <summary>Recorded replies are used; what is not recorded is asked, paid and recorded.</summary>
    Record,

    /// <summary>Recorded replies only: no key, no cost, the same run bit for bit. A missing one is an error.</summary>
    Replay,

    /// <summary>Everything is asked and paid, and nothing recorded.</summary>
    Live,
}
