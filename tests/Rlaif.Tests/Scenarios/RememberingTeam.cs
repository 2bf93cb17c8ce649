using Microsoft.Extensions.AI;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Memory;
using Rlaif.Decisions.RuleBased;

namespace Rlaif.Tests.Scenarios;

/// <summary>
/// A small team that remembers: the candidates of the rules, but the first argues with what a model said to a prompt that quotes the
/// lessons. So whatever is remembered shows in the ledger.
/// </summary>
internal sealed class RememberingTeam(LessonBook lessons, ModelGateway gateway) : ITeam
{
    internal const int Shown = 3;

    private readonly RuleBasedTeam _rules = new(
        [new FundamentalAnalyst(), new SentimentAnalyst(), new TechnicalAnalyst(), new RiskAnalyst()],
        "scripted memory"
    );

    public string Name => _rules.Name;

    public string Fingerprint => "scripted";

    public bool IsCostly => true;

    public string KnowledgeAt(IReadOnlyCollection<string> symbols, DateTimeOffset asOf) => string.Empty;

    public void BeginRun(string runId) { }

    public ITeamSession Open(MarketSnapshot snapshot, string contextId, ManagerOptions options) =>
        new Session(_rules.Open(snapshot, contextId, options), lessons, gateway, snapshot);

    private sealed class Session(ITeamSession rules, LessonBook lessons, ModelGateway gateway, MarketSnapshot snapshot)
        : ITeamSession
    {
        public IReadOnlyList<IAnalyst> Analysts => rules.Analysts;

        public async ValueTask<Synthesis> ProposeAsync(Desk desk, Debate debate, CancellationToken cancellationToken)
        {
            Synthesis synthesis = await rules.ProposeAsync(desk, debate, cancellationToken);
            IReadOnlyList<Lesson> shown = lessons.Recall(snapshot.Symbol, snapshot.AsOf, Situation.Of(snapshot), Shown);
            string prompt = $"{synthesis.Prompt}\n{string.Join('\n', shown.Select(l => $"{l.Happened} {l.Advice}"))}";
            var request = new ModelRequest
            {
                Role = ModelRole.Manager,
                Subject = snapshot.Symbol,
                System = "Decide.",
                Messages = [new ChatMessage(ChatRole.User, prompt)],
            };
            ModelReply reply = await gateway.AskAsync(request, null, cancellationToken);
            return synthesis with
            {
                Prompt = prompt,
                Candidates = [.. synthesis.Candidates.Select(c => c.Index == 0 ? c with { Analysis = reply.Text } : c)],
                Conditions = new AgentConditions
                {
                    Models = new Dictionary<string, string>(),
                    PromptsHash = "none",
                    Masked = false,
                    Memory = true,
                    Lessons = [.. shown.Select(l => l.LessonId)],
                    Documents = [],
                    BeforeCutoff = null,
                    Missing = [],
                },
            };
        }
    }
}
