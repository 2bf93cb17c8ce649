using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Decisions.Llm.Calls;

public sealed class ModelGatewayTests : IDisposable
{
    private const string Key = "sk-planted-0123456789";

    private readonly TempFolder _folder = new();

    private string File1 => _folder.PathOf("claude.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AskAsync_ReplayOfARecordedConversation_IsTheSameWithoutAClient()
    {
        var client = new ScriptedChatClient(
            (messages, _) => messages.Count == 1 ? CallFixture.ToolReply() : ScriptedChatClient.Reply("Buy.")
        );
        ModelReply[] recorded = await ConverseAsync(client, LlmMode.Record);
        ModelReply[] replayed = await ConverseAsync(null, LlmMode.Replay);
        Assert.Equal(2, client.Asked.Count);
        Assert.Equal(ReplyEnd.ToolCalls, recorded[0].End);
        Assert.Equal(new TokenUsage(1_000, 200, 600, 100), recorded[0].Usage);
        Assert.Equal(recorded.Select(Essence), replayed.Select(Essence));
        Assert.All(recorded, r => Assert.False(r.Replayed));
        Assert.All(replayed, r => Assert.True(r.Replayed));
    }

    [Fact]
    public async Task AskAsync_RecordAfterARun_AsksNothingAgain()
    {
        var client = new ScriptedChatClient((messages, _) => $"{messages[0].Text}!");
        for (int run = 0; run < 2; run++)
        {
            await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1);
            for (int i = 0; i <= run; i++)
            {
                Assert.Equal($"{i}!", (await gateway.AskAsync(CallFixture.Request($"{i}"))).Text);
            }
        }

        Assert.Equal(["0", "1"], client.Asked.Select(a => a.Messages[0].Text));
    }

    [Fact]
    public async Task AskAsync_RunStoppedInTheMiddle_IsContinuedWithoutPayingTwice()
    {
        const int Calls = 40;
        var answered = new ConcurrentBag<string>();
        using var stopped = new CancellationTokenSource();
        var client = new StreamedChatClient((messages, token) => AnswerAsync(messages[0].Text, answered, stopped, token));
        await AskAllAsync(Calls, client, LlmMode.Record, stopped.Token);
        Assert.InRange(answered.Count, 10, Calls - 1);
        string[] before = [.. answered];
        answered.Clear();
        string[] texts = await AskAllAsync(Calls, client, LlmMode.Record, CancellationToken.None);
        Assert.Equal(Calls, texts.Length);
        Assert.Empty(before.Intersect(answered));
        Assert.Equal(Calls, before.Length + answered.Count);
        Assert.Equal(texts, await AskAllAsync(Calls, null, LlmMode.Replay, CancellationToken.None));
    }

    [Fact]
    public async Task AskAsync_Live_AlwaysAsksAndLeavesNoFile()
    {
        var client = new ScriptedChatClient((_, _) => "Buy.");
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Live, File1);
        await gateway.AskAsync(CallFixture.Request());
        await gateway.AskAsync(CallFixture.Request());
        Assert.Equal(2, client.Asked.Count);
        Assert.False(File.Exists(File1));
    }

    [Fact]
    public async Task AskAsync_ReplayWithoutRecord_NamesTheCallAndTheFile()
    {
        await RecordAsync(CallFixture.Request() with { Subject = "MSFT 2024-06-28 risk" });
        await using ModelGateway gateway = await CallFixture.OpenAsync(null, LlmMode.Replay, File1);
        ModelRequest other = CallFixture.Request("Something else?");
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(async () => await gateway.AskAsync(other));
        string[] lines = error.Message.Split(Environment.NewLine);
        string fingerprint = CallFingerprint.Of(other, CallFixture.Setup())[..12];
        Assert.Equal(
            $"No recorded reply for AAPL 2024-06-28 manager, candidate 2 (fingerprint {fingerprint}) in '{File1}'.",
            lines[0]
        );
        Assert.StartsWith("Record it with --llm record", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_ReplayOfAChangedPrompt_SaysThatItChanged()
    {
        await RecordAsync(CallFixture.Request());
        await using ModelGateway gateway = await CallFixture.OpenAsync(null, LlmMode.Replay, File1);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(async () =>
            await gateway.AskAsync(CallFixture.Request("Something else?"))
        );
        Assert.Contains("recorded with another prompt, model or parameter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_SameQuestionAtOnce_IsAskedOnce()
    {
        var until = new TaskCompletionSource();
        StreamedChatClient client = StreamedChatClient.Waiting(until.Task, _ => ScriptedChatClient.Reply("Buy."));
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1);
        Task<ModelReply>[] asks = [.. Enumerable.Range(0, 20).Select(_ => gateway.AskAsync(CallFixture.Request()).AsTask())];
        until.SetResult();
        ModelReply[] replies = await Task.WhenAll(asks);
        Assert.Equal(1, client.Asked);
        Assert.All(replies, r => Assert.Equal("Buy.", r.Text));
        Assert.Single(replies, r => !r.Replayed);
        Assert.NotSame(replies[0].Message, replies[1].Message);
    }

    [Fact]
    public async Task AskAsync_FirstOfTwoIsCancelled_TheSecondAsksItself()
    {
        var until = new TaskCompletionSource();
        StreamedChatClient client = StreamedChatClient.Waiting(until.Task, _ => ScriptedChatClient.Reply("Buy."));
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1);
        using var cancelled = new CancellationTokenSource();
        Task<ModelReply> first = gateway.AskAsync(CallFixture.Request(), null, cancelled.Token).AsTask();
        Task<ModelReply> second = gateway.AskAsync(CallFixture.Request()).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        until.SetResult();
        Assert.Equal("Buy.", (await second).Text);
        Assert.Equal(2, client.Asked);
    }

    [Fact]
    public async Task AskAsync_CancelledWhenTheReplyHasEnded_IsRecorded()
    {
        using var cancelled = new CancellationTokenSource();
        // The last part has come when the caller gives up.
        var client = new StreamedChatClient((_, _) => EndThen(cancelled.Cancel));
        await using (ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1))
        {
            Assert.Equal("Buy.", (await gateway.AskAsync(CallFixture.Request(), null, cancelled.Token)).Text);
        }

        await using ModelGateway replay = await CallFixture.OpenAsync(null, LlmMode.Replay, File1);
        Assert.Equal("Buy.", (await replay.AskAsync(CallFixture.Request())).Text);
    }

    [Fact]
    public async Task AskAsync_BrokenInMidStream_IsNotRecorded()
    {
        var client = new StreamedChatClient((_, _) => EndThen(() => throw new IOException("reset")));
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1);
        await Assert.ThrowsAsync<IOException>(async () => await gateway.AskAsync(CallFixture.Request()));
        await Assert.ThrowsAsync<IOException>(async () => await gateway.AskAsync(CallFixture.Request()));
        Assert.Equal(2, client.Asked);
    }

    [Fact]
    public async Task AskAsync_StreamedText_IsToldAsItGrowsAndAtOnceOnReplay()
    {
        var client = new StreamedChatClient((_, _) => Parts("Bu", "y ", "it."));
        var told = new ToldText();
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1);
        ModelReply reply = await gateway.AskAsync(CallFixture.Request(), told);
        Assert.Equal(["Bu", "Buy ", "Buy it."], told.Texts);
        Assert.Equal("Buy it.", Assert.IsType<TextContent>(Assert.Single(reply.Message.Contents)).Text);
        await gateway.AskAsync(CallFixture.Request(), told);
        Assert.Equal("Buy it.", told.Texts[^1]);
        Assert.Equal(4, told.Texts.Count);
    }

    [Fact]
    public async Task AskAsync_MissingKey_IsAnErrorOnlyWhereSomethingIsAsked()
    {
        await RecordAsync(CallFixture.Request());
        await using ModelGateway gateway = await CallFixture.OpenAsync(null, LlmMode.Record, File1);
        Assert.Equal("Buy.", (await gateway.AskAsync(CallFixture.Request())).Text);
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(async () =>
            await gateway.AskAsync(CallFixture.Request("Other?"))
        );
        Assert.Contains("ANTHROPIC_API_KEY", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_KeyInEverythingAClientHandsOver_ReachesNoFile()
    {
        var client = new ScriptedChatClient((_, _) => Tainted());
        string book = _folder.PathOf("spend.db");
        ModelOptions options = CallFixture.Options with
        {
            BaseUrl = new Uri($"http://{Key}@localhost/?k={Key}"),
            KeyVariable = Key,
        };
        await using (SpendBook spend = await SpendBook.OpenAsync(book))
        await using (
            ModelGateway gateway = await ModelGateway.OpenAsync(
                CallFixture.Roster(client, options),
                LlmMode.Record,
                File1,
                spend,
                new BudgetOptions(),
                TimeProvider.System
            )
        )
        {
            ModelReply reply = await gateway.AskAsync(CallFixture.Request());
            Assert.DoesNotContain(Key, CallFixture.Json(reply.Message), StringComparison.Ordinal);
        }

        Assert.NotEmpty(Directory.GetFiles(_folder.Root));
        Assert.All(
            Directory.GetFiles(_folder.Root),
            f => Assert.DoesNotContain(Key, File.ReadAllText(f, Encoding.Latin1), StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task AskAsync_Refusal_KeepsItsWords()
    {
        var refusal = new ErrorContent("I can't help with that.") { ErrorCode = "Refusal" };
        var client = new ScriptedChatClient(
            (_, _) => new ChatResponse(new ChatMessage(ChatRole.Assistant, [refusal])) { FinishReason = ChatFinishReason.Stop }
        );
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, LlmMode.Record, File1);
        for (int ask = 0; ask < 2; ask++)
        {
            ModelReply reply = await gateway.AskAsync(CallFixture.Request());
            Assert.Equal((ReplyEnd.Refusal, "I can't help with that."), (reply.End, reply.Text));
        }
    }

    [Fact]
    public async Task OpenAsync_BudgetWithoutBook_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            CallFixture.OpenAsync(null, LlmMode.Live, File1, spend: null, new BudgetOptions())
        );

    private static (string, string, ReplyEnd, TokenUsage) Essence(ModelReply reply) =>
        (reply.Fingerprint, CallFixture.Json(reply.Message), reply.End, reply.Usage);

    private static async IAsyncEnumerable<ChatResponseUpdate> EndThen(Action last)
    {
        await Task.Yield();
        foreach (ChatResponseUpdate update in ScriptedChatClient.Reply("Buy.").ToChatResponseUpdates())
        {
            yield return update;
        }

        last();
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Parts(params string[] parts)
    {
        foreach (string part in parts)
        {
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, part);
        }
    }

    // Stops everybody when the tenth answer is complete.
    private static async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(
        string question,
        ConcurrentBag<string> answered,
        CancellationTokenSource stopped,
        [EnumeratorCancellation] CancellationToken token
    )
    {
        await Task.Yield();
        yield return new ChatResponseUpdate(ChatRole.Assistant, "re: ");
        token.ThrowIfCancellationRequested();
        yield return new ChatResponseUpdate(ChatRole.Assistant, question);
        answered.Add(question);
        if (answered.Count == 10)
        {
            await stopped.CancelAsync();
        }
    }

    private static ChatResponse Tainted()
    {
        var extra = new AdditionalPropertiesDictionary { ["x-api-key"] = Key };
        var text = new TextContent("Buy.") { RawRepresentation = Key, AdditionalProperties = extra };
        var call = new FunctionCallContent("1", "f") { RawRepresentation = Key, AdditionalProperties = extra };
        var other = new DataContent($"data:text/plain,{Key}");
        return new ChatResponse(
            new ChatMessage(ChatRole.Assistant, [text, call, other])
            {
                AuthorName = Key,
                MessageId = Key,
                RawRepresentation = Key,
                AdditionalProperties = extra,
            }
        )
        {
            ResponseId = Key,
            ModelId = Key,
            RawRepresentation = Key,
            AdditionalProperties = extra,
            FinishReason = new ChatFinishReason(Key),
        };
    }

    private async Task<ModelReply[]> ConverseAsync(IChatClient? client, LlmMode mode)
    {
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, mode, File1);
        ModelRequest request = CallFixture.Request() with { Schema = CallFixture.Schema, Tools = [CallFixture.Tool()] };
        ModelReply first = await gateway.AskAsync(request);
        string id = first.Message.Contents.OfType<FunctionCallContent>().Single().CallId;
        var result = new ChatMessage(ChatRole.Tool, [new FunctionResultContent(id, "0.01")]);
        ModelReply second = await gateway.AskAsync(request with { Messages = [.. request.Messages, first.Message, result] });
        return [first, second];
    }

    private async Task<string[]> AskAllAsync(int calls, IChatClient? client, LlmMode mode, CancellationToken token)
    {
        await using ModelGateway gateway = await CallFixture.OpenAsync(client, mode, File1);
        var texts = new string[calls];
        Exception? error = await Record.ExceptionAsync(() =>
            Parallel.ForAsync(
                0,
                calls,
                new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (i, _) => texts[i] = (await gateway.AskAsync(CallFixture.Request($"{i}"), null, token)).Text
            )
        );
        Assert.Equal(token.IsCancellationRequested, error is not null);
        return texts;
    }

    private async Task RecordAsync(ModelRequest request)
    {
        await using ModelGateway gateway = await CallFixture.OpenAsync(
            new ScriptedChatClient((_, _) => "Buy."),
            LlmMode.Record,
            File1
        );
        await gateway.AskAsync(request);
    }

    private sealed class ToldText : IProgress<string>
    {
        public List<string> Texts { get; } = [];

        public void Report(string value) => Texts.Add(value);
    }
}
