using System.Text.Json;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>One line of a recording: a reply and the name of what it answers. The prompt is not in it; the ledger has it.</summary>
internal sealed record RecordedCall
{
    private static readonly JsonSerializerOptions Json = Create();

    /// <summary>Name of the call; <see cref="CallFingerprint"/>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Who asked.</summary>
    public required ModelRole Role { get; init; }

    /// <summary>What it was about, for people who read the file.</summary>
    public required string Subject { get; init; }

    /// <summary>Provider.</summary>
    public required string Provider { get; init; }

    /// <summary>Model as configured.</summary>
    public required string Model { get; init; }

    /// <summary>Why the model stopped.</summary>
    public required ReplyEnd End { get; init; }

    /// <summary>Tokens as the provider counted them.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The contents of the message; <see cref="ReplyContents"/>.</summary>
    public required JsonElement Contents { get; init; }

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is no recorded call.</exception>
    internal static RecordedCall Parse(ReadOnlySpan<byte> line)
    {
        RecordedCall call = JsonSerializer.Deserialize<RecordedCall>(line, Json) ?? throw new JsonException("the line is null");
        _ = ReplyContents.Restore(call.Contents);
        return call;
    }

    /// <summary>The line, with its line feed.</summary>
    internal byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Json), (byte)'\n'];

    /// <summary>The reply as it is handed out.</summary>
    internal ModelReply ToReply(bool replayed) =>
        new()
        {
            Fingerprint = Fingerprint,
            Message = ReplyContents.Restore(Contents),
            End = End,
            Usage = Usage,
            Replayed = replayed,
        };

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(RlaifJson.Compact) { MaxDepth = ReplyContents.MaxDepth };
        options.MakeReadOnly();
        return options;
    }
}
