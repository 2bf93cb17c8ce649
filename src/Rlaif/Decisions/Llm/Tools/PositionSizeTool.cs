using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>The size at which a stop costs no more than a given part of the equity.</summary>
internal sealed class PositionSizeTool(MarketSnapshot snapshot, ManagerOptions options)
{
    private const double LeastRisk = 0.0001;
    private const double MostRisk = 0.1;
    private const double NearestStop = 0.25;
    private const double FarthestStop = 10;
    private const double Steps = 1000;

    internal static AIFunctionDeclaration Declaration { get; } =
        AIFunctionFactory.CreateDeclaration(
            "position_size",
            "The position, a fraction of equity, that loses no more than the given risk when the price moves against it by the stop distance; never above the largest position allowed.",
            ToolParameter.Schema(
                new("risk", "number", "Largest acceptable loss as a fraction of equity, 0.0001 to 0.1; 0.005 is half a percent."),
                new(
                    "stop_swings",
                    "number",
                    "Distance of the stop in daily swings (standard deviations of daily returns), 0.25 to 10."
                )
            )
        );

    internal JsonObject Run(ToolArguments arguments)
    {
        double risk = arguments.Number("risk", LeastRisk, MostRisk);
        double swings = arguments.Number("stop_swings", NearestStop, FarthestStop);
        if (arguments.Problems is { } problems)
        {
            return ToolResult.Error(problems);
        }

        return ExpectedVolatility.Daily(snapshot, snapshot.Features) is { } daily and > 0
            ? Size(risk, swings, daily)
            : ToolResult.Error("The daily swing is unknown: there are too few sessions, or the price does not move.");
    }

    private JsonObject Size(double risk, double swings, double daily)
    {
        double limit = options.MaxPositionSize;
        double stop = swings * daily;
        // Rounded down, so that the risk is kept.
        double size = Math.Min(Math.Floor(risk / stop * Steps) / Steps, limit);
        string bound = risk / stop > limit ? $", limited to {limit:0.###}" : string.Empty;
        FormattableString arithmetic = $"{risk:0.####} / ({swings:0.##} x {daily:0.0000}) = {risk / stop:0.000}{bound}";
        return new JsonObject
        {
            ["size"] = ToolResult.Number(size),
            ["largest_allowed"] = ToolResult.Number(limit),
            ["daily_swing"] = ToolResult.Number(daily),
            ["stop_distance"] = ToolResult.Number(stop),
            ["loss_at_stop"] = ToolResult.Number(size * stop),
            ["arithmetic"] = arithmetic.ToString(CultureInfo.InvariantCulture),
        };
    }
}
