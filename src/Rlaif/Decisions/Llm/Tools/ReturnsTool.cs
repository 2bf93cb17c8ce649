using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Tools;

/// <summary>Return, volatility and drawdown of the instrument or of the market over the last sessions.</summary>
internal sealed class ReturnsTool(MarketSnapshot snapshot)
{
    private const int Fewest = 2;
    private const int SessionsPerYear = 252;
    private const string Instrument = "instrument";
    private const string Benchmark = "benchmark";

    internal static AIFunctionDeclaration Declaration { get; } =
        AIFunctionFactory.CreateDeclaration(
            "returns",
            "Total return, annualised volatility, largest drawdown, best and worst session over the last sessions; all as fractions (0.05 is 5%).",
            ToolParameter.Schema(
                new("series", "string", "The instrument, or the market index.", [Instrument, Benchmark]),
                new("sessions", "integer", $"How many sessions, {Fewest} to {MarketSnapshot.HistoryBars}.")
            )
        );

    internal JsonObject Run(ToolArguments arguments)
    {
        string? series = arguments.Choice("series", [Instrument, Benchmark]);
        int sessions = arguments.Whole("sessions", Fewest, MarketSnapshot.HistoryBars);
        if (arguments.Problems is { } problems)
        {
            return ToolResult.Error(problems);
        }

        BarWindow window = series == Benchmark ? snapshot.Benchmark : snapshot.Bars;
        double[] returns = Returns(window.Closes, sessions);
        return returns.Length < Fewest || !Array.TrueForAll(returns, double.IsFinite)
            ? ToolResult.Error($"No returns of the {series} are known.")
            : Measures(series!, sessions, returns, SessionsPerYear * ExpectedVolatility.BarsPerSession(window));
    }

    private static JsonObject Measures(string series, int asked, double[] returns, double perYear)
    {
        var result = new JsonObject
        {
            ["series"] = series,
            ["sessions"] = returns.Length,
            ["total_return"] = ToolResult.Number(ReturnStatistics.TotalReturn(returns)),
            ["annualised_volatility"] = ToolResult.Number(
                ReturnStatistics.StandardDeviation(returns)!.Value * Math.Sqrt(perYear)
            ),
            ["max_drawdown"] = ToolResult.Number(ReturnStatistics.MaxDrawdown(returns)),
            ["best"] = Session(returns, Array.IndexOf(returns, returns.Max())),
            ["worst"] = Session(returns, Array.IndexOf(returns, returns.Min())),
        };
        if (returns.Length < asked)
        {
            result["notice"] = $"Only {returns.Length} sessions are known.";
        }

        return result;
    }

    private static JsonObject Session(double[] returns, int index) =>
        new() { ["session"] = index - returns.Length + 1, ["return"] = ToolResult.Number(returns[index]) };

    // The newest last; fewer where less is known.
    private static double[] Returns(ReadOnlySpan<double> closes, int sessions)
    {
        var returns = new double[Math.Clamp(closes.Length - 1, 0, sessions)];
        for (int i = 0; i < returns.Length; i++)
        {
            int at = closes.Length - returns.Length + i;
            returns[i] = (closes[at] / closes[at - 1]) - 1;
        }

        return returns;
    }
}
