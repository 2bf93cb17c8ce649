using Microsoft.Extensions.AI;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>Lets others run before it answers, a different number of times for each question: calls end in another order than they began.</summary>
internal sealed class UnevenChatClient(IChatClient inner, int salt) : DelegatingChatClient(inner)
{
    private const int MostYields = 20;

    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ChatMessage[] asked = [.. messages];
        int yields = (asked.Sum(m => m.Text.Length) * salt) % MostYields;
        for (int i = 0; i < yields; i++)
        {
            await Task.Yield();
        }

        return await base.GetResponseAsync(asked, options, cancellationToken);
    }
}
