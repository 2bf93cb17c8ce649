using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>Anthropic's Messages API, version 2023-06-01, after its public documentation.</summary>
internal sealed class AnthropicWire : IModelWire
{
    /// <summary>Signature of all reasoning; a client has to send it back unchanged.</summary>
    public const string Signature = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds";

    public string Path => "/v1/messages";

    public string BasePath => "";

    // The documented header is x-api-key; the official SDK sends the key as a bearer token, which is taken as well.
    public string? Key(IHeaderDictionary headers) => headers["x-api-key"].FirstOrDefault() ?? WireText.Bearer(headers);

    public (ModelServerRequest? Request, WireError? Error) Read(int index, JsonElement body, IHeaderDictionary headers)
    {
        if (string.IsNullOrEmpty(headers["anthropic-version"]))
        {
            return (null, Invalid("anthropic-version: header is required"));
        }
        return AnthropicChecks.Fault(body) is { } fault ? (null, Invalid(fault)) : (Request(index, body, headers), null);
    }

    public WireError Error(int status, string? type, ModelServerRequest? request, string? key)
    {
        (string usual, string message) = status switch
        {
            400 => ("invalid_request_error", "messages: prompt is too long: 200001 tokens > 200000 maximum"),
            401 => ("authentication_error", key is null ? "x-api-key header is required" : "invalid x-api-key"),
            402 => ("billing_error", "Your credit balance is too low to access the Anthropic API."),
            403 => ("permission_error", "Your API key does not have permission to use the specified resource."),
            404 => ("not_found_error", request is null ? "Not Found" : $"model: {request.Model}"),
            413 => ("request_too_large", "Request exceeds the maximum size"),
            429 => ("rate_limit_error", "This request would exceed your organization's rate limit. Please try again later."),
            504 => ("timeout_error", "Request timed out"),
            529 => ("overloaded_error", "Overloaded"),
            >= 500 => ("api_error", "Internal server error"),
            _ => ("invalid_request_error", "Bad request"),
        };
        return new WireError(status, type ?? usual, message);
    }

    public JsonObject ErrorBody(WireError error, string requestId) =>
        new()
        {
            ["type"] = "error",
            ["error"] = new JsonObject { ["type"] = error.Type, ["message"] = error.Message },
            ["request_id"] = requestId,
        };

    public string ErrorFrame(WireError error, string requestId) => Frame(ErrorBody(error, requestId));

    public JsonObject Body(ModelServerRequest request, ModelServerReply reply)
    {
        JsonObject message = Message(request, WireText.Usage(request, reply), reply);
        message["content"] = new JsonArray([.. Blocks(request, reply).Select(b => (JsonNode)b.Whole)]);
        message["stop_reason"] = StopReason(reply.Stop);
        message["stop_details"] = StopDetails(reply.Stop);
        return message;
    }

    public IEnumerable<string> Frames(ModelServerRequest request, ModelServerReply reply)
    {
        TokenUsage usage = WireText.Usage(request, reply);
        JsonObject message = Message(request, usage with { Output = 1 }, reply);
        yield return Frame(new JsonObject { ["type"] = "message_start", ["message"] = message });
        int index = 0;
        foreach (AnthropicBlock block in Blocks(request, reply))
        {
            yield return Frame(Event("content_block_start", index, "content_block", block.Start));
            if (index == 0)
            {
                yield return Frame(new JsonObject { ["type"] = "ping" });
            }
            foreach (JsonObject delta in block.Deltas)
            {
                yield return Frame(Event("content_block_delta", index, "delta", delta));
            }
            if (reply.Fault != ModelServerFault.None && block.IsContent)
            {
                yield break;
            }
            yield return Frame(new JsonObject { ["type"] = "content_block_stop", ["index"] = index++ });
        }
        yield return Frame(Ending(reply, usage));
        yield return Frame(new JsonObject { ["type"] = "message_stop" });
    }

    public void SetHeaders(IHeaderDictionary headers, string requestId, TimeSpan? retryAfter)
    {
        headers["request-id"] = requestId;
        headers["anthropic-organization-id"] = "a1b2c3d4-0000-4000-8000-000000000000";
        foreach (string limit in (string[])["requests", "tokens", "input-tokens", "output-tokens"])
        {
            headers[$"anthropic-ratelimit-{limit}-limit"] = "4000";
            headers[$"anthropic-ratelimit-{limit}-remaining"] = retryAfter is null ? "3999" : "0";
            headers[$"anthropic-ratelimit-{limit}-reset"] = "2030-01-01T00:00:00Z";
        }
        if (retryAfter is { } wait)
        {
            headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
        }
    }

    private static ModelServerRequest Request(int index, JsonElement body, IHeaderDictionary headers)
    {
        JsonElement? format = body.Get("output_config")?.Get("format") ?? body.Get("output_format");
        return new ModelServerRequest
        {
            Index = index,
            Model = body.String("model")!,
            System = Text(body.Get("system")),
            Messages = [.. body.Items("messages").Select(Message)],
            Schema = format?.Get("schema"),
            Tools =
            [
                .. body.Items("tools")
                    .Select(t => new ModelServerTool(
                        t.String("name") ?? "",
                        t.String("description") ?? "",
                        t.Get("input_schema").GetValueOrDefault()
                    )),
            ],
            Temperature = body.Number("temperature"),
            MaxTokens = (int?)body.Number("max_tokens"),
            Stream = body.Flag("stream"),
            Body = body,
            HeaderNames = [.. headers.Keys.Select(k => k.ToLowerInvariant()).Order()],
        };
    }

    private static ModelServerMessage Message(JsonElement message)
    {
        ModelServerToolResult[] results =
        [
            .. message
                .Items("content")
                .Where(b => b.String("type") == "tool_result")
                .Select(b => new ModelServerToolResult(
                    b.String("tool_use_id") ?? "",
                    Text(b.Get("content")),
                    b.Flag("is_error")
                )),
        ];
        JsonElement[] thinking = [.. message.Items("content").Where(b => b.String("type") == "thinking")];
        return new ModelServerMessage(results.Length > 0 ? "tool" : message.String("role")!, Text(message.Get("content")))
        {
            ToolResults = results,
            ToolCalls =
            [
                .. message
                    .Items("content")
                    .Where(b => b.String("type") == "tool_use")
                    .Select(b => new ModelServerToolCall(b.String("id")!, b.String("name")!, b.Get("input")!.Value.GetRawText())),
            ],
            Thinking = thinking is [var first, ..] ? first.String("thinking") : null,
            Signature = thinking is [var one, ..] ? one.String("signature") : null,
        };
    }

    private static string Text(JsonElement? content) =>
        content switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Array } blocks => string.Join(
                '\n',
                blocks.EnumerateArray().Where(b => b.String("type") == "text").Select(b => b.String("text"))
            ),
            _ => "",
        };

    private static IEnumerable<AnthropicBlock> Blocks(ModelServerRequest request, ModelServerReply reply)
    {
        if (reply.Reasoning is { } thinking)
        {
            yield return AnthropicBlock.Thinking(thinking, Signature);
        }
        if (reply.Content.Length > 0 || reply.Fault != ModelServerFault.None)
        {
            yield return AnthropicBlock.Text(WireText.Sent(reply));
        }
        foreach (((string name, string arguments), int index) in reply.Calls.Select((c, i) => (c, i)))
        {
            yield return AnthropicBlock.ToolUse($"toolu_{request.Index:D6}_{index}", name, arguments);
        }
    }

    private static JsonObject Message(ModelServerRequest request, TokenUsage usage, ModelServerReply reply) =>
        new()
        {
            ["id"] = $"msg_{request.Index:D6}",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = request.Model,
            ["content"] = new JsonArray(),
            ["stop_reason"] = null,
            ["stop_sequence"] = null,
            ["stop_details"] = null,
            ["usage"] = Usage(usage, reply),
        };

    private static JsonObject Usage(TokenUsage usage, ModelServerReply reply)
    {
        var json = new JsonObject
        {
            ["input_tokens"] = usage.Input - usage.CachedInput - usage.CacheWrite,
            ["cache_creation_input_tokens"] = usage.CacheWrite,
            ["cache_read_input_tokens"] = usage.CachedInput,
            ["output_tokens"] = usage.Output,
        };
        if (reply.ReasoningTokens > 0)
        {
            json["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = reply.ReasoningTokens };
        }
        return json;
    }

    private static JsonObject Ending(ModelServerReply reply, TokenUsage usage)
    {
        var delta = new JsonObject { ["stop_reason"] = StopReason(reply.Stop), ["stop_sequence"] = null };
        if (StopDetails(reply.Stop) is { } details)
        {
            delta["stop_details"] = details;
        }
        return new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = delta,
            ["usage"] = Usage(usage, reply),
        };
    }

    private static string StopReason(ModelServerStop stop) =>
        stop switch
        {
            ModelServerStop.ToolUse => "tool_use",
            ModelServerStop.MaxTokens => "max_tokens",
            ModelServerStop.Refusal or ModelServerStop.Filter => "refusal",
            _ => "end_turn",
        };

    private static JsonObject? StopDetails(ModelServerStop stop) =>
        stop is ModelServerStop.Refusal or ModelServerStop.Filter
            ? new JsonObject
            {
                ["type"] = "refusal",
                ["category"] = null,
                ["explanation"] = "This request was declined.",
            }
            : null;

    private static WireError Invalid(string message) => new(StatusCodes.Status400BadRequest, "invalid_request_error", message);

    private static JsonObject Event(string type, int index, string name, JsonObject part) =>
        new()
        {
            ["type"] = type,
            ["index"] = index,
            [name] = part,
        };

    private static string Frame(JsonObject data) => $"event: {data["type"]}\ndata: {WireText.Json(data)}\n\n";
}
