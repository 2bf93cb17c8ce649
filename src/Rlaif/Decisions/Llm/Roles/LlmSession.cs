using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Tools;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>Language models at work on one moment.</summary>
internal sealed class LlmSession : ITeamSession
{
    // Passages that an analyst's own searches find are numbered from here on, those of the prompt below.
    private const int FirstFound = 101;

    // More than the calls that one may make can show: no two analysts give one id to different passages.
    private const int FoundPerAnalyst = 100;

    private readonly LlmMoment _moment;
    private readonly SortedDictionary<AnalystRole, LlmAnalyst> _analysts = [];
    private readonly List<AnalystTools> _tools = [];

    /// <summary>Seats the analysts.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="roles">Who is on the team.</param>
    /// <param name="createTools">Makes the tools of one analyst, given the number of the first passage that its searches show; null for none.</param>
    internal LlmSession(LlmMoment moment, IReadOnlyList<AnalystRole> roles, Func<int, AnalystTools>? createTools)
    {
        _moment = moment;
        foreach (AnalystRole role in roles)
        {
            AnalystTools? tools = createTools?.Invoke(FirstFound + (FoundPerAnalyst * _analysts.Count));
            _tools.AddRange(tools is null ? [] : [tools]);
            ToolBox? box = tools is null ? null : new ToolBox(tools.Declarations, tools.Execute, () => tools.EvidenceIds);
            _analysts.Add(role, new LlmAnalyst(moment, role, box) { Colleague = r => _analysts[r] });
        }
    }

    public IReadOnlyList<IAnalyst> Analysts => [.. _analysts.Values];

    public async ValueTask<Synthesis> ProposeAsync(Desk desk, Debate debate, CancellationToken cancellationToken)
    {
        Synthesis synthesis = await new LlmManager(_moment, debate, _analysts).ProposeAsync(cancellationToken);
        return synthesis with { Conditions = Conditions(debate) };
    }

    private AgentConditions Conditions(Debate debate)
    {
        ModelRole[] roles = [.. _analysts.Keys.Select(RoleBook.Model), ModelRole.Manager];
        var models = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (ModelRole role in roles)
        {
            ModelOptions options = _moment.Gateway.Setup(role).Options;
            models.Add(role.ToString().ToLowerInvariant(), $"{options.Provider}/{options.Model}");
        }

        return new AgentConditions
        {
            Models = models,
            PromptsHash = _moment.Prompts.Hash,
            Masked = _moment.Options.Mask,
            Memory = _moment.Options.Memory,
            Lessons = _moment.Evidence.LessonIds,
            Documents =
            [
                .. _moment
                    .Evidence.DocumentIds.Concat(_tools.SelectMany(t => t.ShownDocuments))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ],
            BeforeCutoff = BeforeCutoff(roles),
            Missing = [.. _analysts.Keys.Except(debate.Opening.Select(r => r.Role))],
        };
    }

    // One model that may remember is enough; that none can is known only when all cutoffs are.
    private bool? BeforeCutoff(IEnumerable<ModelRole> roles)
    {
        var date = DateOnly.FromDateTime(_moment.Snapshot.AsOf.UtcDateTime);
        DateOnly?[] cutoffs = [.. roles.Select(r => _moment.Gateway.Setup(r).Card.KnowledgeCutoff)];
        return cutoffs.Any(c => date <= c) ? true
            : cutoffs.Contains(null) ? null
            : false;
    }
}
