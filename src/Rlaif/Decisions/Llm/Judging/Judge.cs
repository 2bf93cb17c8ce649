using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Decisions.Llm.Judging;

/// <summary>
/// A language model that compares the reasoning of two candidates of one context by a <see cref="Llm.Judging.Constitution"/>. It is asked
/// once per order and does not see ids, stances, which candidate was traded, or anything that happened later; a preference counts only when
/// both orders agree on it. It keeps no state and may be used from several threads.
/// </summary>
public sealed class Judge
{
    private readonly ModelGateway _gateway;
    private readonly string _system;

    /// <summary>Creates a judge.</summary>
    /// <param name="gateway">The door to language models; it needs a model for <see cref="ModelRole.Judge"/>.</param>
    /// <param name="constitution">The principles; null for <see cref="Constitution.Standard"/>.</param>
    /// <exception cref="RlaifInputException">No model is configured for the role.</exception>
    public Judge(ModelGateway gateway, Constitution? constitution = null)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        _gateway = gateway;
        Constitution = constitution ?? Constitution.Standard;
        _system = JudgePrompt.System(Constitution);
        PromptVersion = $"judge@{Constitution.HashOf(_system)}";
        ModelOptions options = gateway.Setup(ModelRole.Judge).Options;
        Model = $"{options.Provider}/{options.Model}";
    }

    /// <summary>The principles.</summary>
    public Constitution Constitution { get; }

    /// <summary>Name and hash of the judge's system prompt, the constitution included.</summary>
    public string PromptVersion { get; }

    /// <summary>Provider and model.</summary>
    public string Model { get; }

    /// <summary>The id that the judgement of a pair has, whichever candidate is named first.</summary>
    public string IdOf(Candidate a, Candidate b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Judgement.CreateId(a.ContextId, a.CandidateId, b.CandidateId, PromptVersion, Model);
    }

    /// <summary>Compares two candidates of a context, whichever is named first. After a reply that cannot be used nothing more is asked.</summary>
    /// <exception cref="ArgumentException">A candidate is of another context, or both are the same.</exception>
    public async ValueTask<JudgeResult> JudgeAsync(
        DecisionContext context,
        Candidate a,
        Candidate b,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(context);
        string id = IdOf(a, b);
        if (a.ContextId != context.ContextId || b.ContextId != context.ContextId || a.CandidateId == b.CandidateId)
        {
            throw new ArgumentException($"A judge compares two different candidates of context {context.ContextId}.", nameof(b));
        }

        using InvariantCulture culture = InvariantCulture.Enter();
        (Candidate first, Candidate second) = string.CompareOrdinal(a.CandidateId, b.CandidateId) < 0 ? (a, b) : (b, a);
        var session = new JudgeSession(_gateway, Constitution, _system, PromptVersion, context);
        JudgeReply? straight = await session.AskAsync(first, second, PurposeOf(id, reversed: false), cancellationToken);
        JudgeReply? reversed = straight is null
            ? null
            : await session.AskAsync(second, first, PurposeOf(id, reversed: true), cancellationToken);
        Judgement? judgement =
            straight is null || reversed is null
                ? null
                : Combine(id, context, first.CandidateId, second.CandidateId, straight, reversed);
        return new JudgeResult(judgement, session.Transcript);
    }

    /// <summary>The ids that failures of a pair would have.</summary>
    internal IEnumerable<string> FailureIdsOf(Candidate a, Candidate b) =>
        new[] { false, true }.Select(r => FailedReply.CreateId(a.ContextId, ModelRole.Judge, PurposeOf(IdOf(a, b), r)));

    private static string PurposeOf(string judgementId, bool reversed) => $"{judgementId} {(reversed ? "reversed" : "straight")}";

    private Judgement Combine(
        string id,
        DecisionContext context,
        string first,
        string second,
        JudgeReply straight,
        JudgeReply reversed
    ) =>
        new()
        {
            JudgementId = id,
            ContextId = context.ContextId,
            FirstId = first,
            SecondId = second,
            PreferredId = Both(straight.Preferred, reversed.Preferred, first, second),
            OrderDependent = Named(straight.Preferred, first, second) != Named(reversed.Preferred, second, first),
            Choices = [straight.Preferred, reversed.Preferred],
            Principles = Constitution.Principles.ToDictionary(
                p => p,
                p => Both(straight.Principles[p], reversed.Principles[p], first, second),
                StringComparer.Ordinal
            ),
            Constitution = Constitution.Id,
            Model = Model,
            BeforeCutoff = _gateway.Setup(ModelRole.Judge).Card.KnowledgeCutoff is { } cutoff ? context.Date <= cutoff : null,
            AsOf = context.AsOf,
        };

    private static string? Both(JudgeChoice straight, JudgeChoice reversed, string first, string second) =>
        Named(straight, first, second) is { } named && named == Named(reversed, second, first) ? named : null;

    private static string? Named(JudgeChoice choice, string first, string second) =>
        choice switch
        {
            JudgeChoice.First => first,
            JudgeChoice.Second => second,
            _ => null,
        };
}
