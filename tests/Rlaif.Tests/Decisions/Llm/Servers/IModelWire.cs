using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>One protocol: how requests are read and replies are written.</summary>
internal interface IModelWire
{
    /// <summary>The only path that is served.</summary>
    string Path { get; }

    /// <summary>What a client is given as the address of the API, behind host and port.</summary>
    string BasePath { get; }

    /// <summary>The key that the client sent, in the header where this protocol has it; null for none.</summary>
    string? Key(IHeaderDictionary headers);

    /// <summary>Reads a request. A body or header that the provider would refuse gives the refusal instead.</summary>
    (ModelServerRequest? Request, WireError? Error) Read(int index, JsonElement body, IHeaderDictionary headers);

    /// <summary>The error of a status, as documented.</summary>
    WireError Error(int status, string? type, ModelServerRequest? request, string? key);

    /// <summary>The body of an error.</summary>
    JsonObject ErrorBody(WireError error, string requestId);

    /// <summary>An error in the middle of a stream, as a frame.</summary>
    string ErrorFrame(WireError error, string requestId);

    /// <summary>The body of a reply that does not stream.</summary>
    JsonObject Body(ModelServerRequest request, ModelServerReply reply);

    /// <summary>
    /// The frames of a reply that streams. Where the reply has a fault they end behind the last character that is sent before it.
    /// </summary>
    IEnumerable<string> Frames(ModelServerRequest request, ModelServerReply reply);

    /// <summary>Headers that every response carries, and those of a refused one.</summary>
    void SetHeaders(IHeaderDictionary headers, string requestId, TimeSpan? retryAfter);
}

/// <summary>An error of a provider.</summary>
internal sealed record WireError(int Status, string Type, string Message, string? Parameter = null, string? Code = null);
