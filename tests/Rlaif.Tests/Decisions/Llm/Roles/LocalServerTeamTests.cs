using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Prompts;
using Rlaif.Tests.Decisions.Llm.Servers;

namespace Rlaif.Tests.Decisions.Llm.Roles;

public sealed class LocalServerTeamTests
{
    [Theory]
    [InlineData(ModelProtocol.Anthropic)]
    [InlineData(ModelProtocol.OpenAi)]
    public async Task AnalyzeAsync_ThroughTheOfficialSdks_DecidesWithToolsAndResearchers(ModelProtocol protocol)
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(protocol, TeamBrain.Answer);
        var options = new ModelOptions { Provider = "openai", Model = ModelClients.Model };
        var card = new ModelCard
        {
            Provider = options.Provider,
            Model = options.Model,
            InputUsd = 1,
            OutputUsd = 5,
        };
        var roster = new ModelRoster(
            Enum.GetValues<ModelRole>()
                .ToDictionary(r => r, _ => new ModelSetup(options, card, () => ModelClients.Create(server, protocol)))
        );
        await using var gateway = new ModelGateway(roster);
        var team = new LlmTeam(gateway, new LlmOptions { Researchers = true }, "local", PromptSet.Default);
        int calls = 0;
        var failures = new List<FailedReply>();
        for (int seed = 0; seed < 6; seed++)
        {
            Proposal proposal = await ManagerAgent
                .OnModels(team)
                .AnalyzeAsync(SimulatedDesk.Snapshot(seed), "run", 0, TestContext.Current.CancellationToken);
            calls += proposal.Transcript.Calls.Count;
            failures.AddRange(proposal.Transcript.Failures);
            Assert.Contains(proposal.Candidates, c => c.Action != TradeAction.Hold);
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures.Select(f => $"{f.Role} {f.Purpose}: {f.Error}")));
        Assert.InRange(calls, 6 * (6 + 6 + 5), 6 * team.CallsPerContext(new ManagerOptions()).High);
    }
}
