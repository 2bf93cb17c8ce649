using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Turns the text of a reply into a value or into the exact reason why not. A reply is one JSON object. Two habits of models are forgiven: a
/// leading block of thoughts in <c>think</c> tags, and one code fence around the whole rest; any other text beside the object is an error.
/// </summary>
internal static class ReplyParser
{
    private const int MaxLength = 50_000;
    private const int MaxDepth = 8;
    private const string ThoughtEnd = "</think>";

    private static readonly Regex Fence = new(
        @"\A```(?:json|JSON)?[ \t]*\n(?<body>.*)\n[ \t]*```\z",
        RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
    );

    /// <summary>Reads a reply.</summary>
    /// <param name="text">What the model wrote.</param>
    /// <param name="citations">What it may cite.</param>
    /// <param name="read">Takes the properties; its value counts only when the reader has no error afterwards.</param>
    /// <returns>The value, or the error in one line.</returns>
    internal static (T? Value, string? Error) Read<T>(string text, Citations citations, Func<ReplyReader, T> read)
        where T : class
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, "the reply is empty.");
        }

        if (text.Length > MaxLength)
        {
            return (null, $"the reply has {text.Length} characters; at most {MaxLength} are allowed.");
        }

        try
        {
            using var document = JsonDocument.Parse(Object(text), new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return (null, "the reply must be one JSON object and nothing else.");
            }

            var reader = new ReplyReader(document.RootElement, citations);
            T value = read(reader);
            return reader.Error is { } error ? (null, error) : (value, null);
        }
        catch (JsonException e)
        {
            return (
                null,
                $"the reply must be one JSON object and nothing else; it is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."
            );
        }
        // Half of a surrogate pair, raw or escaped, cannot be a character of a text.
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return (null, "the reply holds half of a surrogate pair, which is no character.");
        }
    }

    private static string Object(string text)
    {
        string reply = text.Trim().ReplaceLineEndings("\n");
        if (reply.StartsWith("<think>", StringComparison.Ordinal))
        {
            int end = reply.IndexOf(ThoughtEnd, StringComparison.Ordinal);
            reply = end < 0 ? reply : reply[(end + ThoughtEnd.Length)..].Trim();
        }

        return Fence.Match(reply) is { Success: true } fenced ? fenced.Groups["body"].Value : reply;
    }
}
