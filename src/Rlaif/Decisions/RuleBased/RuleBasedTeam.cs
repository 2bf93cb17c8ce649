using System.Collections.Immutable;
using Rlaif.Data;

namespace Rlaif.Decisions.RuleBased;

/// <summary>A team that needs no key: its manager reads the reports under several stances, by rules.</summary>
internal sealed class RuleBasedTeam : ITeam
{
    private readonly ImmutableArray<IAnalyst> _analysts;

    internal RuleBasedTeam(IReadOnlyList<IAnalyst> analysts, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (analysts.Count == 0 || analysts.DistinctBy(a => a.Role).Count() != analysts.Count)
        {
            throw new ArgumentException("There must be at least one analyst, and no two with the same role.", nameof(analysts));
        }

        _analysts = [.. analysts];
        Name = name;
    }

    public string Name { get; }

    public string Fingerprint => string.Empty;

    public bool IsCostly => false;

    public string KnowledgeAt(IReadOnlyCollection<string> symbols, DateTimeOffset asOf) => string.Empty;

    public void BeginRun(string runId) { }

    public ITeamSession Open(MarketSnapshot snapshot, string contextId, ManagerOptions options) =>
        new Session(_analysts, snapshot, contextId, options);

    private sealed class Session(
        ImmutableArray<IAnalyst> analysts,
        MarketSnapshot snapshot,
        string contextId,
        ManagerOptions options
    ) : ITeamSession
    {
        public IReadOnlyList<IAnalyst> Analysts => analysts;

        public ValueTask<Synthesis> ProposeAsync(Desk desk, Debate debate, CancellationToken cancellationToken) =>
            ValueTask.FromResult(
                new Synthesis { Prompt = MarketBrief.Render(snapshot, desk.Features, debate.Closing), Candidates = Propose(desk) }
            );

        private List<Candidate> Propose(Desk desk)
        {
            var root = new DeterministicRandom(options.Seed);
            var views = new List<ManagerView>(options.Candidates);
            for (int index = 0; index < options.Candidates; index++)
            {
                // Of the moment, not of the run: the same moment has the same candidates in every run, so that runs can be compared.
                DeterministicRandom random = root.Fork($"{snapshot.Symbol}/{snapshot.AsOf.UtcTicks}/{index}");
                Stance stance = StanceBook.At(index, random);
                views.Add(
                    stance.Kind == StanceKind.Contrarian
                        ? ManagerView.Against(Crowd(views), stance, desk, options, random)
                        : ManagerView.Of(stance, desk, options, random)
                );
            }

            return [.. views.Select((view, index) => CreateCandidate(view, index, desk, views[0]))];
        }

        // The contrarian opposes the baseline, or the trend (which always takes a side) where the baseline holds: so both sides of the
        // market are always on the table.
        private static ManagerView Crowd(List<ManagerView> views) => views[0].Side != 0 ? views[0] : views[1];

        private Candidate CreateCandidate(ManagerView view, int index, Desk desk, ManagerView baseline)
        {
            var writer = new CandidateWriter(desk, view, baseline);
            return new Candidate
            {
                CandidateId = Candidate.CreateId(contextId, index),
                ContextId = contextId,
                Index = index,
                Symbol = snapshot.Symbol,
                AsOf = snapshot.AsOf,
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
}
