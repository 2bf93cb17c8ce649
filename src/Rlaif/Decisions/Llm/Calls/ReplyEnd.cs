namespace Rlaif.Decisions.Llm.Calls;

/// <summary>Why a model stopped.</summary>
public enum ReplyEnd
{
    /// <summary>It had finished.</summary>
    Stop,

    /// <summary>It wants tools to be called.</summary>
    ToolCalls,

    /// <summary>It reached the limit of output tokens: the reply is cut.</summary>
    Length,

    /// <summary>It, or a filter of its provider, declined.</summary>
    Refusal,

    /// <summary>Anything else.</summary>
    Other,
}
