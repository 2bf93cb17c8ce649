using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli.Hosting;

public sealed class HookTests : IDisposable
{
    private const string Secret = "T0SECRET1234abcdXYZ";
    private static readonly Uri Address = new("https://example.org/x");
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Body_EveryShape_IsWhatItsServiceTakes()
    {
        Notice[] one = [Of("a <b> & c")];
        JsonObject generic = Hook.Generic(Address).Body(one);
        Assert.Equal(["event", "at", "symbol", "text", "data"], generic.Select(f => f.Key));
        Assert.Equal("""{"text":"rlaif: a &lt;b&gt; &amp; c"}""", Text(Hook.Slack(Address).Body(one)));
        Assert.Equal("""{"content":"rlaif: a <b> & c","allowed_mentions":{"parse":[]}}""", Text(Hook.Discord(Address).Body(one)));
        Assert.Equal("""{"chat_id":"7","text":"rlaif: a <b> & c"}""", Text(Hook.Telegram(Address, "7").Body(one)));
    }

    [Theory]
    [InlineData("discord", 2_000)]
    [InlineData("telegram", 4_096)]
    public void Body_LongText_IsCutBetweenCharacters(string name, int limit)
    {
        Hook hook = name == "discord" ? Hook.Discord(Address) : Hook.Telegram(Address, "7");
        foreach (string start in new[] { "", "x" })
        {
            JsonObject body = hook.Body([Of(start + string.Concat(Enumerable.Repeat("😀", 3_000)))]);
            string text = (string)(body["content"] ?? body["text"])!;
            Assert.InRange(text.Length, limit - 1, limit);
            Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        }
    }

    [Fact]
    public void Body_Few_AreListedAndManySummedUp()
    {
        Assert.Equal("""{"text":"rlaif: a\nrlaif: b"}""", Text(Hook.Slack(Address).Body([Of("a"), Of("b")])));
        JsonObject many = Hook.Slack(Address).Body([.. Enumerable.Range(0, 40).Select(i => Of($"line {i}"))]);
        Assert.StartsWith("rlaif: 40 events (40 fill)\nline 0\n", (string?)many["text"], StringComparison.Ordinal);
        Assert.EndsWith("\nline 39", (string?)many["text"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.org/" + Secret)]
    [InlineData("ftp://example.org/" + Secret)]
    [InlineData(Secret)]
    public void Read_AddressThatIsNotPrivate_IsRefusedAndNotRepeated(string address)
    {
        foreach (string key in new[] { "Generic", "Slack", "Discord" })
        {
            RlaifInputException e = Assert.Throws<RlaifInputException>(() => Read(($"RLAIF__Notify__{key}__Url", address)));
            Assert.Contains("https://", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, e.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_EnvironmentAndUserSecrets_GiveTheHooks()
    {
        _folder.Write(
            ".microsoft/usersecrets/rlaif/secrets.json",
            $$"""{"notify:discord:url":"https://discord.example/api/webhooks/1/{{Secret}}","RLAIF_TELEGRAM_TOKEN":"12:{{Secret}}"}"""
        );
        IReadOnlyList<Hook> hooks = Read(
            ("RLAIF__Notify__Slack__Url", $"https://hooks.slack.example/services/{Secret}"),
            ("RLAIF__Notify__Generic__Url", "http://localhost:1234/a"),
            ("RLAIF__Notify__Telegram__ChatId", "-100")
        );
        Assert.Equal(["generic", "slack", "discord", "telegram"], hooks.Select(h => h.Name));
        Assert.Equal($"https://api.telegram.org/bot12:{Secret}/sendMessage", hooks[3].Address.AbsoluteUri);
        Assert.All(hooks, h => Assert.DoesNotContain(Secret, h.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12:ab/../" + Secret)]
    public void Read_TelegramWithoutAToken_SaysWhereItGoes(string token)
    {
        RlaifInputException e = Assert.Throws<RlaifInputException>(() =>
            Read(("RLAIF__Notify__Telegram__ChatId", "1"), ("RLAIF_TELEGRAM_TOKEN", token))
        );
        Assert.Contains("RLAIF_TELEGRAM_TOKEN", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NotifyTest_SaysWhatEachAnswered()
    {
        await using HookServer server = await HookServer.StartAsync();
        server.Answer = (number, reply) => reply.StatusCode = number == 1 ? 200 : 404;
        var environment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["RLAIF__Notify__Generic__Url"] = $"{server.BaseUrl}/g",
            ["RLAIF__Notify__Slack__Url"] = $"{server.BaseUrl}/services/{Secret}",
        };
        CliRun run = await CliRun.Of(environment, "notify", "test", "--json", "--home", _folder.PathOf("home"));
        Assert.Equal(1, run.ExitCode);
        JsonElement[] hooks = [.. run.Json.GetProperty("hooks").EnumerateArray()];
        Assert.Equal([true, false], hooks.Select(h => h.GetProperty("delivered").GetBoolean()));
        Assert.Equal("404 NotFound", hooks[1].GetProperty("answer").GetString());
        Assert.Equal("test", (string?)server.Posts[0].Json["event"]);
        Assert.DoesNotContain(Secret, run.Out + run.Error, StringComparison.Ordinal);

        CliRun none = await CliRun.Of("notify", "test", "--home", _folder.PathOf("home"));
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("notify:slack:url", none.Error, StringComparison.Ordinal);
    }

    private static Notice Of(string text) => new("fill:1", Notice.Fill, DateTimeOffset.UnixEpoch, "AAPL", text, new JsonObject());

    private static string Text(JsonObject body) => body.ToJsonString(RlaifJson.Compact);

    private IReadOnlyList<Hook> Read(params (string Name, string Value)[] variables)
    {
        var environment = variables.Append(("HOME", _folder.Root)).ToDictionary(StringComparer.OrdinalIgnoreCase);
        return HookSettings.Read(Settings.Load(null, environment), environment);
    }
}
