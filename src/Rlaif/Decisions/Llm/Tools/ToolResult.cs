using System.Text.Json.Nodes;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>How tools answer: JSON of bounded length.</summary>
internal static class ToolResult
{
    /// <summary>Results are never longer, in UTF-16 units.</summary>
    internal const int MaxLength = 4000;

    private const int MaxError = 600;
    private const int Decimals = 4;
    private const double Largest = 1e15;

    /// <summary>A result that says what was wrong and what is allowed.</summary>
    internal static JsonObject Error(string problem) => new() { ["error"] = Headlines.Clean(problem, MaxError) };

    /// <summary>A number with four decimals; null where it is not finite or beyond measure.</summary>
    internal static JsonNode? Number(double value) =>
        double.IsFinite(value) && Math.Abs(value) < Largest ? JsonValue.Create(Math.Round(value, Decimals)) : null;

    /// <summary>The text of a result.</summary>
    internal static string Write(JsonObject result) => result.ToJsonString(RlaifJson.Compact);

    /// <summary>Takes away from the front of a list within the result until it fits, and says so.</summary>
    internal static JsonObject Fit(JsonObject result, JsonArray list, string notice)
    {
        while (list.Count > 1 && Write(result).Length > MaxLength)
        {
            list.RemoveAt(0);
            result["notice"] = notice;
        }

        return result;
    }
}
