using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>What came of a question.</summary>
/// <param name="Value">The reply; null when it could not be used, which is then kept as a failure.</param>
/// <param name="CallId">The last call.</param>
/// <param name="Messages">The conversation that led to the reply, without repairs and in messages of text only.</param>
internal sealed record Answer<T>(T? Value, string CallId, IReadOnlyList<ChatMessage> Messages)
    where T : class;
