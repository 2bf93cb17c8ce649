using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Anthropic.Core;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>The official SDKs without their retries, pointed at a local server.</summary>
internal static class ModelClients
{
    public const string Model = "local-model";

    /// <summary>A client of the server's protocol.</summary>
    public static IChatClient Create(
        FakeModelServer server,
        ModelProtocol protocol,
        string key = "test-key",
        DelegatingHandler? handler = null
    )
    {
        HttpMessageHandler sockets = new SocketsHttpHandler();
        if (handler is not null)
        {
            handler.InnerHandler = sockets;
        }
        var http = new HttpClient(handler ?? sockets) { Timeout = Timeout.InfiniteTimeSpan };
        return protocol == ModelProtocol.Anthropic ? Anthropic(server.BaseUrl, key, http) : OpenAi(server.BaseUrl, key, http);
    }

    /// <summary>Asks with or without streaming; a stream is gathered.</summary>
    public static async Task<ChatResponse> AskAsync(
        this IChatClient client,
        bool stream,
        IReadOnlyList<ChatMessage> messages,
        ChatOptions? options = null
    ) =>
        stream
            ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync()
            : await client.GetResponseAsync(messages, options);

    /// <summary>Asks one question.</summary>
    public static Task<ChatResponse> AskAsync(
        this IChatClient client,
        bool stream,
        string question,
        ChatOptions? options = null
    ) => client.AskAsync(stream, [new ChatMessage(ChatRole.User, question)], options);

    private static IChatClient Anthropic(Uri url, string key, HttpClient http) =>
        new AnthropicClient(
            new ClientOptions
            {
                ApiKey = key,
                BaseUrl = url.ToString(),
                MaxRetries = 0,
                HttpClient = http,
            }
        ).AsIChatClient(Model, 1000);

    private static IChatClient OpenAi(Uri url, string key, HttpClient http) =>
        new ChatClient(
            Model,
            new ApiKeyCredential(key),
            new OpenAIClientOptions
            {
                Endpoint = url,
                RetryPolicy = new ClientRetryPolicy(0),
                Transport = new HttpClientPipelineTransport(http),
            }
        ).AsIChatClient();
}
