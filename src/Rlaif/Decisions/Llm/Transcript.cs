namespace Rlaif.Decisions.Llm;

/// <summary>What was asked of language models for one context, what they said, and what could not be used; in the order of the work.</summary>
public sealed record Transcript
{
    /// <summary>Nothing was asked.</summary>
    public static Transcript Empty { get; } = new();

    /// <summary>The calls.</summary>
    public IReadOnlyList<ModelCall> Calls { get; init; } = [];

    /// <summary>The prompts and replies that the calls refer to, each once.</summary>
    public IReadOnlyList<CallText> Texts { get; init; } = [];

    /// <summary>Replies that did not become a report, a turn or a candidate.</summary>
    public IReadOnlyList<FailedReply> Failures { get; init; } = [];
}
