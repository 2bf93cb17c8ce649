using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rlaif.Cli;

/// <summary>Somewhere to send notices to, and the shape in which it takes them. Its address may be a secret: it is in no text.</summary>
internal sealed class Hook
{
    // Slack cuts off at 40,000, Discord refuses more than 2,000, Telegram more than 4,096; nobody reads more.
    private const int SlackLimit = 4_000;
    private const int DiscordLimit = 2_000;
    private const int TelegramLimit = 4_096;

    // More than a few are summed up before they are listed.
    private const int Few = 5;
    private const int MostInMessage = 1_000;

    private readonly Func<IReadOnlyList<Notice>, JsonObject> _body;

    private Hook(string name, Uri address, int mostAtOnce, Func<IReadOnlyList<Notice>, JsonObject> body) =>
        (Name, Address, MostAtOnce, _body) = (name, address, mostAtOnce, body);

    /// <summary>What it is called in settings, logs and the file of positions.</summary>
    public string Name { get; }

    /// <summary>Where to post.</summary>
    public Uri Address { get; }

    /// <summary>Notices that go into one message.</summary>
    public int MostAtOnce { get; }

    /// <summary>JSON for programs: <c>{event, at, symbol, text, data}</c>, one notice a message.</summary>
    public static Hook Generic(Uri address) => new("generic", address, 1, notices => Event(notices[0]));

    /// <summary>An incoming webhook of Slack: <c>{text}</c>, with &amp;, &lt; and &gt; escaped, which Slack reads as links and mentions otherwise.</summary>
    public static Hook Slack(Uri address) =>
        new(
            "slack",
            address,
            MostInMessage,
            // Cut before escaping, so that no escape is cut; what escaping adds is far below Slack's own limit.
            notices => new JsonObject { ["text"] = Escaped(Message(notices, SlackLimit)) }
        );

    /// <summary>A webhook of Discord: <c>{content}</c>, which mentions nobody whatever it says.</summary>
    public static Hook Discord(Uri address) =>
        new(
            "discord",
            address,
            MostInMessage,
            notices => new JsonObject
            {
                ["content"] = Message(notices, DiscordLimit),
                ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
            }
        );

    /// <summary>A bot of Telegram: <c>{chat_id, text}</c>, plain text.</summary>
    public static Hook Telegram(Uri address, string chatId) =>
        new(
            "telegram",
            address,
            MostInMessage,
            notices => new JsonObject { ["chat_id"] = chatId, ["text"] = Message(notices, TelegramLimit) }
        );

    /// <summary>The body of the message that tells these notices, one or more and at most <see cref="MostAtOnce"/>.</summary>
    public JsonObject Body(IReadOnlyList<Notice> notices) => _body(notices);

    /// <summary>Never the address.</summary>
    public override string ToString() => Name;

    private static JsonObject Event(Notice notice) =>
        JsonSerializer
            .SerializeToNode(
                new
                {
                    notice.Event,
                    notice.At,
                    notice.Symbol,
                    notice.Text,
                    notice.Data,
                },
                RlaifJson.Compact
            )!
            .AsObject();

    private static string Escaped(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Message(IReadOnlyList<Notice> notices, int limit)
    {
        var text = new StringBuilder();
        if (notices.Count > Few)
        {
            IEnumerable<string> counts = notices.CountBy(n => n.Event).Select(c => $"{c.Value} {c.Key}");
            text.Append(CultureInfo.InvariantCulture, $"rlaif: {notices.Count} events ({string.Join(", ", counts)})");
        }

        for (int i = 0; i < notices.Count; i++)
        {
            string line = notices.Count > Few ? $"\n{notices[i].Text}" : $"{(i == 0 ? "" : "\n")}rlaif: {notices[i].Text}";
            string rest = $"\nand {notices.Count - i} more";
            bool isLast = i == notices.Count - 1;
            if (text.Length + line.Length + (isLast ? 0 : rest.Length) > limit)
            {
                return text.Length == 0 ? Cut(line, limit) : text.Append(rest).ToString();
            }

            text.Append(line);
        }

        return text.ToString();
    }

    // Never through the middle of a character.
    private static string Cut(string text, int limit) =>
        text[..(char.IsHighSurrogate(text[limit - 2]) ? limit - 2 : limit - 1)] + "…";
}
