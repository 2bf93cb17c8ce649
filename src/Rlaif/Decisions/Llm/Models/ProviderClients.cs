using System.ClientModel;
using System.ClientModel.Primitives;
using Anthropic;
using Microsoft.Extensions.AI;
using OpenAI;

namespace Rlaif.Decisions.Llm.Models;

/// <summary>Makes the clients of the providers' own libraries. Time-outs, errors and retries are ours, so theirs are off.</summary>
internal static class ProviderClients
{
    /// <summary>Anthropic's Messages API.</summary>
    public const string Claude = "claude";

    /// <summary>OpenAI's chat API and every server that speaks it.</summary>
    public const string OpenAi = "openai";

    private const string NoKey = "none";
    private const string ApiVersion = "/v1";

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>The names of the providers.</summary>
    public static IReadOnlyList<string> Names { get; } = [Claude, OpenAi];

    /// <summary>The environment variable that usually holds the key of a provider.</summary>
    public static string UsualKeyVariable(string provider) => provider == Claude ? "ANTHROPIC_API_KEY" : "OPENAI_API_KEY";

    /// <summary>Where the API of a model is. It is always passed on, so that no environment variable sends a key elsewhere.</summary>
    public static Uri Address(ModelOptions options) =>
        options.BaseUrl ?? new Uri(options.Provider == Claude ? "https://api.anthropic.com" : "https://api.openai.com/v1");

    /// <summary>Makes a client.</summary>
    /// <param name="options">The model.</param>
    /// <param name="key">The key; null for a server that needs none.</param>
    /// <param name="errors">Describes what goes wrong.</param>
    /// <param name="clock">Measures time-outs.</param>
    /// <param name="network">What sends requests; null for the real network.</param>
    public static IChatClient Create(
        ModelOptions options,
        string? key,
        CallErrors errors,
        TimeProvider clock,
        HttpMessageHandler? network = null
    )
    {
        HttpMessageHandler wire =
            network
            ?? new SocketsHttpHandler
            {
                // A redirect would carry prompts to an address that nobody configured.
                AllowAutoRedirect = false,
                PooledConnectionLifetime = ConnectionLifetime,
            };
        var handler = new ProviderHandler(wire, errors, key is not null, TimeSpan.FromSeconds(options.TimeoutSeconds), clock);
        var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        IChatClient client = options.Provider == Claude ? CreateClaude(options, key, http) : CreateOpenAi(options, key, http);
        return new OwningChatClient(client, http);
    }

    private static IChatClient CreateClaude(ModelOptions options, string? key, HttpClient http)
    {
        string address = Address(options).AbsoluteUri.TrimEnd('/');
        return new AnthropicClient
        {
            ApiKey = key ?? NoKey,
            // The library adds the version itself.
            BaseUrl = address.EndsWith(ApiVersion, StringComparison.Ordinal) ? address[..^ApiVersion.Length] : address,
            HttpClient = http,
            MaxRetries = 0,
            Timeout = Timeout.InfiniteTimeSpan,
        }.AsIChatClient(options.Model);
    }

    private static IChatClient CreateOpenAi(ModelOptions options, string? key, HttpClient http) => new OpenAIClient(
            new ApiKeyCredential(key ?? NoKey),
            new OpenAIClientOptions
            {
                Endpoint = Address(options),
                NetworkTimeout = Timeout.InfiniteTimeSpan,
                RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
                Transport = new HttpClientPipelineTransport(http),
            }
        ).GetChatClient(options.Model).AsIChatClient();

    // The libraries' clients leave the connections open.
    private sealed class OwningChatClient(IChatClient inner, HttpClient http) : DelegatingChatClient(inner)
    {
        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                http.Dispose();
            }
        }
    }
}
