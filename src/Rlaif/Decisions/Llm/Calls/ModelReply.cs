using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>What a language model answered. Untrusted until it has been validated.</summary>
public sealed record ModelReply
{
    /// <summary>Name of the reply in a recording.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The assistant's message with all its contents (text, tool calls, reasoning that has to be sent back).</summary>
    public required ChatMessage Message { get; init; }

    /// <summary>Why the model stopped.</summary>
    public required ReplyEnd End { get; init; }

    /// <summary>Tokens.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>Whether it came from a recording.</summary>
    public required bool Replayed { get; init; }

    /// <summary>The text.</summary>
    public string Text => Message.Text;
}
