using System.Collections.Immutable;
using Rlaif.Data;
using Rlaif.Data.Indicators;
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

    private readonly ImmutableArray<IAnalyst> _analysts;
    private readonly ManagerOptions _options;

    /// <summary>Creates a manager with a team.</summary>
    /// <param name="analysts">At least one analyst, each with a role of its own; their order does not matter.</param>
    /// <param name="options">Limits and seed.</param>
    /// <param name="agents">Name of the team in the records.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">There is no analyst, or two have the same role.</exception>
    public ManagerAgent(IReadOnlyList<IAnalyst> analysts, ManagerOptions options, string agents)
    {
        ArgumentException.ThrowIfNullOrEmpty(agents);
        if (analysts.Count == 0 || analysts.DistinctBy(a => a.Role).Count() != analysts.Count)
        {
            throw new ArgumentException("There must be at least one analyst, and no two with the same role.", nameof(analysts));
        }

        _analysts = [.. analysts];
        _options = options.Validated();
        Agents = agents;
    }

    /// <summary>Limits and seed.</summary>
    public ManagerOptions Options => _options;

    /// <summary>Name of the team in the records.</summary>
    public string Agents { get; }

    /// <summary>The team that needs no key: four analysts that follow rules.</summary>
    /// <param name="options">Limits and seed; null for the defaults.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public static ManagerAgent RuleBased(ManagerOptions? options = null) =>
        new(
            [new FundamentalAnalyst(), new SentimentAnalyst(), new TechnicalAnalyst(), new RiskAnalyst()],
            options ?? new ManagerOptions(),
            RuleBasedAgents
        );

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

        Debate debate = await DebateModerator.HoldAsync(
            _analysts,
            snapshot,
            _options.DebateRounds,
            _options.DebateTolerance,
            cancellationToken
        );
        var desk = new Desk(snapshot, snapshot.Features, debate.Closing);
        DecisionContext context = CreateContext(desk, debate, runId, generation);
        return new Proposal(context, Propose(desk, context));
    }

    private DecisionContext CreateContext(Desk desk, Debate debate, string runId, int generation) =>
        new()
        {
            ContextId = DecisionContext.CreateId(runId, desk.Snapshot.Symbol, desk.Snapshot.AsOf, generation),
            RunId = runId,
            Symbol = desk.Snapshot.Symbol,
            AsOf = desk.Snapshot.AsOf,
            Generation = generation,
            Agents = Agents,
            SnapshotHash = desk.Snapshot.Hash,
            Features = desk.Features,
            ReferencePrice = desk.Snapshot.Bars.Last.Close,
            DailyVolatility = desk.DailyVolatility,
            Beta = desk.Feature("beta_60"),
            Debate = debate,
            Prompt = MarketBrief.Render(desk.Snapshot, desk.Features, debate.Closing),
        };

    private List<Candidate> Propose(Desk desk, DecisionContext context)
    {
        var root = new DeterministicRandom(_options.Seed);
        var views = new List<ManagerView>(_options.Candidates);
        for (int index = 0; index < _options.Candidates; index++)
        {
            // Of the moment, not of the run: the same moment has the same candidates in every run, so that runs can be compared.
            DeterministicRandom random = root.Fork($"{context.Symbol}/{context.AsOf.UtcTicks}/{index}");
            Stance stance = StanceBook.At(index, random);
            views.Add(
                stance.Kind == StanceKind.Contrarian
                    ? ManagerView.Against(Crowd(views), stance, desk, _options, random)
                    : ManagerView.Of(stance, desk, _options, random)
            );
        }

        return [.. views.Select((view, index) => CreateCandidate(view, index, desk, context, views[0]))];
    }

    // The contrarian opposes the baseline, or the trend (which always takes a side) where the baseline holds: so both sides of the
    // market are always on the table.
    private static ManagerView Crowd(List<ManagerView> views) => views[0].Side != 0 ? views[0] : views[1];

    private static Candidate CreateCandidate(
        ManagerView view,
        int index,
        Desk desk,
        DecisionContext context,
        ManagerView baseline
    )
    {
        var writer = new CandidateWriter(desk, view, baseline);
        return new Candidate
        {
            CandidateId = Candidate.CreateId(context.ContextId, index),
            ContextId = context.ContextId,
            Index = index,
            Symbol = context.Symbol,
            AsOf = context.AsOf,
            Action = view.Action,
            PositionSize = view.PositionSize,
            Score = view.Score,
            Confidence = view.Confidence,
            Stance = view.Stance.Name,
            Analysis = writer.Analysis(),
            Reasoning = writer.Reasoning(),
        };
    }
}
