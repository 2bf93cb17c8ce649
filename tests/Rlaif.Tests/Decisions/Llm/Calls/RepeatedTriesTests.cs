using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Calls;

/// <summary>What is booked when a call takes several tries, through the providers' own clients.</summary>
public sealed class RepeatedTriesTests : IAsyncLifetime
{
    // Beyond the time-outs, and beyond the waits between two tries alone.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(5);

    private readonly VirtualClock _clock = new();
    private SpendBook _book = null!;
    private int _silent;

    public async ValueTask InitializeAsync() => _book = await SpendBook.OpenAsync(":memory:");

    public async ValueTask DisposeAsync() => await _book.DisposeAsync();

    [Theory]
    [InlineData("cut", true)]
    [InlineData("reset", true)]
    [InlineData("silent", true)]
    [InlineData("error event", true)]
    [InlineData("429", false)]
    [InlineData("500", false)]
    public async Task AskAsync_LastTryFails_IsGivenBackWhenCertainlyUnpaid(string failure, bool isReserved)
    {
        var network = new ScriptedNetwork(_ => Failing(failure));
        await using ModelGateway gateway = await OpenAsync(network, retries: 0);
        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(gateway));
        Assert.Equal(isReserved, (await _book.SummarizeAsync()).Total.ReservedUsd > 0);
        Assert.Equal((await _book.SummarizeAsync()).Total.ReservedUsd, gateway.Usage.Total.ReservedUsd);
    }

    [Theory]
    [InlineData("cut", 2)]
    [InlineData("silent", 2)]
    [InlineData("500", 0)]
    public async Task AskAsync_ReplyAfterFailures_TriesThatMayBePaidStaySetAside(string failure, int paid)
    {
        decimal one = await ReservedForOneAsync();
        var network = new ScriptedNetwork(n => n <= 2 ? Failing(failure) : Whole());
        await using ModelGateway gateway = await OpenAsync(network, retries: 3);
        await AskAsync(gateway);
        UsageFigures total = (await _book.SummarizeAsync(run: "this")).Total;
        Assert.Equal(1, total.Calls);
        Assert.Equal(paid * one, total.ReservedUsd);
        Assert.Equal(total.ReservedUsd, gateway.Usage.Total.ReservedUsd);
    }

    [Fact]
    public async Task AskAsync_NoRoomForAnotherPaidTry_IsNotTriedAgain()
    {
        decimal one = await ReservedForOneAsync();
        var network = new ScriptedNetwork(_ => Failing("cut"));
        await using ModelGateway gateway = await OpenAsync(network, retries: 6, runUsd: 2.5m * one);
        await Assert.ThrowsAsync<BudgetExceededException>(() => AskAsync(gateway));
        Assert.Equal(2, network.Requests.Count);
        Assert.Equal(2 * one, (await _book.SummarizeAsync(run: "this")).Total.ReservedUsd);
    }

    private static HttpResponseMessage Whole() => ScriptedNetwork.Stream(ScriptedNetwork.ClaudeReply());

    private HttpResponseMessage Failing(string failure)
    {
        string half = ScriptedNetwork.ClaudeStart() + ScriptedNetwork.ClaudeText("Se");
        return failure switch
        {
            "cut" => ScriptedNetwork.Stream(half),
            "reset" => ScriptedNetwork.Stream(half, new IOException("reset")),
            "silent" => ScriptedNetwork.Stream(half, hanging: true, silent: change => Interlocked.Add(ref _silent, change)),
            "error event" => ScriptedNetwork.Stream(
                half + ScriptedNetwork.Event("error", """{"type":"error","error":{"type":"overloaded_error","message":"busy"}}""")
            ),
            _ => ScriptedNetwork.Error(int.Parse(failure), """{"error":{"message":"no"}}"""),
        };
    }

    private async Task<decimal> ReservedForOneAsync()
    {
        await using ModelGateway gateway = await OpenAsync(new ScriptedNetwork(_ => Failing("cut")), retries: 0, run: "measure");
        await Assert.ThrowsAsync<ModelCallException>(() => AskAsync(gateway));
        return (await _book.SummarizeAsync(run: "measure")).Total.ReservedUsd;
    }

    private Task<ModelReply> AskAsync(ModelGateway gateway) =>
        // Whoever reads a reply that comes must not run into a time-out, however slow this machine is.
        _clock.RunAsync(
            gateway.AskAsync(CallFixture.Request()).AsTask(),
            () => Volatile.Read(ref _silent) > 0 ? Silence : BetweenTries
        );

    private async Task<ModelGateway> OpenAsync(ScriptedNetwork network, int retries, decimal? runUsd = null, string run = "this")
    {
        ModelOptions options = CallFixture.Options with { Retries = retries, InputUsdPerMillion = 1, OutputUsdPerMillion = 5 };
        var roster = ModelRoster.Create(
            new Dictionary<ModelRole, ModelOptions> { [ModelRole.Manager] = options },
            _ => "sk-ant-test-0123456789",
            ModelTable.Load(),
            _clock,
            () => network
        );
        var budget = new BudgetOptions { RunUsd = runUsd, DayUsd = null };
        ModelGateway gateway = await ModelGateway.OpenAsync(roster, LlmMode.Live, null, _book, budget, _clock);
        gateway.BeginRun(run);
        return gateway;
    }
}
