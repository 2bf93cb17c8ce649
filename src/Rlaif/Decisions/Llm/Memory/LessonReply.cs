using System.Text.Json;
using System.Text.Json.Serialization;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Memory;

/// <summary>What a model made of the facts of a settled context; parsed strictly.</summary>
internal sealed record LessonReply
{
    private const int MaxPattern = 200;
    private const int MaxAdvice = 400;
    private const int MaxReply = 20_000;
    private const string Fence = "```";

    /// <summary>The shape of the reply in words, for prompts and repairs.</summary>
    internal static readonly string Shape =
        $"Reply with one JSON object and nothing else: {{\"pattern\": the situation in general terms, 1 to {MaxPattern} characters, \"advice\": what to do in such a situation, 1 to {MaxAdvice} characters}}.";

    private static readonly JsonSerializerOptions Strict = new(RlaifJson.Compact)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
    };

    /// <summary>The shape of the reply as a schema. Lengths stand in the descriptions: not every provider takes them as limits.</summary>
    internal static ReplySchema Schema { get; } =
        new(
            "lesson",
            JsonSerializer.SerializeToElement(
                new
                {
                    type = "object",
                    properties = new
                    {
                        pattern = Property($"The situation in general terms, at most {MaxPattern} characters."),
                        advice = Property($"What to do in such a situation, at most {MaxAdvice} characters."),
                    },
                    required = (string[])["pattern", "advice"],
                    additionalProperties = false,
                }
            )
        );

    /// <summary>The situation in general terms, on one line.</summary>
    public required string Pattern { get; init; }

    /// <summary>What to do in such a situation, on one line.</summary>
    public required string Advice { get; init; }

    /// <summary>Reads a reply; null, with what is wrong, when it is not exactly of the shape.</summary>
    internal static LessonReply? Parse(string text, out string problem)
    {
        if (text.Length > MaxReply)
        {
            problem = $"The reply has {text.Length} characters; at most {MaxReply} are read.";
            return null;
        }

        try
        {
            LessonReply reply = JsonSerializer.Deserialize<LessonReply>(WithoutFence(text), Strict) ?? throw new JsonException();
            reply = new LessonReply
            {
                Pattern = Headlines.Clean(reply.Pattern, MaxReply),
                Advice = Headlines.Clean(reply.Advice, MaxReply),
            };
            problem = string.Join(
                ' ',
                Wrong("pattern", reply.Pattern, MaxPattern).Concat(Wrong("advice", reply.Advice, MaxAdvice))
            );
            return problem.Length == 0 ? reply : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // The parser's own message names our types and is of no use to a model; half a surrogate pair is an invalid argument.
            problem = "The reply is not one JSON object with exactly the texts \"pattern\" and \"advice\".";
            return null;
        }
    }

    private static object Property(string description) => new { type = "string", description };

    private static IEnumerable<string> Wrong(string name, string text, int max) =>
        text.Length == 0 ? [$"\"{name}\" is empty."]
        : text.Length > max ? [$"\"{name}\" has {text.Length} characters; at most {max} are allowed."]
        : [];

    private static string WithoutFence(string text)
    {
        string trimmed = text.Trim();
        int firstLine = trimmed.IndexOf('\n', StringComparison.Ordinal);
        return
            trimmed.StartsWith(Fence, StringComparison.Ordinal)
            && firstLine > 0
            && trimmed.Length >= firstLine + Fence.Length
            && trimmed.EndsWith(Fence, StringComparison.Ordinal)
            ? trimmed[firstLine..^Fence.Length]
            : trimmed;
    }
}
