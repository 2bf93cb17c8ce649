using System.Net;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Decisions.Llm.Calls;

/// <summary>What the gateway does before, during and after calls that cost money.</summary>
public sealed class BudgetTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private SpendBook _book = null!;

    public async ValueTask InitializeAsync() => _book = await SpendBook.OpenAsync(":memory:");

    public async ValueTask DisposeAsync()
    {
        await _book.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task AskAsync_LimitReached_SaysWhichAndHowToGoOn()
    {
        await using ModelGateway gateway = await OpenAsync(Answering(), new BudgetOptions { RunUsd = 0.008m });
        await gateway.AskAsync(CallFixture.Request("1"));
        BudgetExceededException error = await Assert.ThrowsAsync<BudgetExceededException>(async () =>
            await gateway.AskAsync(CallFixture.Request("2"))
        );
        Assert.Equal("budget:run_usd", error.Setting);
        string[] lines = error.Message.Split(Environment.NewLine);
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            "budget:run_usd allows $0.008 for this run; $0.002 spent and $0.00 reserved for calls without a known end.",
            lines[0]
        );
        Assert.StartsWith(
            "AAPL 2024-06-28 manager, candidate 2 was not asked: it could take up to $0.006",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.Equal("Raise budget:run_usd and run the same again: what is recorded is not paid twice.", lines[2]);
    }

    [Theory]
    [InlineData("budget:run_tokens")]
    [InlineData("budget:day_tokens")]
    [InlineData("budget:roles:manager:usd")]
    [InlineData("budget:roles:manager:tokens")]
    [InlineData("budget:day_usd")]
    public async Task AskAsync_AnyLimitTooSmall_AsksNothing(string setting)
    {
        var budget = new BudgetOptions
        {
            RunTokens = setting == "budget:run_tokens" ? 1_000 : null,
            DayTokens = setting == "budget:day_tokens" ? 1_000 : null,
            DayUsd = setting == "budget:day_usd" ? 0.001m : null,
            Roles = new Dictionary<ModelRole, RoleBudget>
            {
                [ModelRole.Manager] = new(
                    setting == "budget:roles:manager:usd" ? 0 : null,
                    setting == "budget:roles:manager:tokens" ? 0 : null
                ),
            },
        };
        ScriptedChatClient client = Answering();
        await using ModelGateway gateway = await OpenAsync(client, budget);
        BudgetExceededException error = await Assert.ThrowsAsync<BudgetExceededException>(async () =>
            await gateway.AskAsync(CallFixture.Request())
        );
        Assert.Equal(setting, error.Setting);
        Assert.Empty(client.Asked);
        if (setting.StartsWith("budget:roles", StringComparison.Ordinal))
        {
            await gateway.AskAsync(CallFixture.Request(role: ModelRole.Risk));
        }
    }

    [Fact]
    public async Task AskAsync_RoomOnlyForOneAtATime_WaitsInsteadOfRefusing()
    {
        int inFlight = 0;
        var client = new StreamedChatClient((_, _) => One());
        async IAsyncEnumerable<ChatResponseUpdate> One()
        {
            Assert.Equal(1, Interlocked.Increment(ref inFlight));
            await Task.Yield();
            Interlocked.Decrement(ref inFlight);
            var usage = new UsageDetails { InputTokenCount = 1, OutputTokenCount = 1 };
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("x"), new UsageContent(usage)]);
        }

        await using ModelGateway gateway = await OpenAsync(client, new BudgetOptions { RunUsd = 0.008m });
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => gateway.AskAsync(CallFixture.Request($"{i}")).AsTask()));
        Assert.Equal(30, client.Asked);
    }

    [Fact]
    public async Task AskAsync_WaitingForRoom_CanBeCancelled()
    {
        var until = new TaskCompletionSource();
        StreamedChatClient client = StreamedChatClient.Waiting(until.Task, _ => ScriptedChatClient.Reply("Buy."));
        await using ModelGateway gateway = await OpenAsync(client, new BudgetOptions { RunUsd = 0.008m });
        Task<ModelReply> first = gateway.AskAsync(CallFixture.Request("1")).AsTask();
        using var cancelled = new CancellationTokenSource();
        Task<ModelReply> second = gateway.AskAsync(CallFixture.Request("2"), null, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        until.SetResult();
        await first;
        Assert.Equal(0, (await _book.SummarizeAsync()).Total.ReservedUsd);
    }

    [Fact]
    public async Task AskAsync_PriceUnknownWithMoneyLimit_AsksNothing()
    {
        ScriptedChatClient client = Answering();
        ModelCard unknown = CallFixture.Card with { OutputUsd = null };
        await using ModelGateway gateway = await OpenAsync(client, new BudgetOptions { RunUsd = null, DayUsd = 1 }, unknown);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(async () =>
            await gateway.AskAsync(CallFixture.Request())
        );
        Assert.StartsWith("The price of claude model test-model is not known, so budget:day_usd cannot be kept.", error.Message);
        Assert.Contains("models:manager:input_usd_per_million", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "models:manager:output_usd_per_million (0 for a free local server)",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(client.Asked);
    }

    [Fact]
    public async Task AskAsync_PriceUnknownWithoutMoneyLimit_IsCountedAsUnpriced()
    {
        ModelCard unknown = CallFixture.Card with { InputUsd = null };
        await using ModelGateway gateway = await OpenAsync(
            Answering(),
            new BudgetOptions { RunUsd = null, DayUsd = null },
            unknown
        );
        await gateway.AskAsync(CallFixture.Request());
        Assert.Equal((1, 0m), (gateway.Usage.Total.UnpricedCalls, gateway.Usage.Total.SpentUsd));
    }

    [Fact]
    public async Task AskAsync_FreeServer_IsWithinAnyLimit()
    {
        ModelCard free = CallFixture.Card with { InputUsd = 0, OutputUsd = 0 };
        await using ModelGateway gateway = await OpenAsync(Answering(), new BudgetOptions { RunUsd = 0, DayUsd = 0 }, free);
        await gateway.AskAsync(CallFixture.Request());
        Assert.Equal(0, gateway.Usage.Total.UnpricedCalls);
    }

    [Fact]
    public async Task AskAsync_CancelledInFlight_StaysReserved()
    {
        StreamedChatClient client = StreamedChatClient.Waiting(new TaskCompletionSource().Task, _ => new ChatResponse());
        await using ModelGateway gateway = await OpenAsync(client, new BudgetOptions());
        using var cancelled = new CancellationTokenSource();
        Task<ModelReply> ask = gateway.AskAsync(CallFixture.Request(), null, cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask);
        await AssertReservedAsync(gateway, isReserved: true);
    }

    [Fact]
    public async Task AskAsync_CancelledBefore_ReservesNothing()
    {
        await using ModelGateway gateway = await OpenAsync(Answering(), new BudgetOptions());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await gateway.AskAsync(CallFixture.Request(), null, new CancellationToken(canceled: true))
        );
        await AssertReservedAsync(gateway, isReserved: false);
    }

    [Theory]
    [InlineData("status", false)]
    [InlineData("unreachable", false)]
    [InlineData("refused by us", false)]
    [InlineData("wrapped status", false)]
    [InlineData("reset", true)]
    [InlineData("time-out", true)]
    [InlineData("wrapped time-out", true)]
    [InlineData("unknown", true)]
    public async Task AskAsync_FailedBeforeAnyReply_IsGivenBackWhenCertainlyUnpaid(string failure, bool isReserved)
    {
        Exception error = failure switch
        {
            "status" => new HttpRequestException("overloaded", null, HttpStatusCode.InternalServerError),
            "unreachable" => new HttpRequestException(HttpRequestError.ConnectionError, "refused"),
            "refused by us" => new RlaifInputException("bad"),
            "wrapped status" => new InvalidOperationException(
                "x",
                new HttpRequestException("", null, HttpStatusCode.Unauthorized)
            ),
            "reset" => new HttpRequestException(HttpRequestError.ResponseEnded, "reset"),
            "time-out" => new TimeoutException(),
            "wrapped time-out" => new RlaifInputException("x", new TimeoutException()),
            _ => new InvalidOperationException(),
        };
        await using ModelGateway gateway = await OpenAsync(new StreamedChatClient((_, _) => Fail(error)), new BudgetOptions());
        Assert.Same(error, await Record.ExceptionAsync(async () => await gateway.AskAsync(CallFixture.Request())));
        await AssertReservedAsync(gateway, isReserved);
    }

    [Fact]
    public async Task AskAsync_ErrorStatusAfterTheFirstPart_StaysReserved()
    {
        var error = new HttpRequestException("overloaded", null, HttpStatusCode.InternalServerError);
        await using ModelGateway gateway = await OpenAsync(
            new StreamedChatClient((_, _) => Fail(error, "Bu")),
            new BudgetOptions()
        );
        await Assert.ThrowsAsync<HttpRequestException>(async () => await gateway.AskAsync(CallFixture.Request()));
        await AssertReservedAsync(gateway, isReserved: true);
    }

    [Fact]
    public async Task AskAsync_ServerThatCountsNothing_IsBookedAtTheMost()
    {
        var silent = new ScriptedChatClient((_, _) => new ChatResponse(new ChatMessage(ChatRole.Assistant, "Buy.")));
        await using ModelGateway gateway = await OpenAsync(silent, new BudgetOptions());
        ModelReply reply = await gateway.AskAsync(CallFixture.Request());
        Assert.Equal(default, reply.Usage);
        UsageFigures total = gateway.Usage.Total;
        Assert.Equal(1_000, total.Tokens.Output);
        Assert.InRange(total.Tokens.Input, 1_000, 2_000);
        Assert.Equal((total.Tokens.Input * 1m + 5_000) / 1_000_000, total.SpentUsd);
    }

    [Fact]
    public async Task AskAsync_ReplyThatCannotBeWrittenDown_IsBookedAllTheSame()
    {
        // A depth that no reply of a client has, so that writing it down fails.
        object nested = 0;
        for (int depth = 0; depth < 400; depth++)
        {
            nested = new[] { nested };
        }

        var call = new FunctionCallContent("1", "f", new Dictionary<string, object?> { ["x"] = nested });
        await using ModelGateway deep = await OpenAsync(
            new ScriptedChatClient((_, _) => Counted(new ChatMessage(ChatRole.Assistant, [call]))),
            new BudgetOptions()
        );
        await Assert.ThrowsAnyAsync<Exception>(async () => await deep.AskAsync(CallFixture.Request()));
        Assert.Equal((1L, 0m), ((await _book.SummarizeAsync()).Total.Calls, (await _book.SummarizeAsync()).Total.ReservedUsd));
    }

    [Fact]
    public async Task AskAsync_Replay_NeedsNeitherPriceNorRoom()
    {
        string path = _folder.PathOf("r.jsonl");
        await using (ModelGateway record = await CallFixture.OpenAsync(Answering(), LlmMode.Record, path))
        {
            await record.AskAsync(CallFixture.Request());
        }

        var budget = new BudgetOptions
        {
            RunUsd = 0,
            DayUsd = 0,
            RunTokens = 0,
        };
        await using ModelGateway replay = await CallFixture.OpenAsync(null, LlmMode.Replay, path, _book, budget);
        await replay.AskAsync(CallFixture.Request());
        Assert.Equal(new UsageFigures { Replayed = 1, SavedUsd = 0.002m }, replay.Usage.Total);
    }

    [Fact]
    public void Validated_BadLimits_AreAllReported()
    {
        var budget = new BudgetOptions { RunUsd = -1, DayTokens = -1 };
        RlaifInputException error = Assert.Throws<RlaifInputException>(() => budget.Validated());
        Assert.Contains("RunUsd must be from 0 to 1000000.", error.Message, StringComparison.Ordinal);
        Assert.Contains("DayTokens must be 0 or more.", error.Message, StringComparison.Ordinal);
        var roles = new BudgetOptions { Roles = new Dictionary<ModelRole, RoleBudget> { [ModelRole.Judge] = new(-1, -1) } };
        error = Assert.Throws<RlaifInputException>(() => roles.Validated());
        Assert.Contains("Usd of Judge", error.Message, StringComparison.Ordinal);
        Assert.Contains("Tokens of Judge", error.Message, StringComparison.Ordinal);
    }

    private static ScriptedChatClient Answering() => new((_, _) => "Buy.");

    private static ChatResponse Counted(ChatMessage message) =>
        new(message)
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 10 },
        };

    private static async IAsyncEnumerable<ChatResponseUpdate> Fail(Exception error, params string[] before)
    {
        await Task.Yield();
        foreach (string part in before)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, part);
        }

        throw error;
    }

    private async Task AssertReservedAsync(ModelGateway gateway, bool isReserved)
    {
        decimal reserved = (await _book.SummarizeAsync()).Total.ReservedUsd;
        Assert.Equal(isReserved, reserved > 0);
        Assert.Equal(reserved, gateway.Usage.Total.ReservedUsd);
        Assert.Equal(0, gateway.Usage.Total.SpentUsd);
    }

    private Task<ModelGateway> OpenAsync(IChatClient client, BudgetOptions budget, ModelCard? card = null) =>
        CallFixture.OpenAsync(client, LlmMode.Live, "", _book, budget, card: card);
}
