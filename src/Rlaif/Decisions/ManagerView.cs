namespace Rlaif.Decisions;

/// <summary>The manager's reading of the desk under one stance.</summary>
internal sealed record ManagerView(Stance Stance, double Score, double Confidence, TradeAction Action, double PositionSize)
{
    private const double HorizonConfidence = 0.5;
    private const double DispersionDiscount = 0.5;
    private const double Epsilon = 1e-12;

    /// <summary>1 for a buy, -1 for a sell, 0 for a hold.</summary>
    internal int Side =>
        Action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };

    /// <summary>Weighs the reports by stance and confidence and turns the result into an action with a size.</summary>
    internal static ManagerView Of(Stance stance, Desk desk, ManagerOptions options, DeterministicRandom random)
    {
        List<(double Score, double Confidence, double Weight)> voices =
        [
            .. desk.Reports.Select(r => (r.Score, r.Confidence, stance.Weight(r.Role))),
        ];
        if (Math.Abs(stance.Horizon) > 0)
        {
            double view = stance.Horizon > 0 ? desk.ShortView : desk.LongView;
            voices.Add((view, HorizonConfidence, Math.Abs(stance.Horizon)));
        }

        double weight = voices.Sum(v => v.Weight * v.Confidence);
        if (weight <= Epsilon)
        {
            return Act(stance, Math.Clamp(stance.Tilt, -1, 1), 0, desk, options, random);
        }

        double mean = voices.Sum(v => v.Weight * v.Confidence * v.Score) / weight;
        double variance = voices.Sum(v => v.Weight * v.Confidence * (v.Score - mean) * (v.Score - mean)) / weight;
        double confidence = voices.Sum(v => v.Weight * v.Confidence * v.Confidence) / weight;
        double agreed = Math.Clamp(confidence * (1 - (DispersionDiscount * Math.Sqrt(variance))), 0, 1);
        return Act(stance, Math.Clamp(mean + stance.Tilt, -1, 1), agreed, desk, options, random);
    }

    /// <summary>
    /// Takes the side opposite to a view, with less confidence the fainter the crowd that it stands against.
    /// </summary>
    internal static ManagerView Against(
        ManagerView crowd,
        Stance stance,
        Desk desk,
        ManagerOptions options,
        DeterministicRandom random
    )
    {
        double score = 0 - (crowd.Score * (0.6 + (0.4 * random.NextDouble())));
        double confidence = Math.Clamp(0.2 + (0.6 * Math.Abs(crowd.Score)), 0, 1);
        TradeAction action = crowd.Side > 0 ? TradeAction.Sell : TradeAction.Buy;
        return new ManagerView(
            stance,
            score,
            confidence,
            action,
            PositionSizing.Size(score, confidence, stance.Boldness, desk, options)
        );
    }

    private static ManagerView Act(
        Stance stance,
        double score,
        double confidence,
        Desk desk,
        ManagerOptions options,
        DeterministicRandom random
    )
    {
        double threshold = options.ActionThreshold * stance.Reluctance;
        bool holds = Math.Abs(score) < threshold || (score == 0 && stance.Reluctance > 0);
        if (holds)
        {
            return new ManagerView(stance, score, confidence, TradeAction.Hold, 0);
        }

        // Without any evidence a stance that must take a side tosses a coin: any fixed choice would be a bias.
        bool buys = score == 0 ? random.NextInt(2) == 0 : score > 0;
        return new ManagerView(
            stance,
            score,
            confidence,
            buys ? TradeAction.Buy : TradeAction.Sell,
            PositionSizing.Size(score, confidence, stance.Boldness, desk, options)
        );
    }
}
