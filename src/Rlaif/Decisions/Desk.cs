using Rlaif.Data;

namespace Rlaif.Decisions;

/// <summary>What lies on the manager's table when the debate is over.</summary>
internal sealed record Desk(
    MarketSnapshot Snapshot,
    IReadOnlyDictionary<string, double?> Features,
    IReadOnlyList<AnalystReport> Reports
)
{
    /// <summary>The last five sessions in units of their usual swing, in [-1, 1]: what a short horizon sees.</summary>
    internal double ShortView =>
        Math.Tanh((Feature("return_5") / (Feature("volatility_20") * Math.Sqrt(5))) is { } z && double.IsFinite(z) ? z : 0);

    /// <summary>
    /// Cheapness against the own past, in [-1, 1]: minus the distance from the 200-day average in units of its usual size (a random
    /// walk's is volatility * sqrt(200 / 3)), or minus the 60-day momentum while there are too few bars.
    /// </summary>
    internal double LongView =>
        Math.Tanh(
            -(
                (Feature("distance_sma_200") / (Feature("volatility_60") * Math.Sqrt(200.0 / 3))) is { } z && double.IsFinite(z)
                    ? z
                    : Feature("momentum_60") ?? 0
            )
        );

    /// <summary>Standard deviation of daily returns, a fraction; null when unknown.</summary>
    internal double? DailyVolatility => ExpectedVolatility.Daily(Snapshot, Features);

    /// <summary>The report of a role; null when nobody on the team has it.</summary>
    internal AnalystReport? Report(AnalystRole role) => Reports.FirstOrDefault(r => r.Role == role);

    /// <summary>A feature by name; null when unknown.</summary>
    internal double? Feature(string name) => Features.GetValueOrDefault(name);
}
