using System.Globalization;
using Microsoft.Extensions.AI;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// The manager on a language model, for one moment. All candidates answer the same first message; what makes them differ stands in the
/// second. They are asked at the same time.
/// </summary>
internal sealed class LlmManager(LlmMoment moment, Debate debate, IReadOnlyDictionary<AnalystRole, LlmAnalyst> analysts)
{
    private readonly HashSet<string> _cited =
    [
        .. debate.Closing.SelectMany(r => Reports.Cited(analysts[r.Role].Said!, LastStatement(analysts[r.Role]))),
    ];

    /// <summary>Asks for all candidates; those that could not be used leave no gap.</summary>
    internal async Task<Synthesis> ProposeAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<EvidenceItem> evidence = moment.Evidence.ForManager(_cited);
        string brief = Brief(evidence);
        Answer<CandidateReply>[] answers = await Task.WhenAll(
            Enumerable.Range(0, moment.Limits.Candidates).Select(i => AskAsync(i, brief, evidence, cancellationToken))
        );
        var candidates = new List<Candidate>();
        var calls = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int slot = 0; slot < answers.Length; slot++)
        {
            if (answers[slot].Value is { } reply)
            {
                candidates.Add(Create(reply, Plan(slot, evidence).Variety.Persona, candidates.Count));
                calls.Add(answers[slot].CallId, candidates[^1].CandidateId);
            }
        }

        return new Synthesis
        {
            Prompt = brief,
            Candidates = candidates,
            Transcript = moment.Scribe.Write(calls),
        };
    }

    private string Brief(IReadOnlyList<EvidenceItem> evidence)
    {
        AnalystRole[] missing = [.. analysts.Keys.Except(debate.Closing.Select(r => r.Role)).Order()];
        IEnumerable<string> reports = debate
            .Closing.OrderBy(r => r.Role)
            .Select(r =>
                Reports.Render(r, analysts[r.Role].Said!, isFull: true, LastStatement(analysts[r.Role]), moment.Evidence)
            )
            .Concat(missing.Select(r => $"{r}: no usable report"));
        return moment.Prompts.Fill(
            "manager_task",
            ("symbol", moment.Masker.Symbol),
            ("as_of", moment.AsOf),
            ("evidence", EvidenceBook.Render(evidence, moment.FactsTitle)),
            ("reports", string.Join('\n', reports)),
            ("max_size", Fraction(moment.Limits.MaxPositionSize))
        );
    }

    private Task<Answer<CandidateReply>> AskAsync(
        int index,
        string brief,
        IReadOnlyList<EvidenceItem> evidence,
        CancellationToken cancellationToken
    )
    {
        CandidatePlan plan = Plan(index, evidence);
        CandidateVariety variety = plan.Variety;
        string persona = $"persona_{variety.Persona}";
        string part = moment.Prompts.Fill(
            "candidate_task",
            ("persona_name", variety.Persona),
            ("persona", moment.Prompts.Fill(persona)),
            ("weights", plan.Weights),
            ("side", plan.Side is { } side ? $"argue for \"{side.ToString().ToLowerInvariant()}\"; this is your action" : "free"),
            ("withheld", variety.Withheld.Count == 0 ? "nothing" : string.Join(", ", variety.Withheld.Select(w => $"[{w}]"))),
            ("seed", variety.Seed is { } seed ? $"{seed}" : "none")
        );
        IEnumerable<string> shown = evidence.Select(e => e.Id).Concat(ReportIds());
        return new Interview<CandidateReply>(
            moment,
            new Question<CandidateReply>
            {
                Role = ModelRole.Manager,
                Purpose = $"candidate {index}",
                Order = index,
                System = moment.Prompts.Fill("manager", ("rules", moment.Prompts.Fill("rules"))),
                PromptVersion = moment.Prompts.Version("manager", "rules", "manager_task", "candidate_task", persona),
                Messages = [new(ChatRole.User, brief), new(ChatRole.User, part)],
                Schema = CandidateReply.Schema,
                Citations = new Citations(shown, variety.Withheld),
                Read = reply => CandidateReply.Read(reply, moment.Limits.MaxPositionSize, plan.Side),
                Say = Words,
                Temperature = variety.Temperature,
                Sample = index,
                Variety = variety,
            }
        ).HoldAsync(cancellationToken);
    }

    private CandidatePlan Plan(int index, IReadOnlyList<EvidenceItem> evidence) =>
        CandidatePlan.At(
            index,
            moment.Snapshot,
            moment.Limits,
            debate.Closing,
            [.. ReportIds(), .. evidence.Where(e => e.Kind is EvidenceKind.Headline or EvidenceKind.Document).Select(e => e.Id)],
            moment.Gateway.Setup(ModelRole.Manager).Card.TakesTemperature
        );

    private Candidate Create(CandidateReply reply, string persona, int index) =>
        new()
        {
            CandidateId = Candidate.CreateId(moment.ContextId, index),
            ContextId = moment.ContextId,
            Index = index,
            Symbol = moment.Snapshot.Symbol,
            AsOf = moment.Snapshot.AsOf,
            Action = reply.Action,
            PositionSize = reply.PositionSize,
            Score = reply.Score,
            Confidence = reply.Confidence,
            Stance = persona,
            Analysis = moment.Masker.Restore(reply.Analysis),
            Reasoning = CandidateReply.Steps(
                reply.Reasoning.Select(moment.Masker.Restore),
                moment.Masker.Restore(reply.MainRisk),
                reply.Evidence
            ),
        };

    private IEnumerable<string> ReportIds() => debate.Closing.Select(r => r.Role).Order().Select(RoleBook.ReportId);

    private static string? LastStatement(LlmAnalyst analyst) => analyst.Statement(int.MaxValue);

    private static string Words(CandidateReply reply) =>
        $"{reply.Action.ToString().ToLowerInvariant()} {Wording.Percent(reply.PositionSize)}, score {Wording.Signed(reply.Score)}, confidence {Wording.Plain(reply.Confidence)}: {reply.Analysis}";

    private static string Fraction(double value) => value.ToString("0.0###", CultureInfo.InvariantCulture);
}
