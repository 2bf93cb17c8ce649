using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Rlaif.Tests.Decisions.Llm.Calls;

/// <summary>A chat client whose stream a test writes part by part: it may wait, break off or heed cancellation in between.</summary>
internal sealed class StreamedChatClient(
    Func<IReadOnlyList<ChatMessage>, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> stream
) : IChatClient
{
    private int _asked;

    /// <summary>Calls begun.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>Answers once a test lets it.</summary>
    public static StreamedChatClient Waiting(Task until, Func<IReadOnlyList<ChatMessage>, ChatResponse> answer) =>
        new((messages, token) => AfterAsync(until, () => answer(messages), token));

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    ) => GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        Interlocked.Increment(ref _asked);
        return stream([.. messages], cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }

    private static async IAsyncEnumerable<ChatResponseUpdate> AfterAsync(
        Task until,
        Func<ChatResponse> answer,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await until.WaitAsync(cancellationToken);
        foreach (ChatResponseUpdate update in answer().ToChatResponseUpdates())
        {
            yield return update;
        }
    }
}
