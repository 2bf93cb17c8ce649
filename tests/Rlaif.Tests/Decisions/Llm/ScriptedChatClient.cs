using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm;

/// <summary>A chat client whose answers a test writes. It keeps what it was asked.</summary>
internal sealed class ScriptedChatClient(Func<IReadOnlyList<ChatMessage>, ChatOptions, ChatResponse> answer) : IChatClient
{
    private readonly ConcurrentQueue<(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)> _asked = new();

    public ScriptedChatClient(Func<IReadOnlyList<ChatMessage>, ChatOptions, string> answer)
        : this((messages, options) => Reply(answer(messages, options))) { }

    public IReadOnlyCollection<(IReadOnlyList<ChatMessage> Messages, ChatOptions Options)> Asked => _asked;

    public static ChatResponse Reply(string text) =>
        new(new ChatMessage(ChatRole.Assistant, text))
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 1000, OutputTokenCount = 200 },
        };

    /// <summary>A roster in which every role is served by this client.</summary>
    public ModelRoster Roster(bool takesTemperature = false, string model = "scripted")
    {
        var options = new ModelOptions { Provider = "openai", Model = model };
        var card = new ModelCard
        {
            Provider = options.Provider,
            Model = options.Model,
            InputUsd = 1,
            OutputUsd = 5,
            TakesTemperature = takesTemperature,
        };
        return new ModelRoster(Enum.GetValues<ModelRole>().ToDictionary(r => r, _ => new ModelSetup(options, card, () => this)));
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ChatMessage> asked = [.. messages];
        _asked.Enqueue((asked, options ?? new ChatOptions()));
        return Task.FromResult(answer(asked, options ?? new ChatOptions()));
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        ChatResponse response = await GetResponseAsync(messages, options, cancellationToken);
        foreach (ChatResponseUpdate update in response.ToChatResponseUpdates())
        {
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose() { }
}
