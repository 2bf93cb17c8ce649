using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rlaif.Decisions.Llm;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>OpenAI's chat completions, after the public documentation; servers that are compatible with it speak the same.</summary>
internal sealed class OpenAiWire : IModelWire
{
    private const long Created = 1_735_689_600; // a fixed time, so that replies are the same in every run

    public string Path => "/v1/chat/completions";

    public string BasePath => "/v1";

    public string? Key(IHeaderDictionary headers) => WireText.Bearer(headers);

    public (ModelServerRequest? Request, WireError? Error) Read(int index, JsonElement body, IHeaderDictionary headers) =>
        OpenAiChecks.Fault(body) is var (message, parameter)
            ? (null, new WireError(StatusCodes.Status400BadRequest, "invalid_request_error", message, parameter))
            : (Request(index, body, headers), null);

    public WireError Error(int status, string? type, ModelServerRequest? request, string? key)
    {
        string model = request?.Model ?? "unknown";
        WireError error = status switch
        {
            400 => new(
                status,
                "invalid_request_error",
                "This model's maximum context length is 128000 tokens. However, your messages resulted in 128001 tokens.",
                "messages",
                "context_length_exceeded"
            ),
            401 when key is null => new(
                status,
                "invalid_request_error",
                "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
                    + "(i.e. Authorization: Bearer YOUR_KEY)."
            ),
            401 => new(
                status,
                "invalid_request_error",
                $"Incorrect API key provided: {Masked(key)}. You can find your API key at https://platform.openai.com/account/api-keys.",
                null,
                "invalid_api_key"
            ),
            403 => new(
                status,
                "request_forbidden",
                "Country, region, or territory not supported",
                null,
                "unsupported_country_region_territory"
            ),
            404 when request is null => new(status, "invalid_request_error", "Invalid URL", null, null),
            404 => new(
                status,
                "invalid_request_error",
                $"The model `{model}` does not exist or you do not have access to it.",
                null,
                "model_not_found"
            ),
            413 => new(status, "invalid_request_error", "Request too large.", null, "request_too_large"),
            429 => new(
                status,
                "requests",
                $"Rate limit reached for {model} in organization org-local on requests per min (RPM): Limit 3, Used 3, Requested 1.",
                null,
                "rate_limit_exceeded"
            ),
            503 or 529 => new(
                status,
                "service_unavailable_error",
                "The engine is currently overloaded, please try again later",
                null,
                null
            ),
            >= 500 => new(
                status,
                "server_error",
                "The server had an error while processing your request. Sorry about that!",
                null,
                null
            ),
            _ => new(status, "invalid_request_error", "Bad request", null, null),
        };
        return type is null ? error : error with { Type = type, Code = type };
    }

    public JsonObject ErrorBody(WireError error, string requestId) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["message"] = error.Message,
                ["type"] = error.Type,
                ["param"] = error.Parameter,
                ["code"] = error.Code,
            },
        };

    public string ErrorFrame(WireError error, string requestId) => Frame(ErrorBody(error, requestId));

    public JsonObject Body(ModelServerRequest request, ModelServerReply reply)
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = reply.Stop == ModelServerStop.Refusal || reply.Calls.Count > 0 ? null : reply.Content,
            ["refusal"] = reply.Stop == ModelServerStop.Refusal ? reply.Content : null,
            ["annotations"] = new JsonArray(),
        };
        if (reply.Reasoning is { } reasoning)
        {
            message["reasoning_content"] = reasoning;
        }
        if (reply.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([
                .. reply.Calls.Select((c, i) => (JsonNode)Call(request, i, c.Name, c.Arguments)),
            ]);
        }
        JsonObject body = Envelope(request, "chat.completion");
        body["choices"] = new JsonArray(
            new JsonObject
            {
                ["index"] = 0,
                ["message"] = message,
                ["logprobs"] = null,
                ["finish_reason"] = FinishReason(reply.Stop),
            }
        );
        body["usage"] = Usage(WireText.Usage(request, reply), reply);
        return body;
    }

    public IEnumerable<string> Frames(ModelServerRequest request, ModelServerReply reply)
    {
        bool usage = request.Body.Get("stream_options")?.Flag("include_usage") == true;
        string Chunk(JsonObject delta, string? finish = null)
        {
            JsonObject chunk = Envelope(request, "chat.completion.chunk");
            chunk["choices"] = new JsonArray(
                new JsonObject
                {
                    ["index"] = 0,
                    ["delta"] = delta,
                    ["logprobs"] = null,
                    ["finish_reason"] = finish,
                }
            );
            if (usage)
            {
                chunk["usage"] = null;
            }
            return Frame(chunk);
        }
        foreach (JsonObject delta in Deltas(request, reply))
        {
            yield return Chunk(delta);
        }
        if (reply.Fault != ModelServerFault.None)
        {
            yield break;
        }
        yield return Chunk([], FinishReason(reply.Stop));
        if (usage)
        {
            JsonObject last = Envelope(request, "chat.completion.chunk");
            last["choices"] = new JsonArray();
            last["usage"] = Usage(WireText.Usage(request, reply), reply);
            yield return Frame(last);
        }
        yield return "data: [DONE]\n\n";
    }

    public void SetHeaders(IHeaderDictionary headers, string requestId, TimeSpan? retryAfter)
    {
        headers["x-request-id"] = requestId;
        headers["openai-organization"] = "org-local";
        headers["openai-processing-ms"] = "12";
        headers["openai-version"] = "2020-10-01";
        foreach (string limit in (string[])["requests", "tokens"])
        {
            headers[$"x-ratelimit-limit-{limit}"] = "4000";
            headers[$"x-ratelimit-remaining-{limit}"] = retryAfter is null ? "3999" : "0";
            headers[$"x-ratelimit-reset-{limit}"] = $"{retryAfter?.TotalMilliseconds ?? 0}ms";
        }
        if (retryAfter is { } wait)
        {
            headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
            headers["retry-after-ms"] = $"{Math.Ceiling(wait.TotalMilliseconds)}";
        }
    }

    private static ModelServerRequest Request(int index, JsonElement body, IHeaderDictionary headers)
    {
        JsonElement? format = body.Get("response_format");
        return new ModelServerRequest
        {
            Index = index,
            Model = body.String("model")!,
            System = string.Join('\n', body.Items("messages").Where(IsSystem).Select(Text)),
            Messages = Conversation(body),
            SchemaName = format?.Get("json_schema")?.String("name"),
            Schema = format?.Get("json_schema")?.Get("schema"),
            JsonObject = format?.String("type") == "json_object",
            Tools =
            [
                .. body.Items("tools")
                    .Select(t => t.Get("function").GetValueOrDefault())
                    .Select(f => new ModelServerTool(
                        f.String("name") ?? "",
                        f.String("description") ?? "",
                        f.Get("parameters").GetValueOrDefault()
                    )),
            ],
            Temperature = body.Number("temperature"),
            MaxTokens = (int?)(body.Number("max_completion_tokens") ?? body.Number("max_tokens")),
            Stream = body.Flag("stream"),
            Body = body,
            HeaderNames = [.. headers.Keys.Select(k => k.ToLowerInvariant()).Order()],
        };
    }

    private static List<ModelServerMessage> Conversation(JsonElement body)
    {
        var messages = new List<ModelServerMessage>();
        foreach (JsonElement message in body.Items("messages").Where(m => !IsSystem(m)))
        {
            string role = message.String("role")!;
            if (role != "tool")
            {
                messages.Add(
                    new ModelServerMessage(role, Text(message))
                    {
                        ToolCalls = [.. message.Items("tool_calls").Select(Call)],
                        Thinking = message.String("reasoning_content"),
                    }
                );
                continue;
            }
            var result = new ModelServerToolResult(message.String("tool_call_id") ?? "", Text(message));
            if (messages is [.., { Role: "tool" } last])
            {
                messages[^1] = last with { ToolResults = [.. last.ToolResults, result] };
            }
            else
            {
                messages.Add(new ModelServerMessage(role, "") { ToolResults = [result] });
            }
        }
        return messages;
    }

    private static IEnumerable<JsonObject> Deltas(ModelServerRequest request, ModelServerReply reply)
    {
        bool calls = reply.Calls.Count > 0;
        yield return new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = calls ? null : "",
            ["refusal"] = null,
        };
        foreach (string piece in WireText.Pieces(reply.Reasoning ?? ""))
        {
            yield return new JsonObject { ["reasoning_content"] = piece };
        }
        foreach (string piece in WireText.Pieces(WireText.Sent(reply)))
        {
            yield return new JsonObject { [reply.Stop == ModelServerStop.Refusal ? "refusal" : "content"] = piece };
        }
        foreach (((string name, string arguments), int index) in reply.Calls.Select((c, i) => (c, i)))
        {
            JsonObject opening = Call(request, index, name, "");
            opening["index"] = index;
            yield return new JsonObject { ["tool_calls"] = new JsonArray(opening) };
            foreach (string piece in WireText.Pieces(arguments))
            {
                var part = new JsonObject
                {
                    ["index"] = index,
                    ["function"] = new JsonObject { ["arguments"] = piece },
                };
                yield return new JsonObject { ["tool_calls"] = new JsonArray(part) };
            }
        }
    }

    private static JsonObject Call(ModelServerRequest request, int index, string name, string arguments) =>
        new()
        {
            ["id"] = $"call_{request.Index:D6}_{index}",
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
        };

    private static ModelServerToolCall Call(JsonElement call)
    {
        JsonElement function = call.Get("function").GetValueOrDefault();
        return new ModelServerToolCall(
            call.String("id") ?? "",
            function.String("name") ?? "",
            function.String("arguments") ?? ""
        );
    }

    private static JsonObject Envelope(ModelServerRequest request, string kind) =>
        new()
        {
            ["id"] = $"chatcmpl-{request.Index:D6}",
            ["object"] = kind,
            ["created"] = Created,
            ["model"] = request.Model,
            ["service_tier"] = "default",
            ["system_fingerprint"] = "fp_local",
        };

    private static JsonObject Usage(TokenUsage usage, ModelServerReply reply) =>
        new()
        {
            ["prompt_tokens"] = usage.Input,
            ["completion_tokens"] = usage.Output,
            ["total_tokens"] = usage.Input + usage.Output,
            ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.CachedInput, ["audio_tokens"] = 0 },
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = reply.ReasoningTokens,
                ["audio_tokens"] = 0,
                ["accepted_prediction_tokens"] = 0,
                ["rejected_prediction_tokens"] = 0,
            },
        };

    private static string FinishReason(ModelServerStop stop) =>
        stop switch
        {
            ModelServerStop.ToolUse => "tool_calls",
            ModelServerStop.MaxTokens => "length",
            ModelServerStop.Filter => "content_filter",
            _ => "stop",
        };

    private static bool IsSystem(JsonElement message) => message.String("role") is "system" or "developer";

    private static string Text(JsonElement message) =>
        message.String("content")
        ?? string.Join('\n', message.Items("content").Where(p => p.String("type") == "text").Select(p => p.String("text")));

    // The real API repeats the ends of the key that it refuses; who prints its message prints a part of the key.
    private static string Masked(string key)
    {
        (int head, int tail) = key.Length <= 12 ? (5, 3) : (8, 4);
        return key.Length < 8 ? new string('*', key.Length) : $"{key[..head]}***{key[^tail..]}";
    }

    private static string Frame(JsonObject data) => $"data: {WireText.Json(data)}\n\n";
}
