using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>What a role is asked for one purpose, and how its reply is read.</summary>
internal sealed record Question<T>
    where T : class
{
    /// <summary>Who is asked.</summary>
    internal required ModelRole Role { get; init; }

    /// <summary>What for: <c>opening</c>, <c>round 1</c>, <c>candidate 2</c>.</summary>
    internal required string Purpose { get; init; }

    /// <summary>Place of the purpose among those of the role.</summary>
    internal required int Order { get; init; }

    /// <summary>The system prompt.</summary>
    internal required string System { get; init; }

    /// <summary>Name and hash of the prompt files.</summary>
    internal required string PromptVersion { get; init; }

    /// <summary>The conversation up to the question.</summary>
    internal required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The shape of the reply.</summary>
    internal required ReplySchema Schema { get; init; }

    /// <summary>What may be cited; results of tools are added.</summary>
    internal required Citations Citations { get; init; }

    /// <summary>Reads the reply.</summary>
    internal required Func<ReplyReader, T> Read { get; init; }

    /// <summary>The reply in words, for showing it.</summary>
    internal required Func<T, string> Say { get; init; }

    /// <summary>Tools that may be called; null for none.</summary>
    internal ToolBox? Tools { get; init; }

    /// <summary>Sampling temperature, where the model takes one; null leaves it to the provider. Default 0.</summary>
    internal double? Temperature { get; init; } = 0;

    /// <summary>Tells apart questions that are otherwise the same.</summary>
    internal int Sample { get; init; }

    /// <summary>How a candidate was made to differ; null for other purposes.</summary>
    internal CandidateVariety? Variety { get; init; }
}
