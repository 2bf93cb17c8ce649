using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

public sealed class ModelRosterTests
{
    private const string Key = "sk-ant-api03-PLANTED0123456789abcdefghijKEY";

    private static readonly ModelOptions Opus = new() { Provider = "claude", Model = "claude-opus-5-5" };

    private readonly List<ScriptedNetwork> _networks = [];

    [Fact]
    public void Create_ManyMistakes_AreAllSaidAtOnceWithTheirRoles()
    {
        var options = new Dictionary<ModelRole, ModelOptions>
        {
            [ModelRole.Manager] = Opus with { Provider = "gemini", TimeoutSeconds = 0, Retries = 99 },
            [ModelRole.Risk] = Opus with { Model = "", Concurrency = 0, Effort = "extreme" },
            [ModelRole.Judge] = Opus with { BaseUrl = new Uri("ftp://example.com") },
            [ModelRole.Bull] = Opus with { BaseUrl = new Uri("https://user:secret-in-url@example.com/?k=1") },
        };
        string message = Assert
            .Throws<RlaifInputException>(() => ModelRoster.Create(options, _ => null, ModelTable.Load(), TimeProvider.System))
            .Message;
        Assert.Contains("Manager: There is no provider 'gemini'. There are: claude, openai.", message, StringComparison.Ordinal);
        Assert.Contains("Manager: TimeoutSeconds must be from 1 to 3600.", message, StringComparison.Ordinal);
        Assert.Contains("Manager: Retries must be from 0 to 20.", message, StringComparison.Ordinal);
        Assert.Contains("Risk: The Model field is required.", message, StringComparison.Ordinal);
        Assert.Contains("Risk: Concurrency must be from 1 to 256.", message, StringComparison.Ordinal);
        Assert.Contains("Risk: Effort must be low, medium or high.", message, StringComparison.Ordinal);
        Assert.Contains("Judge: BaseUrl must begin with http:// or https://.", message, StringComparison.Ordinal);
        Assert.Contains("Bull: BaseUrl must hold no key", message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-in-url", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        ModelRole.Manager,
        "claude",
        null,
        "The manager needs a key for claude: set the environment variable ANTHROPIC_API_KEY."
    )]
    [InlineData(
        ModelRole.Risk,
        "openai",
        null,
        "The risk analyst needs a key for openai: set the environment variable OPENAI_API_KEY."
    )]
    [InlineData(
        ModelRole.Bear,
        "openai",
        "DEEP_KEY",
        "The bear researcher needs a key for openai: set the environment variable DEEP_KEY."
    )]
    public void CreateClient_NoKey_IsOneLineWithTheVariable(ModelRole role, string provider, string? variable, string said)
    {
        foreach (string? value in new[] { null, "", "  " })
        {
            using ModelRoster roster = Create((role, Opus with { Provider = provider, KeyVariable = variable }), value);
            Assert.Equal(said, Assert.Throws<RlaifInputException>(() => roster[role].CreateClient()).Message);
        }
    }

    [Theory]
    [InlineData("sk-ant-PLANTED\nsecond line")]
    [InlineData("sk-ant-PLANTED key")]
    [InlineData("sk-ant-PLANTEDö")]
    public void CreateClient_NoPossibleKey_IsSaidWithoutIt(string value)
    {
        using ModelRoster roster = Create((ModelRole.Manager, Opus), value);
        string message = Assert.Throws<RlaifInputException>(() => roster[ModelRole.Manager].CreateClient()).ToString();
        Assert.Contains("ANTHROPIC_API_KEY", message, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude", null, "https://api.anthropic.com/v1/messages")]
    [InlineData("claude", "https://proxy.example/v1/", "https://proxy.example/v1/messages")]
    [InlineData("claude", "https://proxy.example/anthropic", "https://proxy.example/anthropic/v1/messages")]
    [InlineData("openai", null, "https://api.openai.com/v1/chat/completions")]
    [InlineData("openai", "http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions")]
    [InlineData("openai", "https://api.deepseek.com", "https://api.deepseek.com/chat/completions")]
    public async Task CreateClient_Address_IsWhereTheRequestGoesWithTheTrimmedKey(
        string provider,
        string? baseUrl,
        string address
    )
    {
        var options = new ModelOptions
        {
            Provider = provider,
            Model = "m",
            BaseUrl = baseUrl is null ? null : new Uri(baseUrl),
        };
        using ModelRoster roster = Create((ModelRole.Manager, options), $"  {Key}\n");
        await AskAsync(roster, ModelRole.Manager);
        (Uri asked, System.Net.Http.Headers.HttpRequestHeaders headers, _) = Assert.Single(_networks[0].Requests);
        Assert.Equal(address, asked.AbsoluteUri);
        Assert.Equal(Key, headers.Authorization?.Parameter ?? headers.GetValues("x-api-key").Single());
    }

    [Theory]
    [InlineData("claude")]
    [InlineData("openai")]
    public async Task CreateClient_LoopbackWithoutKey_SendsNone(string provider)
    {
        var options = new ModelOptions
        {
            Provider = provider,
            Model = "m",
            BaseUrl = new Uri("http://127.0.0.1:1234/v1"),
        };
        using ModelRoster roster = Create((ModelRole.Manager, options), null);
        await AskAsync(roster, ModelRole.Manager);
        System.Net.Http.Headers.HttpRequestHeaders headers = Assert.Single(_networks[0].Requests).Headers;
        Assert.Null(headers.Authorization);
        Assert.False(headers.Contains("x-api-key"));
    }

    [Fact]
    public void CreateClient_SameModelAddressAndKey_ShareOneClient()
    {
        using ModelRoster roster = Create(
            Key,
            (ModelRole.Risk, Opus),
            (ModelRole.Technical, Opus with { Effort = "low", MaxOutputTokens = 100 }),
            (ModelRole.Manager, Opus with { Model = "claude-fable-5-1" }),
            (ModelRole.Judge, Opus with { BaseUrl = new Uri("https://proxy.example") }),
            (ModelRole.Bull, Opus with { KeyVariable = "OTHER_KEY" })
        );
        Assert.Same(roster[ModelRole.Risk].CreateClient(), roster[ModelRole.Risk].CreateClient());
        Assert.Same(roster[ModelRole.Risk].CreateClient(), roster[ModelRole.Technical].CreateClient());
        ModelRole[] distinct = [ModelRole.Risk, ModelRole.Manager, ModelRole.Judge, ModelRole.Bull];
        Assert.Equal(4, distinct.Select(r => roster[r].CreateClient()).Distinct().Count());
    }

    [Fact]
    public async Task CreateClient_SharedModelWithDifferentLimits_TheLowerHoldsForAll()
    {
        var clock = new FakeTimeProvider();
        using ModelRoster roster = Create(
            Key,
            clock,
            (ModelRole.Risk, Opus with { RequestsPerMinute = 2, Retries = 1 }),
            (ModelRole.Technical, Opus with { RequestsPerMinute = 50, Retries = 2 }),
            (ModelRole.Manager, Opus with { Retries = 3 })
        );
        await AskAsync(roster, ModelRole.Technical);
        await AskAsync(roster, ModelRole.Manager);
        Task third = AskAsync(roster, ModelRole.Risk);
        Assert.False(third.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(1));
        await third;
        Assert.Equal(3, _networks.Sum(n => n.Requests.Count));
    }

    [Fact]
    public void Create_KeyInPlaceOfItsVariable_IsRefusedWithoutShowingIt()
    {
        const string key = "sk-ant-api03-PLANTED0123456789";
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            Create(null, (ModelRole.Manager, Opus with { KeyVariable = key }))
        );
        Assert.Contains("KeyVariable", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("PLANTED", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_NothingAsked_TouchesNeitherKeyNorNetwork()
    {
        var options = new Dictionary<ModelRole, ModelOptions> { [ModelRole.Manager] = Opus };
        using ModelRoster roster = ModelRoster.Create(
            options,
            _ => throw new InvalidOperationException("A replay reads no key."),
            ModelTable.Load(),
            TimeProvider.System
        );
        Assert.Equal("claude-opus-5-5", roster[ModelRole.Manager].Card.Model);
    }

    [Fact]
    public void Dispose_ClosesTheConnections()
    {
        ModelRoster roster = Create((ModelRole.Manager, Opus), Key);
        roster[ModelRole.Manager].CreateClient();
        roster.Dispose();
        roster.Dispose();
        Assert.True(Assert.Single(_networks).Disposed);
        Assert.Throws<ObjectDisposedException>(() => roster[ModelRole.Manager].CreateClient());
    }

    [Fact]
    public void Card_OwnValues_ComeBeforeTheTable()
    {
        ModelOptions own = Opus with
        {
            InputUsdPerMillion = 1,
            KnowledgeCutoff = new DateOnly(2020, 1, 1),
            Schema = SchemaSupport.Prompt,
        };
        using ModelRoster roster = Create(Key, (ModelRole.Manager, own), (ModelRole.Judge, Opus));
        ModelCard table = ModelTable.Load().Find("claude", "claude-opus-5-5")!;
        ModelCard card = roster[ModelRole.Manager].Card;
        Assert.Equal(
            (1.0, table.OutputUsd, null, null),
            (card.InputUsd, card.OutputUsd, card.CachedInputUsd, card.CacheWriteUsd)
        );
        Assert.Equal(new DateOnly(2020, 1, 1), card.KnowledgeCutoff);
        Assert.Equal(SchemaSupport.Prompt, card.Schema);
        Assert.Equal(table, roster[ModelRole.Judge].Card);
    }

    [Fact]
    public void Card_UnknownModel_HasNoPricesAndTakesATemperatureOnlyOnOtherServers()
    {
        using ModelRoster roster = Create(
            Key,
            (
                ModelRole.Risk,
                new ModelOptions
                {
                    Provider = "openai",
                    Model = "llama3",
                    BaseUrl = new Uri("http://localhost:11434/v1"),
                }
            ),
            (ModelRole.Manager, new ModelOptions { Provider = "openai", Model = "gpt-99" })
        );
        Assert.True(roster[ModelRole.Risk].Card.TakesTemperature);
        Assert.False(roster[ModelRole.Manager].Card.TakesTemperature);
        Assert.Null(roster[ModelRole.Risk].Card.WorstCaseUsd(1, 1));
        Assert.Null(roster[ModelRole.Manager].Card.KnowledgeCutoff);
    }

    private static async Task AskAsync(ModelRoster roster, ModelRole role) =>
        await roster[role].CreateClient().GetResponseAsync("hello", cancellationToken: TestContext.Current.CancellationToken);

    private ModelRoster Create((ModelRole Role, ModelOptions Options) setup, string? key) => Create(key, setup);

    private ModelRoster Create(string? key, params (ModelRole Role, ModelOptions Options)[] setups) =>
        Create(key, TimeProvider.System, setups);

    private ModelRoster Create(string? key, TimeProvider clock, params (ModelRole Role, ModelOptions Options)[] setups) =>
        ModelRoster.Create(
            setups.ToDictionary(s => s.Role, s => s.Options),
            _ => key,
            ModelTable.Load(),
            clock,
            () =>
            {
                bool claude = setups[0].Options.Provider == "claude";
                var network = new ScriptedNetwork(_ =>
                    ScriptedNetwork.Stream(claude ? ScriptedNetwork.ClaudeReply() : ScriptedNetwork.OpenAiReply())
                );
                _networks.Add(network);
                return network;
            }
        );
}
