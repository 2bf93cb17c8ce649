using System.ClientModel;
using System.Net;
using Anthropic.Exceptions;
using Microsoft.Extensions.AI;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>What the official SDKs throw when a server refuses, and how to read status and waiting time from it.</summary>
public sealed class SdkErrorTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(7);

    public static TheoryData<int, Type, string> AnthropicErrors =>
        new()
        {
            { 400, typeof(AnthropicBadRequestException), "invalid_request_error" },
            { 401, typeof(AnthropicUnauthorizedException), "authentication_error" },
            { 403, typeof(AnthropicForbiddenException), "permission_error" },
            { 404, typeof(AnthropicNotFoundException), "not_found_error" },
            { 413, typeof(AnthropicContentTooLargeException), "request_too_large" },
            { 429, typeof(AnthropicRateLimitException), "rate_limit_error" },
            { 500, typeof(Anthropic5xxException), "api_error" },
            { 503, typeof(AnthropicServiceUnavailableException), "api_error" },
            { 529, typeof(AnthropicOverloadedException), "overloaded_error" },
        };

    [Theory]
    [MemberData(nameof(AnthropicErrors))]
    public async Task Anthropic_EveryStatus_HasItsException(int status, Type expected, string type)
    {
        await using FakeModelServer server = await Refusing(ModelProtocol.Anthropic, status);
        foreach (bool stream in (bool[])[false, true])
        {
            Exception thrown = await Thrown(server, ModelProtocol.Anthropic, stream);

            var exception = Assert.IsAssignableFrom<AnthropicApiException>(thrown);
            Assert.IsType(expected, thrown);
            Assert.Equal((HttpStatusCode)status, exception.StatusCode);
            Assert.Contains($"\"type\":\"{type}\"", exception.ResponseBody, StringComparison.Ordinal);
            Assert.StartsWith("req_", exception.RequestID, StringComparison.Ordinal);
        }
        Assert.Equal(2, server.Received);
    }

    [Theory]
    [InlineData(400, "context_length_exceeded")]
    [InlineData(401, "invalid_api_key")]
    [InlineData(403, "unsupported_country_region_territory")]
    [InlineData(404, "model_not_found")]
    [InlineData(413, "request_too_large")]
    [InlineData(429, "rate_limit_exceeded")]
    [InlineData(500, "server_error")]
    [InlineData(503, "service_unavailable_error")]
    [InlineData(529, "service_unavailable_error")]
    public async Task OpenAi_EveryStatus_IsAClientResultExceptionWithHeaders(int status, string code)
    {
        await using FakeModelServer server = await Refusing(ModelProtocol.OpenAi, status);
        foreach (bool stream in (bool[])[false, true])
        {
            var exception = Assert.IsType<ClientResultException>(await Thrown(server, ModelProtocol.OpenAi, stream));

            Assert.Equal(status, exception.Status);
            Assert.Contains(code, exception.Message, StringComparison.Ordinal);
            Assert.True(exception.GetRawResponse()!.Headers.TryGetValue("retry-after", out string? wait));
            Assert.Equal("7", wait);
            Assert.True(exception.GetRawResponse()!.Headers.TryGetValue("retry-after-ms", out string? milliseconds));
            Assert.Equal("7000", milliseconds);
        }
        Assert.Equal(2, server.Received);
    }

    [Fact]
    public async Task OpenAi_WrongKey_IsRepeatedInPartByTheMessage()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            _ => ModelServerReply.Empty()
        );
        IChatClient client = ModelClients.Create(server, ModelProtocol.OpenAi, "sk-planted-0123456789-secret");
        var exception = await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync("Hello"));

        Assert.Contains("Incorrect API key provided: sk-plant***cret.", exception.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Server_ThatIsGone_IsAnExceptionOfTheConnection(ModelProtocol protocol, bool stream)
    {
        FakeModelServer server = await Refusing(protocol, 500);
        await server.DisposeAsync();
        Exception thrown = await Thrown(server, protocol, stream);

        Assert.IsType<HttpRequestException>(thrown.InnerException);
        if (protocol == ModelProtocol.Anthropic)
        {
            Assert.IsType<AnthropicIOException>(thrown);
        }
        else
        {
            Assert.Equal(0, Assert.IsType<ClientResultException>(thrown).Status);
        }
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Handler_InTheClient_SeesTheWaitAndTheFlowOfItsCaller(ModelProtocol protocol, bool stream)
    {
        await using FakeModelServer server = await Refusing(protocol, 429);
        var seen = new List<string>();
        WaitReader.Seen.Value = seen;
        IChatClient client = ModelClients.Create(server, protocol, handler: new WaitReader(_ => null));
        await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(stream, "Hello"));

        Assert.Equal(["7"], seen);
    }

    [Theory]
    [MemberData(nameof(ProtocolData.Calls), MemberType = typeof(ProtocolData))]
    public async Task Handler_ThatThrows_IsHeardByTheCallerAsItIs(ModelProtocol protocol, bool stream)
    {
        await using FakeModelServer server = await Refusing(protocol, 429);
        var handler = new WaitReader(wait => new InvalidDataException($"wait {wait}"));
        IChatClient client = ModelClients.Create(server, protocol, handler: handler);
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => client.AskAsync(stream, "Hello"));

        Assert.Equal("wait 7", thrown.Message);
    }

    private static Task<FakeModelServer> Refusing(ModelProtocol protocol, int status) =>
        FakeModelServer.StartAsync(protocol, _ => ModelServerReply.Error(status, Wait));

    private static async Task<Exception> Thrown(FakeModelServer server, ModelProtocol protocol, bool stream) =>
        await Assert.ThrowsAnyAsync<Exception>(() => ModelClients.Create(server, protocol).AskAsync(stream, "Hello"));

    private sealed class WaitReader(Func<string, Exception?> failure) : DelegatingHandler
    {
        public static readonly AsyncLocal<List<string>?> Seen = new();

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
            string wait = response.Headers.RetryAfter!.ToString();
            Seen.Value?.Add(wait);
            return failure(wait) is { } exception ? throw exception : response;
        }
    }
}
