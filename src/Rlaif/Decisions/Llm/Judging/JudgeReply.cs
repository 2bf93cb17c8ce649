using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Judging;

/// <summary>A judge's answer for one order.</summary>
internal sealed record JudgeReply(JudgeChoice Preferred, IReadOnlyDictionary<string, JudgeChoice> Principles)
{
    /// <summary>Longest reason, in UTF-16 units.</summary>
    internal const int MaxReason = 600;

    private const string Fence = "```";
    private const int ShownNames = 5;
    private const int ShownCharacters = 40;

    private static readonly string[] Fields = ["reason", "principles", "preferred"];
    private static readonly string[] Words = ["first", "second", "tie"];

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>The shape that providers are asked to keep to. The reason comes first: what is written before a choice can guide it.</summary>
    internal static ReplySchema Schema(Constitution constitution)
    {
        var principles = new JsonObject();
        foreach (string name in constitution.Principles)
        {
            principles[name] = Choice();
        }

        JsonObject shape = Shape(
            new JsonObject
            {
                ["reason"] = new JsonObject { ["type"] = "string", ["description"] = $"At most {MaxReason} characters." },
                ["principles"] = Shape(principles),
                ["preferred"] = Choice(),
            }
        );
        return new ReplySchema("judgement", JsonSerializer.SerializeToElement(shape));
    }

    /// <summary>Reads a reply strictly.</summary>
    /// <exception cref="FormatException">It is not of the shape; the message is for the model, bounded, and says what is allowed.</exception>
    internal static JudgeReply Parse(ModelReply reply, Constitution constitution)
    {
        switch (reply.End)
        {
            case ReplyEnd.Length:
                throw new FormatException("The reply was cut because it was too long. Keep the reason short.");
            case ReplyEnd.Refusal:
                throw new FormatException(
                    "The reply declines. Nothing is traded on it: compare the reasoning of the two proposals."
                );
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(WithoutFence(reply.Text), Strict);
            return Read(document.RootElement, constitution);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // Half a surrogate pair is an invalid argument, and in an escape, where it is found only when the text is read, an invalid operation.
            throw new FormatException("The reply is not one JSON object without repeated fields.", e);
        }
    }

    private static JudgeReply Read(JsonElement root, Constitution constitution)
    {
        RequireFields(root, "the reply", Fields);
        JsonElement reason = root.GetProperty("reason");
        string? said = reason.ValueKind == JsonValueKind.String ? reason.GetString() : null;
        if (string.IsNullOrWhiteSpace(said) || said.Length > MaxReason)
        {
            throw new FormatException($"reason must be a text of 1 to {MaxReason} characters.");
        }

        JsonElement principles = root.GetProperty("principles");
        RequireFields(principles, "principles", constitution.Principles);
        return new JudgeReply(
            ChoiceOf(root.GetProperty("preferred"), "preferred"),
            constitution.Principles.ToDictionary(p => p, p => ChoiceOf(principles.GetProperty(p), p), StringComparer.Ordinal)
        );
    }

    private static void RequireFields(JsonElement element, string what, IReadOnlyList<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{what} must be a JSON object.");
        }

        string[] found = [.. element.EnumerateObject().Select(p => p.Name)];
        if (found.Length != names.Count || names.Except(found, StringComparer.Ordinal).Any())
        {
            string shown = string.Join(", ", found.Take(ShownNames).Select(Short));
            throw new FormatException(
                $"{what} must have exactly the fields {string.Join(", ", names)}; it has {(found.Length == 0 ? "none" : shown)}"
                    + $"{(found.Length > ShownNames ? $" and {found.Length - ShownNames} more" : "")}."
            );
        }
    }

    private static JudgeChoice ChoiceOf(JsonElement element, string name)
    {
        int index = element.ValueKind == JsonValueKind.String ? Array.IndexOf(Words, element.GetString()) : -1;
        return index >= 0
            ? (JudgeChoice)index
            : throw new FormatException($"{name} must be one of {string.Join(", ", Words)}, not {Short(element.GetRawText())}.");
    }

    // A fence around the whole reply is what many models add; nothing else is forgiven.
    private static string WithoutFence(string text)
    {
        string trimmed = text.Trim();
        int start = trimmed.IndexOf('\n', StringComparison.Ordinal);
        return
            trimmed.StartsWith(Fence, StringComparison.Ordinal)
            && trimmed.EndsWith(Fence, StringComparison.Ordinal)
            && start > 0
            && start < trimmed.Length - Fence.Length
            ? trimmed[start..^Fence.Length]
            : trimmed;
    }

    private static string Short(string text) => Headlines.Clean(text, ShownCharacters);

    private static JsonObject Choice() =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. Words.Select(w => (JsonNode)w)]) };

    private static JsonObject Shape(JsonObject properties) =>
        new()
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. properties.Select(p => (JsonNode)p.Key)]),
            ["additionalProperties"] = false,
        };
}
