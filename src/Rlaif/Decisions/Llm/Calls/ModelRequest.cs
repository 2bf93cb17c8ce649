using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>One question to a language model.</summary>
public sealed record ModelRequest
{
    /// <summary>Who asks; decides on model and limits.</summary>
    public required ModelRole Role { get; init; }

    /// <summary>What it is about, for progress and errors; never sent: <c>AAPL 2024-06-28 manager, candidate 2</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The system prompt.</summary>
    public required string System { get; init; }

    /// <summary>The conversation; the last message is the user's or holds tool results.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>What the reply must look like; null for plain text.</summary>
    public ReplySchema? Schema { get; init; }

    /// <summary>Tools that may be called; we execute them.</summary>
    public IReadOnlyList<AIFunctionDeclaration> Tools { get; init; } = [];

    /// <summary>Sampling temperature; null leaves it to the provider. Ignored, and not part of the fingerprint, where the model takes none.</summary>
    public double? Temperature { get; init; }

    /// <summary>Tells apart questions that are otherwise the same.</summary>
    public int Sample { get; init; }
}
