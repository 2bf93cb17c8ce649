using System.Text.Json;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Prompts;
using Rlaif.Decisions.Llm.Roles;
using Rlaif.Decisions.Llm.Tools;

namespace Rlaif.Decisions.Llm;

/// <summary>
/// Analysts and a manager on language models: they read the same evidence, debate in real turns, and propose candidates in a fixed shape.
/// Whatever a model replies, limits hold: a reply that breaks one is sent back once and then kept as a failed reply. Keeps no state between
/// moments and may be used from several threads.
/// </summary>
public sealed class LlmTeam : ITeam
{
    // The first reply and one repair.
    private const int TriesOfReply = 2;

    // For estimates: a reply with some reasoning before it, and the fixed text of system prompt and task.
    private const int ReportTokens = 700;
    private const int TaskTokens = 700;

    private readonly LlmOptions _options;
    private readonly DocumentIndex? _documents;
    private readonly LessonBook? _lessons;
    private readonly IReadOnlyList<string>? _symbols;
    private readonly string? _benchmark;
    private readonly IProgress<DebateEvent>? _live;
    private readonly IReadOnlyList<AnalystRole> _analysts;

    /// <summary>Puts a team together.</summary>
    /// <param name="gateway">The door to the models; stays open.</param>
    /// <param name="options">What the team is given.</param>
    /// <param name="name">Name of the team in the records, for example <c>claude</c>; <c> masked</c> and <c> memory</c> are added when so.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="documents">What can be searched; null for no documents.</param>
    /// <param name="lessons">Lessons of earlier outcomes; needed when <see cref="LlmOptions.Memory"/> is on, and unused otherwise.</param>
    /// <param name="symbols">All symbols of the market, for masking; null for the one decided on.</param>
    /// <param name="benchmark">The symbol of the market index, for masking; null when there is none.</param>
    /// <param name="live">Told who speaks and what; null for nobody. May be called from several threads.</param>
    /// <exception cref="RlaifInputException">An option is out of range, or a role has no model.</exception>
    /// <exception cref="ArgumentException">Memory is on and there are no lessons.</exception>
    public LlmTeam(
        ModelGateway gateway,
        LlmOptions options,
        string name,
        PromptSet prompts,
        DocumentIndex? documents = null,
        LessonBook? lessons = null,
        IReadOnlyList<string>? symbols = null,
        string? benchmark = null,
        IProgress<DebateEvent>? live = null
    )
    {
        ArgumentNullException.ThrowIfNull(gateway);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(prompts);
        _options = options.Validated();
        if (options.Memory && lessons is null)
        {
            throw new ArgumentException("Memory needs a book of lessons.", nameof(lessons));
        }

        (Gateway, Prompts) = (gateway, prompts);
        (_documents, _symbols, _benchmark, _live) = (documents, symbols, benchmark, live);
        _lessons = options.Memory ? lessons : null;
        _analysts = RoleBook.Analysts(options);
        Roles = [.. _analysts.Select(RoleBook.Model), ModelRole.Manager];
        Name = $"{name}{(options.Mask ? " masked" : "")}{(options.Memory ? " memory" : "")}";
        Fingerprint = CreateFingerprint();
    }

    /// <summary>The name in the records.</summary>
    public string Name { get; }

    /// <summary>Hash of options, prompts, shapes of replies, and of model and parameters of each role.</summary>
    public string Fingerprint { get; }

    /// <summary>Whether lessons of earlier outcomes are shown.</summary>
    public bool HasMemory => _lessons is not null;

    /// <summary>Whether names, tickers, dates and price levels are replaced before a model sees them.</summary>
    public bool IsMasked => _options.Mask;

    /// <summary>The prompts.</summary>
    public PromptSet Prompts { get; }

    /// <summary>The door to the models.</summary>
    public ModelGateway Gateway { get; }

    /// <summary>The roles that are asked for a decision, the manager last.</summary>
    public IReadOnlyList<ModelRole> Roles { get; }

    /// <summary>
    /// The fewest and the most calls that one context can take, all roles together: the debate ends after its first round, nobody calls a tool
    /// and nothing is repaired, or the other way round.
    /// </summary>
    public (int Low, int High) CallsPerContext(ManagerOptions options) =>
        (Roles.Sum(r => CallsPerContext(r, options).Low), Roles.Sum(r => CallsPerContext(r, options).High));

    /// <summary>The fewest and the most calls of one role; none for a role that is not asked for a decision.</summary>
    public (int Low, int High) CallsPerContext(ModelRole role, ManagerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (role == ModelRole.Manager)
        {
            return (options.Candidates, options.Candidates * TriesOfReply);
        }

        int opening = TriesOfReply + (_options.Tools ? _options.ToolRounds : 0);
        return Roles.Contains(role)
            ? (1 + Math.Min(options.DebateRounds, 1), opening + (options.DebateRounds * TriesOfReply))
            : (0, 0);
    }

    /// <summary>
    /// What deciding a number of contexts will ask at least, for an estimate of its cost: prompts as long as those of a sample, debates that end
    /// after their first round, no tools and no repairs.
    /// </summary>
    /// <param name="sample">A typical moment.</param>
    /// <param name="options">The manager's.</param>
    /// <param name="contexts">How many contexts are decided.</param>
    public IReadOnlyList<PlannedCalls> Plan(MarketSnapshot sample, ManagerOptions options, int contexts)
    {
        using InvariantCulture culture = InvariantCulture.Enter();
        LlmMoment moment = Open(sample, string.Empty, options);
        int rules = CostEstimate.Tokens(Prompts.Fill("rules"));
        int all = CostEstimate.Tokens(EvidenceBook.Render(moment.Evidence.ForManager(new HashSet<string>()), string.Empty));
        return
        [
            .. _analysts.Select(role =>
            {
                int own = CostEstimate.Tokens(EvidenceBook.Render(moment.Evidence.For(role), string.Empty));
                int calls = CallsPerContext(RoleBook.Model(role), options).Low;
                // An answer repeats the own conversation and quotes the others.
                int repeated = (calls - 1) * (own + (_analysts.Count * ReportTokens));
                return new PlannedCalls(
                    RoleBook.Model(role),
                    (long)calls * contexts,
                    TaskTokens + rules + own + (repeated / calls),
                    ReportTokens
                );
            }),
            new PlannedCalls(
                ModelRole.Manager,
                (long)options.Candidates * contexts,
                TaskTokens + rules + all + (_analysts.Count * ReportTokens),
                ReportTokens
            ),
        ];
    }

    bool ITeam.IsCostly => true;

    string ITeam.KnowledgeAt(IReadOnlyCollection<string> symbols, DateTimeOffset asOf) =>
        _documents?.FingerprintAt(symbols, asOf) ?? string.Empty;

    void ITeam.BeginRun(string runId) => Gateway.BeginRun(runId);

    ITeamSession ITeam.Open(MarketSnapshot snapshot, string contextId, ManagerOptions options)
    {
        LlmMoment moment = Open(snapshot, contextId, options);
        return new LlmSession(
            moment,
            _analysts,
            _options.Tools ? first => new AnalystTools(snapshot, moment.Masker, _documents, options, first) : null
        );
    }

    private LlmMoment Open(MarketSnapshot snapshot, string contextId, ManagerOptions options)
    {
        Masker masker = _options.Mask ? Masker.Hide(snapshot, _symbols ?? [snapshot.Symbol], _benchmark) : Masker.None(snapshot);
        return new LlmMoment
        {
            Snapshot = snapshot,
            ContextId = contextId,
            Gateway = Gateway,
            Options = _options,
            Limits = options,
            Prompts = Prompts,
            Masker = masker,
            Evidence = new EvidenceBook(
                snapshot,
                masker,
                options,
                _analysts,
                query => Search(snapshot, query),
                _lessons?.Recall(snapshot.Symbol, snapshot.AsOf, Situation.Of(snapshot), _options.Lessons) ?? []
            ),
            Live = _live,
        };
    }

    private IReadOnlyList<DocumentPassage> Search(MarketSnapshot snapshot, string query) =>
        _options.Passages == 0 || _documents is null
            ? []
            : _documents.Search(snapshot.Symbol, snapshot.AsOf, query, _options.Passages);

    private string CreateFingerprint()
    {
        IEnumerable<string> models = Roles.Select(role =>
        {
            (ModelOptions options, ModelCard card, _) = Gateway.Setup(role);
            return $"{role} {options.Provider} {options.Model} {options.MaxOutputTokens} {options.Effort} {card.TakesTemperature} {options.Schema ?? card.Schema}";
        });
        IEnumerable<string> schemas = new[] { ReportReply.Schema, TurnReply.Schema, CandidateReply.Schema }.Select(s =>
            s.Schema.GetRawText()
        );
        return ContentId.Create(
            "team",
            [
                JsonSerializer.Serialize(_options, RlaifJson.Compact),
                Prompts.Hash,
                _documents is null ? "no documents" : "documents",
                .. schemas,
                .. models,
            ]
        );
    }
}
