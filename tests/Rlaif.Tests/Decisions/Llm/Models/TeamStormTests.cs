using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Models;
using Rlaif.Decisions.Llm.Prompts;
using Rlaif.Tests.Decisions.Llm.Servers;

namespace Rlaif.Tests.Decisions.Llm.Models;

/// <summary>Many contexts at once ask more than a server takes, over HTTP and through the official client.</summary>
public sealed class TeamStormTests
{
    private const int Contexts = 8;
    private const int ServerTakes = 4;
    private const string Key = "sk-proj-PLANTED0123456789abcdefghijKEY";

    [Fact]
    public async Task AnalyzeAsync_ServerTakesAQuarterOfWhatIsAsked_EveryContextEndsWithNoCallLostOrDoubled()
    {
        await using FakeModelServer server = await FakeModelServer.StartAsync(
            ModelProtocol.OpenAi,
            TeamBrain.Answer,
            maxInFlight: ServerTakes,
            fillsUp: true,
            key: Key,
            retryAfter: TimeSpan.FromMilliseconds(150)
        );
        await using var gateway = new ModelGateway(Roster(server));
        var team = new LlmTeam(gateway, new LlmOptions { Tools = false }, "openai", PromptSet.Default);
        var manager = ManagerAgent.OnModels(team, new ManagerOptions { Candidates = 3, DebateRounds = 1 });
        Proposal[] proposals = await Task.WhenAll(
            Enumerable
                .Range(0, Contexts)
                .Select(seed =>
                    manager
                        .AnalyzeAsync(SimulatedDesk.Snapshot(seed), $"run {seed}", 0, TestContext.Current.CancellationToken)
                        .AsTask()
                )
        );
        Assert.All(proposals, p => Assert.Equal(4, p.Context.Debate.Opening.Count));
        Assert.All(
            proposals,
            p => Assert.Equal(3, p.Candidates.Count + p.Transcript.Failures.Count(f => f.Role == ModelRole.Manager))
        );
        Assert.InRange(server.Refused, 1, server.Received);
        // The client was told more than once that it is too much, and never grew beyond what it was given.
        Assert.InRange(server.PeakInFlight, ServerTakes + 1, 16);
        // What the server answered is what the ledgers hold, each call once.
        Assert.Equal(server.Completed, proposals.Sum(p => p.Transcript.Calls.Count));
        Assert.Equal(server.Received, server.Completed + server.Refused);
        string[] ids = [.. proposals.SelectMany(p => p.Transcript.Calls).Select(c => c.CallId)];
        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(
            proposals.SelectMany(p => p.Transcript.Calls.Select(c => (c, p))),
            x => Assert.Contains(x.p.Transcript.Texts, t => t.TextId == x.c.ReplyId)
        );
    }

    private static ModelRoster Roster(FakeModelServer server)
    {
        var options = new ModelOptions
        {
            Provider = "openai",
            Model = "test-model",
            BaseUrl = server.BaseUrl,
            KeyVariable = "TEST_KEY",
            Concurrency = 16,
        };
        return ModelRoster.Create(
            Enum.GetValues<ModelRole>().ToDictionary(r => r, _ => options),
            name => name == "TEST_KEY" ? Key : null,
            ModelTable.Load(),
            TimeProvider.System
        );
    }
}
