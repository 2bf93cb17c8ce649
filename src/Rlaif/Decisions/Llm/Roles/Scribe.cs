using System.Collections.Concurrent;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Keeps what is asked and said in one moment. Roles speak at the same time; what it writes in the end is in the order of role, purpose and
/// step, whoever came first.
/// </summary>
internal sealed class Scribe
{
    private readonly ConcurrentDictionary<string, CallText> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(int Order, ModelCall Call)> _calls = new();
    private readonly ConcurrentQueue<(int Order, FailedReply Failure)> _failures = new();

    /// <summary>Keeps a text and gives its id.</summary>
    internal string Keep(string text)
    {
        var kept = CallText.Of(text);
        _texts.TryAdd(kept.TextId, kept);
        return kept.TextId;
    }

    /// <summary>Keeps a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="order">Place of its purpose among those of its role.</param>
    internal void Add(ModelCall call, int order) => _calls.Enqueue((order, call));

    /// <summary>Keeps a failure.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="order">Place of its purpose among those of its role.</param>
    internal void Add(FailedReply failure, int order) => _failures.Enqueue((order, failure));

    /// <summary>Writes everything down.</summary>
    /// <param name="candidates">The candidate that came of a call, by the id of the call.</param>
    internal Transcript Write(IReadOnlyDictionary<string, string> candidates)
    {
        ModelCall[] calls =
        [
            .. _calls
                .OrderBy(c => c.Call.Role)
                .ThenBy(c => c.Order)
                .ThenBy(c => c.Call.Step)
                .Select(c => c.Call with { CandidateId = candidates.GetValueOrDefault(c.Call.CallId) }),
        ];
        FailedReply[] failures = [.. _failures.OrderBy(f => f.Failure.Role).ThenBy(f => f.Order).Select(f => f.Failure)];
        return new Transcript
        {
            Calls = calls,
            Texts =
            [
                .. calls
                    .SelectMany(c => (IEnumerable<string>)[c.SystemId, .. c.PromptIds, c.ReplyId])
                    .Distinct(StringComparer.Ordinal)
                    .Select(id => _texts[id]),
            ],
            Failures = failures,
        };
    }
}
