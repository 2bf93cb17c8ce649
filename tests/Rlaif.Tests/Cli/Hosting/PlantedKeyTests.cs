using System.Text;
using Microsoft.Extensions.Logging;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli.Hosting;

/// <summary>Keys are planted wherever a user may have them and in whatever others may say; none is found in anything that is written or sent.</summary>
public sealed class PlantedKeyTests : IDisposable
{
    private static readonly string[] Keys =
    [
        "PKPLANTED1234567890",
        "alpacaPlantedSecret0987654321",
        "sk-ant-planted-0123456789abcdef",
        "sk-planted-openai-0123456789",
        "plantedOwnVariable4711",
        "123456:plantedTelegramToken",
        "plantedOtlpHeader99887766",
        "plantedSlackPath55443322",
        "plantedUserSecret11223344",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Keys_AfterAllOfIt_AreFoundNowhere()
    {
        await using HookServer server = await HookServer.StartAsync();
        Dictionary<string, string> environment = Environment(server);
        var settings = Settings.Load(null, environment);
        var home = new HomeFolder(_folder.PathOf("home"));
        using var error = new StringWriter();
        var host = new CliHost
        {
            Out = TextWriter.Null,
            Error = error,
            Environment = environment,
        };
        SecretScrubber scrubber = KnownSecrets.Read(settings, environment);
        string spoken = $"they said: {string.Join(" and ", Keys)}, {string.Join('/', Keys)}";
        string seen;
        await using (Ledger ledger = await Ledger.OpenAsync(":memory:"))
        using (RunLog log = RunLog.Open(home, new Output(host, false, false, true), scrubber))
        using (OtlpExport.StartIfAsked(environment)!)
        {
            var halts = new HaltSwitch(ledger, TimeProvider.System);
            var state = new HealthState(halts, TimeProvider.System, scrubber);
            int port = HealthServerTests.FreePort();
            await using HealthServer health = await HealthServer.StartAsync(port, state, log.Logger);
            await using (
                Notifier notifier = await Notifier.StartAsync(
                    HookSettings.Read(settings, environment),
                    ledger,
                    home,
                    scrubber,
                    TimeProvider.System,
                    log.Logger
                )
            )
            {
                using (RlaifTelemetry.Job("planted_test"))
                {
                    log.Logger.LogError(new InvalidOperationException(spoken), "A job failed: {Text}", spoken);
                }

                state.JobEnded("planted_test", DateTimeOffset.UnixEpoch, JobTelemetry.Failed, spoken);
                await halts.SwitchAsync(true, spoken, flatten: false, TestContext.Current.CancellationToken);
                notifier.Alarm(spoken);
            }

            using var http = new HttpClient();
            using HttpResponseMessage reply = await http.GetAsync($"http://localhost:{port}/health");
            seen = await reply.Content.ReadAsStringAsync() + await http.GetStringAsync($"http://localhost:{port}/metrics");
        }

        Assert.Contains("halted", seen, StringComparison.Ordinal);
        // Hooks and collector heard of it; their paths are the secrets themselves, their bodies hold none.
        string[] paths = [.. server.Posts.Select(p => p.Path).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "/bot123456:plantedTelegramToken/sendMessage",
                "/otlp/v1/metrics",
                "/otlp/v1/traces",
                "/services/plantedSlackPath55443322",
            ],
            paths
        );
        string all =
            string.Concat(server.Posts.Select(p => Encoding.Latin1.GetString(p.Bytes)))
            + seen
            + error
            + string.Concat(Directory.GetFiles(home.Root, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        Assert.Contains("they said", all, StringComparison.Ordinal);
        Assert.Contains("rlaif.jobs", all, StringComparison.Ordinal);
        Assert.All(Keys, k => Assert.DoesNotContain(k, all, StringComparison.Ordinal));
        Assert.DoesNotContain("lanted0", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch("planted(?!_test)[A-Z-]", all);
    }

    private Dictionary<string, string> Environment(HookServer server)
    {
        _folder.Write(".microsoft/usersecrets/rlaif/secrets.json", $$"""{"SOMETHING":"{{Keys[8]}}"}""");
        return new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["HOME"] = _folder.Root,
            ["APCA_API_KEY_ID"] = Keys[0],
            ["APCA_API_SECRET_KEY"] = Keys[1],
            ["ANTHROPIC_API_KEY"] = Keys[2],
            ["OPENAI_API_KEY"] = Keys[3],
            ["RLAIF__Models__Manager__KeyVariable"] = "MY_OWN_KEY",
            ["MY_OWN_KEY"] = Keys[4],
            ["RLAIF_TELEGRAM_TOKEN"] = Keys[5],
            ["RLAIF__Notify__Telegram__ChatId"] = "42",
            ["RLAIF__Notify__Telegram__BaseUrl"] = server.BaseUrl,
            ["RLAIF__Notify__Slack__Url"] = $"{server.BaseUrl}/services/{Keys[7]}",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"{server.BaseUrl}/otlp",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"api-key={Keys[6]}",
        };
    }
}
