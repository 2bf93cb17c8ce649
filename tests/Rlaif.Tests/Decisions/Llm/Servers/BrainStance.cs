using Rlaif.Core;

namespace Rlaif.Tests.Decisions.Llm.Servers;

/// <summary>The opinion behind one reply, so that its score, action and size fit each other.</summary>
/// <param name="Score">From -1 to 1.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="Action"><c>buy</c>, <c>sell</c> or <c>hold</c>.</param>
/// <param name="Boldness">Share of the largest position, above 0 and at most 1; it counts for buy and sell.</param>
internal sealed record BrainStance(double Score, double Confidence, string Action, double Boldness)
{
    private const double TradeFrom = 0.1;

    /// <summary>Forms an opinion: near the own earlier one, else near that of the reports, else at random; within the scores allowed.</summary>
    public static BrainStance Form(BrainView view, (double Min, double Max) scores, DeterministicRandom random)
    {
        double noise = (2 * random.NextDouble()) - 1;
        double score = view switch
        {
            { OwnScore: { } own } => (0.8 * own) + (0.1 * noise),
            { Leaning: { } leaning } => leaning + (0.4 * noise),
            _ => 0.7 * noise,
        };
        string action =
            view.ForcedSide
            ?? (
                Math.Abs(score) < TradeFrom ? "hold"
                : score > 0 ? "buy"
                : "sell"
            );
        score = action switch
        {
            "buy" => Math.Max(Math.Abs(score), TradeFrom),
            "sell" => -Math.Max(Math.Abs(score), TradeFrom),
            _ => score,
        };
        return new BrainStance(
            Math.Round(Math.Clamp(score, scores.Min, scores.Max), 2),
            Math.Round(0.3 + (0.5 * random.NextDouble()), 2),
            action,
            0.25 + (0.5 * random.NextDouble())
        );
    }
}
