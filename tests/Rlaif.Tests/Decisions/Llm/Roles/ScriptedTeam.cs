using System.Text.Json;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm;
using Rlaif.Decisions.Llm.Calls;
using Rlaif.Decisions.Llm.Prompts;

namespace Rlaif.Tests.Decisions.Llm.Roles;

/// <summary>A team whose model gives a sound reply to everything, unless a test says otherwise.</summary>
internal sealed class ScriptedTeam
{
    private static readonly LlmOptions NoTools = new() { Tools = false };

    /// <summary>Creates a team.</summary>
    /// <param name="reply">Replaces a reply; null keeps the sound one.</param>
    /// <param name="options">What the team is given; null for no tools.</param>
    /// <param name="takesTemperature">Whether the model varies by temperature.</param>
    /// <param name="live">Sees the debate.</param>
    public ScriptedTeam(
        Func<Asked, string?>? reply = null,
        LlmOptions? options = null,
        bool takesTemperature = false,
        IProgress<DebateEvent>? live = null
    )
        : this(asked => reply?.Invoke(asked) is { } text ? ScriptedChatClient.Reply(text) : null, options, takesTemperature, live)
    { }

    /// <inheritdoc cref="ScriptedTeam(Func{Asked, string}, LlmOptions, bool, IProgress{DebateEvent})"/>
    public ScriptedTeam(
        Func<Asked, ChatResponse?> reply,
        LlmOptions? options = null,
        bool takesTemperature = false,
        IProgress<DebateEvent>? live = null
    )
    {
        Client = new ScriptedChatClient(
            (messages, chat) => reply(new Asked(messages, chat)) ?? ScriptedChatClient.Reply(Sound(new Asked(messages, chat)))
        );
        Gateway = new ModelGateway(Client.Roster(takesTemperature));
        Team = new LlmTeam(Gateway, options ?? NoTools, "scripted", PromptSet.Default, live: live);
    }

    public ScriptedChatClient Client { get; }

    public ModelGateway Gateway { get; }

    public LlmTeam Team { get; }

    public IReadOnlyList<Asked> Asked => [.. Client.Asked.Select(a => new Asked(a.Messages, a.Options))];

    public async Task<Proposal> ProposeAsync(MarketSnapshot snapshot, ManagerOptions? options = null) =>
        await ManagerAgent.OnModels(Team, options).AnalyzeAsync(snapshot, "run", 0, TestContext.Current.CancellationToken);

    /// <summary>A reply that breaks no rule.</summary>
    public static string Sound(Asked asked) =>
        asked.Shape switch
        {
            "analyst_report" => Report(asked),
            "debate_turn" => Json(
                new
                {
                    Statement = $"The point of [{asked.Opponent}] stands on one fact; I move a little.",
                    Score = Score(asked.Role) * 0.9,
                    Confidence = 0.5,
                }
            ),
            _ => Candidate(asked),
        };

    /// <summary>An object as JSON with the names of the shapes.</summary>
    public static string Json(object value) => JsonSerializer.Serialize(value, RlaifJson.Compact);

    private static string Report(Asked asked) =>
        Json(
            new
            {
                Reasoning = new[] { $"The {asked.Role} evidence is thin [{asked.Ids[0]}].", "Costs eat most of it." },
                Analysis = $"A {asked.Role} view of \"{asked.Ids.Count}\" items.",
                Evidence = new[] { asked.Ids[0], asked.Ids[^1] },
                Score = Score(asked.Role),
                Confidence = 0.55,
            }
        );

    private static string Candidate(Asked asked)
    {
        string action =
            asked.Side.Length > 0 ? asked.Side
            : asked.Persona is "cautious" ? "hold"
            : "buy";
        return Json(
            new
            {
                Reasoning = new[] { $"As {asked.Persona} I weigh [F1] first.", "The reports are of two minds." },
                Analysis = $"A {asked.Persona} proposal.",
                Evidence = new[] { "F1", "F2" },
                MainRisk = "The move reverses at the open.",
                Score = action switch
                {
                    "buy" => 0.3,
                    "sell" => -0.3,
                    _ => 0.05,
                },
                Confidence = 0.6,
                Action = action,
                PositionSize = action == "hold" ? 0 : 0.03,
            }
        );
    }

    private static double Score(string role) =>
        role switch
        {
            "fundamental" => 0.3,
            "sentiment" => -0.2,
            "technical" => 0.5,
            "risk" => -0.1,
            "bull" => 0.6,
            _ => -0.5,
        };
}
