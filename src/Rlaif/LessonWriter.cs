using Microsoft.Extensions.AI;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif;

/// <summary>Asks the reflecting model for advice: one try, and one repair that quotes what was wrong. A refusal is not repaired.</summary>
internal sealed class LessonWriter(ModelGateway gateway, string system, string promptVersion)
{
    private const string Purpose = "lesson";
    private const int LastStep = 1;

    /// <summary>Asks.</summary>
    /// <param name="context">The context that is reflected on.</param>
    /// <param name="knownAt">When its last outcome was known: the moment of the calls.</param>
    /// <param name="prompt">The user's prompt.</param>
    /// <param name="cancellationToken">Cancels the calls.</param>
    /// <returns>The reply, null when there is none that can be used; and everything that was said.</returns>
    internal async Task<(LessonReply? Reply, Transcript Said)> AskAsync(
        DecisionContext context,
        DateTimeOffset knownAt,
        string prompt,
        CancellationToken cancellationToken
    )
    {
        var calls = new List<ModelCall>();
        var texts = new List<CallText> { CallText.Of(system) };
        var messages = new List<ChatMessage> { new(ChatRole.User, prompt) };
        var promptIds = new List<string> { Keep(texts, prompt) };
        for (int step = 0; ; step++)
        {
            ModelReply answer = await gateway.AskAsync(Request(context, messages), null, cancellationToken);
            calls.Add(Call(context, knownAt, step, answer, texts[0].TextId, [.. promptIds], Keep(texts, answer.Text)));
            LessonReply? reply = Read(answer, out string problem);
            if (reply is not null || step == LastStep || answer.End == ReplyEnd.Refusal)
            {
                FailedReply[] failures = reply is null ? [Failure(context, knownAt, problem, calls[^1].ReplyId)] : [];
                CallText[] kept = [.. texts.DistinctBy(t => t.TextId)];
                return (
                    reply,
                    new Transcript
                    {
                        Calls = calls,
                        Texts = kept,
                        Failures = failures,
                    }
                );
            }

            string repair = $"That could not be used. {problem} {LessonReply.Shape}";
            messages.AddRange([answer.Message, new ChatMessage(ChatRole.User, repair)]);
            promptIds.AddRange([calls[^1].ReplyId, Keep(texts, repair)]);
        }
    }

    private ModelRequest Request(DecisionContext context, IEnumerable<ChatMessage> messages) =>
        new()
        {
            Role = ModelRole.Reflection,
            Subject = $"{context.Symbol} {context.AsOf.UtcDateTime:yyyy-MM-dd} {Purpose}",
            System = system,
            Messages = [.. messages],
            Schema = LessonReply.Schema,
        };

    private ModelCall Call(
        DecisionContext context,
        DateTimeOffset knownAt,
        int step,
        ModelReply answer,
        string systemId,
        IReadOnlyList<string> promptIds,
        string replyId
    )
    {
        ModelOptions model = gateway.Setup(ModelRole.Reflection).Options;
        return new ModelCall
        {
            CallId = ModelCall.CreateId(context.ContextId, ModelRole.Reflection, Purpose, step),
            ContextId = context.ContextId,
            Role = ModelRole.Reflection,
            Purpose = Purpose,
            Step = step,
            Fingerprint = answer.Fingerprint,
            Provider = model.Provider,
            Model = model.Model,
            PromptVersion = promptVersion,
            SystemId = systemId,
            PromptIds = promptIds,
            ReplyId = replyId,
            Usage = answer.Usage,
            // Not the moment of the decision: the prompt tells what came of it.
            AsOf = knownAt,
        };
    }

    private static FailedReply Failure(DecisionContext context, DateTimeOffset knownAt, string problem, string textId) =>
        new()
        {
            FailedReplyId = FailedReply.CreateId(context.ContextId, ModelRole.Reflection, Purpose),
            ContextId = context.ContextId,
            Role = ModelRole.Reflection,
            Purpose = Purpose,
            Error = problem,
            TextId = textId,
            AsOf = knownAt,
        };

    private static LessonReply? Read(ModelReply answer, out string problem)
    {
        problem = answer.End switch
        {
            ReplyEnd.Length => "The reply was cut at the limit of output tokens.",
            ReplyEnd.Refusal => "The model, or a filter of its provider, declined.",
            ReplyEnd.ToolCalls => "There are no tools to call.",
            _ => string.Empty,
        };
        return problem.Length > 0 ? null : LessonReply.Parse(answer.Text, out problem);
    }

    private static string Keep(List<CallText> texts, string text)
    {
        var kept = CallText.Of(text);
        texts.Add(kept);
        return kept.TextId;
    }
}
