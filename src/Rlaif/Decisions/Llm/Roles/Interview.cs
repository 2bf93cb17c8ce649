using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Asks one question until there is a reply that can be used or none can be had: rounds of tool calls, the reply, and one repair in which
/// the error is quoted. A refusal is not repaired. Errors of the transport are not replies: they pass through.
/// </summary>
internal sealed class Interview<T>(LlmMoment moment, Question<T> question)
    where T : class
{
    private const int MaxCallsPerRound = 8;
    private const int MaxToolName = 60;

    private readonly List<string> _results = [];
    private int _step;

    /// <summary>Holds the interview.</summary>
    internal async Task<Answer<T>> HoldAsync(CancellationToken cancellationToken)
    {
        var speech = new Speech(moment, question.Role, question.Purpose);
        Step step = question.Tools is { } tools
            ? await UseToolsAsync(tools, speech, cancellationToken)
            : await AskAsync(question.Messages, [], speech, cancellationToken);
        (T? value, string? error) = Read(step.Reply);
        if (error is not null && step.Reply.End != ReplyEnd.Refusal)
        {
            var again = new Speech(moment, question.Role, question.Purpose);
            step = await AskAsync(Repair(step.Reply, error), [], again, cancellationToken);
            (value, error) = Read(step.Reply);
        }

        if (error is not null)
        {
            Fail(error, step);
        }

        speech.Finish(value is null ? $"no usable reply: {error}" : question.Say(value));
        return new Answer<T>(value, step.CallId, PlainMessages());
    }

    private async Task<Step> UseToolsAsync(ToolBox tools, Speech speech, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [.. question.Messages];
        for (int round = 0; round < moment.Options.ToolRounds; round++)
        {
            Step step = await AskAsync(messages, tools.Declarations, speech, cancellationToken);
            FunctionCallContent[] calls = [.. Calls(step.Reply)];
            if (calls.Length == 0 || step.Reply.End == ReplyEnd.Refusal)
            {
                return step;
            }

            messages.Add(step.Reply.Message);
            messages.Add(new ChatMessage(ChatRole.Tool, [.. calls.Select((call, i) => Execute(tools, call, i))]));
        }

        return await AskAsync(PlainMessages(), [], speech, cancellationToken);
    }

    private FunctionResultContent Execute(ToolBox tools, FunctionCallContent call, int index)
    {
        if (index >= MaxCallsPerRound)
        {
            return new FunctionResultContent(call.CallId, $$"""{"error":"At most {{MaxCallsPerRound}} calls at once."}""");
        }

        string id = Citations.ToolId(_results.Count + 1);
        string result = tools.Execute(call.Name, call.Arguments);
        string name = Headlines.Clean(call.Name, MaxToolName);
        _results.Add(Quoted.Json($"[{id}] {name}({JsonSerializer.Serialize(call.Arguments)}) gave {result}"));
        foreach (string shown in tools.EvidenceIds().Append(id))
        {
            question.Citations.Show(shown);
        }

        return new FunctionResultContent(call.CallId, $$"""{"id":"{{id}}","result":{{result}}}""");
    }

    /// <summary>
    /// The question with the results of tools as text. A conversation with tool calls in it can only be sent where tools are offered, and the
    /// last reply and the repair must not call any.
    /// </summary>
    private IReadOnlyList<ChatMessage> PlainMessages() =>
        _results.Count == 0
            ? question.Messages
            : [.. question.Messages, User(moment.Prompts.Fill("tools_closed", ("results", string.Join('\n', _results))))];

    private List<ChatMessage> Repair(ModelReply reply, string error)
    {
        List<ChatMessage> messages = [.. PlainMessages()];
        // Providers refuse empty messages of the assistant: the repair alone then follows the question.
        if (!string.IsNullOrWhiteSpace(reply.Text))
        {
            messages.Add(new ChatMessage(ChatRole.Assistant, reply.Text));
        }

        messages.Add(User(moment.Prompts.Fill("repair", ("error", Quoted.Json(error)))));
        return messages;
    }

    private (T? Value, string? Error) Read(ModelReply reply)
    {
        if (reply.End == ReplyEnd.Refusal)
        {
            return (null, "the model declined to answer.");
        }

        if (Calls(reply).Any())
        {
            return (null, "the reply calls a tool where none is offered; it must be one JSON object.");
        }

        (T? value, string? error) = ReplyParser.Read(reply.Text, question.Citations, question.Read);
        return error is not null && reply.End == ReplyEnd.Length
            ? (null, "the reply was cut at the limit of output tokens; it must be much shorter.")
            : (value, error);
    }

    private async Task<Step> AskAsync(
        IReadOnlyList<ChatMessage> messages,
        IReadOnlyList<AIFunctionDeclaration> tools,
        Speech speech,
        CancellationToken cancellationToken
    )
    {
        ModelRequest request = new()
        {
            Role = question.Role,
            Subject =
                $"{moment.Snapshot.Symbol} {moment.Snapshot.AsOf.UtcDateTime:yyyy-MM-dd} {question.Role.ToString().ToLowerInvariant()}, {question.Purpose}",
            System = question.System,
            Messages = [.. messages],
            Schema = question.Schema,
            Tools = tools,
            Temperature = question.Temperature,
            Sample = question.Sample,
        };
        ModelReply reply = await moment.Gateway.AskAsync(request, moment.Live is null ? null : speech, cancellationToken);
        return Record(request, reply);
    }

    private Step Record(ModelRequest request, ModelReply reply)
    {
        Models.ModelOptions model = moment.Gateway.Setup(question.Role).Options;
        var call = new ModelCall
        {
            CallId = ModelCall.CreateId(moment.ContextId, question.Role, question.Purpose, _step),
            ContextId = moment.ContextId,
            Role = question.Role,
            Purpose = question.Purpose,
            Step = _step++,
            Fingerprint = reply.Fingerprint,
            Provider = model.Provider,
            Model = model.Model,
            PromptVersion = question.PromptVersion,
            SystemId = moment.Scribe.Keep(question.System),
            PromptIds = [.. request.Messages.Select(m => moment.Scribe.Keep(Words(m)))],
            ReplyId = moment.Scribe.Keep(Words(reply.Message)),
            Variety = question.Variety,
            Usage = reply.Usage,
            AsOf = moment.Snapshot.AsOf,
        };
        moment.Scribe.Add(call, question.Order);
        return new Step(reply, call.CallId, call.ReplyId);
    }

    private void Fail(string error, Step step) =>
        moment.Scribe.Add(
            new FailedReply
            {
                FailedReplyId = FailedReply.CreateId(moment.ContextId, question.Role, question.Purpose),
                ContextId = moment.ContextId,
                Role = question.Role,
                Purpose = question.Purpose,
                Error = error,
                TextId = step.ReplyId,
                AsOf = moment.Snapshot.AsOf,
            },
            question.Order
        );

    private static string Words(ChatMessage message)
    {
        IEnumerable<string> contents = message.Contents.Select(c =>
            c switch
            {
                TextContent text => text.Text,
                FunctionCallContent call => JsonSerializer.Serialize(new { Tool = call.Name, call.Arguments }, RlaifJson.Compact),
                FunctionResultContent result => result.Result as string ?? string.Empty,
                _ => string.Empty,
            }
        );
        return string.Join('\n', contents.Where(t => t.Length > 0));
    }

    private static IEnumerable<FunctionCallContent> Calls(ModelReply reply) =>
        reply.Message.Contents.OfType<FunctionCallContent>();

    private static ChatMessage User(string text) => new(ChatRole.User, text);

    private sealed record Step(ModelReply Reply, string CallId, string ReplyId);
}
