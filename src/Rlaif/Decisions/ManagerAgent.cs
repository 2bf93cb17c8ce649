using Rlaif.Data;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Decisions;

/// <summary>
/// The portfolio manager. It lets the analysts debate a snapshot and answers the question of the moment with N candidates that read
/// the same reports differently; the first is the static baseline. It keeps no state and may be used from several threads.
/// </summary>
public sealed class ManagerAgent
{
    /// <summary>The name under which the decisions of the rule-based team are recorded.</summary>
    public const string RuleBasedAgents = "rules";

    private readonly ITeam _team;
    private readonly ManagerOptions _options;

    /// <summary>Creates a manager with a team.</summary>
    /// <param name="analysts">At least one analyst, each with a role of its own; their order does not matter.</param>
    /// <param name="options">Limits and seed.</param>
    /// <param name="agents">Name of the team in the records.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">There is no analyst, or two have the same role.</exception>
    public ManagerAgent(IReadOnlyList<IAnalyst> analysts, ManagerOptions options, string agents)
        : this(new RuleBasedTeam(analysts, agents), options) { }

    internal ManagerAgent(ITeam team, ManagerOptions options)
    {
        _team = team;
        _options = options.Validated();
    }

    /// <summary>Limits and seed.</summary>
    public ManagerOptions Options => _options;

    /// <summary>Name of the team in the records.</summary>
    public string Agents => _team.Name;

    /// <summary>Hash of what beside <see cref="Options"/> decides on what the team says (models, prompts); empty for rules.</summary>
    internal string Fingerprint => _team.Fingerprint;

    /// <summary>The team that needs no key: four analysts that follow rules.</summary>
    /// <param name="options">Limits and seed; null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static ManagerAgent RuleBased(ManagerOptions? options = null) =>
        new(
            [new FundamentalAnalyst(), new SentimentAnalyst(), new TechnicalAnalyst(), new RiskAnalyst()],
            options ?? new ManagerOptions(),
            RuleBasedAgents
        );

    /// <summary>A team of language models.</summary>
    /// <param name="team">The models with their prompts, documents and lessons.</param>
    /// <param name="options">Limits and seed; null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static ManagerAgent OnModels(LlmTeam team, ManagerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(team);
        return new ManagerAgent((ITeam)team, options ?? new ManagerOptions());
    }

    /// <summary>Hash of what the team can look up about symbols at a moment; empty for rules.</summary>
    internal string KnowledgeAt(IReadOnlyCollection<string> symbols, DateTimeOffset asOf) => _team.KnowledgeAt(symbols, asOf);

    /// <summary>Whether what the team says costs money.</summary>
    internal bool IsCostly => _team.IsCostly;

    /// <summary>Names the run that begins; what its team spends counts to it.</summary>
    internal void BeginRun(string runId) => _team.BeginRun(runId);

    /// <summary>Debates the snapshot and proposes. The same arguments and options give the same proposal.</summary>
    /// <param name="snapshot">What may be seen.</param>
    /// <param name="runId">The run that decides.</param>
    /// <param name="generation">The turn of the loop: 0 is the untrained baseline.</param>
    /// <param name="cancellationToken">Cancels the debate.</param>
    /// <exception cref="NotEnoughDataException">There are fewer bars than <see cref="ManagerOptions.MinHistoryBars"/>.</exception>
    public async ValueTask<Proposal> AnalyzeAsync(
        MarketSnapshot snapshot,
        string runId,
        int generation,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        using InvariantCulture culture = InvariantCulture.Enter();
        if (snapshot.Bars.Count < _options.MinHistoryBars)
        {
            throw new NotEnoughDataException(
                $"{snapshot.Symbol} has {snapshot.Bars.Count} bars at {snapshot.AsOf:yyyy-MM-dd}; a decision needs {_options.MinHistoryBars}."
            );
        }

        string contextId = DecisionContext.CreateId(runId, snapshot.Symbol, snapshot.AsOf, generation);
        ITeamSession session = _team.Open(snapshot, contextId, _options);
        Debate debate = await DebateModerator.HoldAsync(
            session.Analysts,
            snapshot,
            _options.DebateRounds,
            _options.DebateTolerance,
            cancellationToken
        );
        var desk = new Desk(snapshot, snapshot.Features, debate.Closing);
        Synthesis synthesis = await session.ProposeAsync(desk, debate, cancellationToken);
        var context = new DecisionContext
        {
            ContextId = contextId,
            RunId = runId,
            Symbol = snapshot.Symbol,
            AsOf = snapshot.AsOf,
            Generation = generation,
            Agents = Agents,
            SnapshotHash = snapshot.Hash,
            Features = desk.Features,
            ReferencePrice = snapshot.Bars.Last.Close,
            DailyVolatility = desk.DailyVolatility,
            Beta = desk.Feature("beta_60"),
            Debate = debate,
            Prompt = synthesis.Prompt,
            Conditions = synthesis.Conditions,
        };
        return new Proposal(context, synthesis.Candidates) { Transcript = synthesis.Transcript };
    }
}
