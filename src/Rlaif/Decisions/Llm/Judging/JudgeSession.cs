using Microsoft.Extensions.AI;
using Rlaif.Decisions.Llm.Calls;

namespace Rlaif.Decisions.Llm.Judging;

/// <summary>The questions about one pair: keeps what was asked and said, in order.</summary>
internal sealed class JudgeSession(
    ModelGateway gateway,
    Constitution constitution,
    string system,
    string version,
    DecisionContext context
)
{
    // The first reply and one repair.
    private const int LastStep = 1;

    private readonly ModelRequest _template = new()
    {
        Role = ModelRole.Judge,
        Subject = $"{context.Symbol} {context.Date:yyyy-MM-dd} judge",
        System = system,
        Messages = [],
        Schema = JudgeReply.Schema(constitution),
        Temperature = 0,
    };
    private readonly List<ModelCall> _calls = [];
    private readonly Dictionary<string, CallText> _texts = new(StringComparer.Ordinal);
    private readonly List<FailedReply> _failures = [];

    /// <summary>What was asked and said so far.</summary>
    internal Transcript Transcript =>
        new()
        {
            Calls = [.. _calls],
            Texts = [.. _texts.Values],
            Failures = [.. _failures],
        };

    /// <summary>Asks in one order; null when the reply could not be used even after one repair.</summary>
    internal async ValueTask<JudgeReply?> AskAsync(
        Candidate first,
        Candidate second,
        string purpose,
        CancellationToken cancellationToken
    )
    {
        List<ChatMessage> messages = [new(ChatRole.User, JudgePrompt.Question(context, first, second))];
        for (int step = 0; ; step++)
        {
            ModelReply reply = await gateway.AskAsync(_template with { Messages = [.. messages] }, null, cancellationToken);
            string replyId = Record(messages, reply, purpose, step);
            try
            {
                return JudgeReply.Parse(reply, constitution);
            }
            catch (FormatException e) when (step < LastStep)
            {
                // Its words alone: calls of tools that nobody offered would wait for results. An empty message is refused by providers.
                messages.AddRange(string.IsNullOrWhiteSpace(reply.Text) ? [] : [new ChatMessage(ChatRole.Assistant, reply.Text)]);
                messages.Add(new ChatMessage(ChatRole.User, JudgePrompt.Repair(e.Message)));
            }
            catch (FormatException e)
            {
                Fail(purpose, e.Message, replyId);
                return null;
            }
        }
    }

    private string Record(List<ChatMessage> messages, ModelReply reply, string purpose, int step)
    {
        Models.ModelOptions model = gateway.Setup(ModelRole.Judge).Options;
        string replyId = Keep(reply.Text);
        _calls.Add(
            new ModelCall
            {
                CallId = ModelCall.CreateId(context.ContextId, ModelRole.Judge, purpose, step),
                ContextId = context.ContextId,
                Role = ModelRole.Judge,
                Purpose = purpose,
                Step = step,
                Fingerprint = reply.Fingerprint,
                Provider = model.Provider,
                Model = model.Model,
                PromptVersion = version,
                SystemId = Keep(system),
                PromptIds = [.. messages.Select(m => Keep(m.Text))],
                ReplyId = replyId,
                Usage = reply.Usage,
                AsOf = context.AsOf,
            }
        );
        return replyId;
    }

    private void Fail(string purpose, string error, string replyId) =>
        _failures.Add(
            new FailedReply
            {
                FailedReplyId = FailedReply.CreateId(context.ContextId, ModelRole.Judge, purpose),
                ContextId = context.ContextId,
                Role = ModelRole.Judge,
                Purpose = purpose,
                Error = error,
                TextId = replyId,
                AsOf = context.AsOf,
            }
        );

    private string Keep(string text)
    {
        var kept = CallText.Of(text);
        _texts[kept.TextId] = kept;
        return kept.TextId;
    }
}
