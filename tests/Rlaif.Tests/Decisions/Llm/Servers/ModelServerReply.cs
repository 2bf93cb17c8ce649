using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What a local model server answers: a reply, an error, or a reply on which something goes wrong half-way.</summary>
internal sealed record ModelServerReply
{
    private ModelServerReply() { }

    public string Content { get; private init; } = "";

    public string? Reasoning { get; private init; }

    public IReadOnlyList<(string Name, string Arguments)> Calls { get; private init; } = [];

    public ModelServerStop Stop { get; private init; }

    /// <summary>Tokens; null counts four characters as one.</summary>
    public TokenUsage? Usage { get; init; }

    /// <summary>Of the output: reasoning.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>HTTP status; all but 200 carry the documented error body.</summary>
    public int Status { get; private init; } = 200;

    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>Type of the error; null for the documented one of the status.</summary>
    public string? ErrorType { get; private init; }

    /// <summary>What goes wrong on the way.</summary>
    public ModelServerFault Fault { get; private init; }

    /// <summary>Characters of the content that are sent before it goes wrong.</summary>
    public int FaultAfter { get; private init; }

    /// <summary>Time before the first byte, on top of the server's own.</summary>
    public TimeSpan Latency { get; private init; }

    /// <summary>Time before each part of a stream.</summary>
    public TimeSpan Pace { get; private init; }

    public static ModelServerReply Text(string text) => new() { Content = text };

    public static ModelServerReply ToolCall(string name, string argumentsJson) => ToolCalls((name, argumentsJson));

    public static ModelServerReply ToolCalls(params IReadOnlyList<(string Name, string Arguments)> calls) =>
        new() { Calls = calls, Stop = ModelServerStop.ToolUse };

    /// <summary>Reasoning, then a reply. The OpenAI server sends it as <c>reasoning_content</c>, as compatible servers do.</summary>
    public static ModelServerReply ThinkingThen(string thinking, ModelServerReply reply) => reply with { Reasoning = thinking };

    /// <summary>
    /// The model declines. Anthropic: <c>stop_reason</c> <c>refusal</c> behind what was already said; OpenAI: the text is in the field
    /// <c>refusal</c> and the finish reason is <c>stop</c>.
    /// </summary>
    public static ModelServerReply Refusal(string text) => new() { Content = text, Stop = ModelServerStop.Refusal };

    /// <summary>A filter of the provider cuts the reply. OpenAI: <c>content_filter</c>; Anthropic: as a refusal.</summary>
    public static ModelServerReply Filtered(string text) => new() { Content = text, Stop = ModelServerStop.Filter };

    /// <summary>The limit of output tokens is reached.</summary>
    public static ModelServerReply Cut(string text) => new() { Content = text, Stop = ModelServerStop.MaxTokens };

    /// <summary>A finished reply without content.</summary>
    public static ModelServerReply Empty() => new();

    public static ModelServerReply Error(int status, TimeSpan? retryAfter = null, string? type = null) =>
        new()
        {
            Status = status,
            RetryAfter = retryAfter,
            ErrorType = type,
        };

    /// <summary>The connection is cut in mid-reply.</summary>
    public static ModelServerReply BrokenStream(string text, int afterCharacters) =>
        Faulty(text, afterCharacters, ModelServerFault.Break);

    /// <summary>The server falls silent in mid-reply until the client leaves.</summary>
    public static ModelServerReply Stalled(string text, int afterCharacters) =>
        Faulty(text, afterCharacters, ModelServerFault.Stall);

    /// <summary>A stream that had begun well ends with an error event; without streaming the error is the whole reply.</summary>
    public static ModelServerReply ErrorInStream(string text, int afterCharacters, int status = 529, string? type = null) =>
        Faulty(text, afterCharacters, ModelServerFault.Error) with
        {
            Status = status,
            ErrorType = type,
        };

    /// <summary>A stream that had begun well ends in good order, but early, as behind some proxies. Without streaming the reply is whole.</summary>
    public static ModelServerReply EndedEarly(string text, int afterCharacters) =>
        Faulty(text, afterCharacters, ModelServerFault.End);

    /// <summary>The next event, or the body, is not JSON.</summary>
    public static ModelServerReply MalformedStream(string text = "", int afterCharacters = 0) =>
        Faulty(text, afterCharacters, ModelServerFault.Malformed);

    /// <summary>The reply comes late.</summary>
    public static ModelServerReply Slow(TimeSpan latency, ModelServerReply reply) => reply with { Latency = latency };

    /// <summary>The parts of the stream come slowly.</summary>
    public static ModelServerReply Paced(TimeSpan pace, ModelServerReply reply) => reply with { Pace = pace };

    private static ModelServerReply Faulty(string text, int afterCharacters, ModelServerFault fault) =>
        new()
        {
            Content = text,
            Fault = fault,
            FaultAfter = Math.Min(afterCharacters, text.Length),
        };
}

/// <summary>Why the model stopped.</summary>
internal enum ModelServerStop
{
    End,
    ToolUse,
    MaxTokens,
    Refusal,
    Filter,
}

/// <summary>What goes wrong on the way.</summary>
internal enum ModelServerFault
{
    None,
    Break,
    Stall,
    Error,
    Malformed,
    End,
}
