using System.Text.Json;
using System.Text.Json.Nodes;
using Rlaif.Core;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>
/// A deterministic stand-in for the models of a team: it replies in whatever shape a request asks for. What it says depends on the prompt
/// alone: the same prompt gives the same reply on every machine, another prompt another one.
/// </summary>
internal static class TeamBrain
{
    private const int ToolOdds = 4;

    /// <summary>Answers a request: in one of four cases with a call of a tool where tools are offered, else in the shape that is asked for.</summary>
    public static ModelServerReply Answer(ModelServerRequest request)
    {
        DeterministicRandom random = new DeterministicRandom(0).Fork($"{request.Prompt}|{request.Temperature}");
        if (request.Tools.Count > 0 && !request.HasToolResults && random.NextInt(ToolOdds) == 0)
        {
            ModelServerTool tool = request.Tools[random.NextInt(request.Tools.Count)];
            return ModelServerReply.ToolCall(tool.Name, Fill(tool.Schema, request, random));
        }
        return ModelServerReply.Text(
            request.Schema is { } schema ? Fill(schema, request, random) : BrainPhrases.Sentence(BrainView.Of(request), random)
        );
    }

    /// <summary>A value of a schema, as JSON.</summary>
    public static string Fill(JsonElement schema, ModelServerRequest request, DeterministicRandom random)
    {
        JsonNode? value = new SchemaAnswer(schema, BrainView.Of(request), random).Write();
        return value is null ? "null" : WireText.Json(value);
    }
}
