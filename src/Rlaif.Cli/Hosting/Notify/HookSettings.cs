namespace Rlaif.Cli;

/// <summary>
/// The section <c>notify</c> of the settings: who is told. Addresses of Slack and Discord are secrets, so user secrets of the same names do as well, and no message
/// repeats one.
/// </summary>
internal static class HookSettings
{
    /// <summary>The environment variable, or user secret, of Telegram's bot token.</summary>
    public const string TelegramToken = "RLAIF_TELEGRAM_TOKEN";

    private const string GenericUrl = "notify:generic:url";
    private const string SlackUrl = "notify:slack:url";
    private const string DiscordUrl = "notify:discord:url";
    private const string TelegramChat = "notify:telegram:chat_id";
    private const string TelegramUrl = "notify:telegram:base_url";
    private const string TelegramHost = "https://api.telegram.org";

    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } = [GenericUrl, SlackUrl, DiscordUrl, TelegramChat, TelegramUrl];

    /// <summary>The hooks that are set up; none when nobody is to be told.</summary>
    /// <exception cref="RlaifInputException">An address is none, or not private on its way; Telegram's token is missing.</exception>
    public static IReadOnlyList<Hook> Read(Settings settings, IReadOnlyDictionary<string, string> environment)
    {
        UserSecrets secrets = UserSecrets.Load(environment);
        string? Value(string key) =>
            settings[key] is { Length: > 0 } set ? set
            : secrets[key] is { Length: > 0 } secret ? secret
            : null;

        var hooks = new List<Hook>();
        if (Value(GenericUrl) is { } generic)
        {
            hooks.Add(Hook.Generic(Address(generic, GenericUrl)));
        }

        if (Value(SlackUrl) is { } slack)
        {
            hooks.Add(Hook.Slack(Address(slack, SlackUrl)));
        }

        if (Value(DiscordUrl) is { } discord)
        {
            hooks.Add(Hook.Discord(Address(discord, DiscordUrl)));
        }

        if (Value(TelegramChat) is { } chat)
        {
            string? token = environment.GetValueOrDefault(TelegramToken) is { Length: > 0 } set ? set : secrets[TelegramToken];
            Uri host = Address(Value(TelegramUrl) ?? TelegramHost, TelegramUrl);
            hooks.Add(Hook.Telegram(new Uri(host, $"/bot{Checked(token?.Trim())}/sendMessage"), chat));
        }

        return hooks;
    }

    private static Uri Address(string text, string key) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? address)
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            ? address
            : throw new RlaifInputException(
                $"Setting {key} must be an address that begins with https:// (http:// on this machine only). It is not shown here: it may be a secret."
            );

    // Digits, a colon, letters: nothing that would lead to another path.
    private static string Checked(string? token) =>
        token is { Length: > 0 } && token.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_')
            ? token
            : throw new RlaifInputException(
                $"Telegram needs the token of a bot: set {TelegramToken} in the environment or in the user secrets (letters, digits, ':', '-', '_')."
            );
}
