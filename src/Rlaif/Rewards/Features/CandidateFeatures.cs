using Rlaif.Decisions;

namespace Rlaif.Rewards.Features;

/// <summary>What a candidate itself brings, beside what it shares with the other candidates of its context.</summary>
internal static class CandidateFeatures
{
    /// <summary>Number of features.</summary>
    public const int Count = 7;

    /// <summary>Position of <c>exposure</c>, which multiplies the market features.</summary>
    public const int Exposure = 2;

    private const string Deviations = "sd";

    /// <summary>Their names and units, in order.</summary>
    public static IReadOnlyList<FeatureColumn> Columns { get; } =
    [
        new("side", "side"),
        new("position_size", Deviations),
        new("exposure", Deviations),
        new("agent_score", Deviations),
        new("agent_confidence", Deviations),
        new("score_agreement", Deviations),
        new("is_hold", "flag"),
    ];

    /// <summary>Whether a feature is centered. The signed ones are not: zero has to stay "no position, no view".</summary>
    public static bool IsCentered(int index) => Columns[index].Name is "position_size" or "agent_confidence";

    /// <summary>Whether a feature is scaled at all; the side and the flag are not.</summary>
    public static bool IsScaled(int index) => Columns[index].Unit == Deviations;

    /// <summary>1 for a buy, -1 for a sell, 0 for a hold.</summary>
    public static int Side(TradeAction action) =>
        action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };

    /// <summary>Writes the raw values, in the order of <see cref="Columns"/>.</summary>
    public static void Write(Candidate candidate, Span<double> destination)
    {
        int side = Side(candidate.Action);
        destination[0] = side;
        destination[1] = candidate.PositionSize;
        destination[Exposure] = side * candidate.PositionSize;
        destination[3] = candidate.Score;
        destination[4] = candidate.Confidence;
        destination[5] = side * candidate.Score;
        destination[6] = candidate.Action == TradeAction.Hold ? 1 : 0;
    }
}
