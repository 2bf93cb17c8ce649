namespace Rlaif.Rewards.Training;

/// <summary>
/// The pairwise log-loss of Bradley and Terry (1952), -log sigmoid(x) with x = chosen - rejected - margin, averaged over pairs, and its
/// gradient by the scores, summed over the pairs that share a score (the factoring of RankNet, Burges 2010, section 2.1).
/// </summary>
internal sealed record BradleyTerryLoss
{
    /// <summary>Conservative smoothing e: (1-e)(-log s(x)) + e(-log s(-x)).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Probability e in [0, 0.5) that a label is flipped, for the unbiased robust loss [(1-e)(-log s(x)) - e(-log s(-x))]/(1-2e);
    /// 0 turns it off.
    /// </summary>
    public double FlipProbability { get; init; }

    /// <summary>The robust loss falls without bound as x grows; beyond this x it is held constant.</summary>
    public double RobustClip { get; init; } = 10;

    /// <summary>Weight of the mean of (chosen + rejected) squared.</summary>
    public double CenteringCoefficient { get; init; }

    /// <summary>Evaluates the mean loss over <paramref name="pairs"/> and adds its gradient to <paramref name="gradient"/>.</summary>
    /// <param name="scores">Rewards.</param>
    /// <param name="pairs">Pairs of positions in <paramref name="scores"/>.</param>
    /// <param name="gradient">As long as <paramref name="scores"/>; empty when no gradient is wanted.</param>
    public PairLoss Evaluate(ReadOnlySpan<double> scores, ReadOnlySpan<ScoredPair> pairs, Span<double> gradient)
    {
        double preference = 0;
        double centering = 0;
        foreach (ScoredPair pair in pairs)
        {
            double x = scores[pair.Chosen] - scores[pair.Rejected] - pair.Margin;
            double sum = scores[pair.Chosen] + scores[pair.Rejected];
            (double loss, double slope) = Evaluate(x);
            preference += pair.Weight * loss;
            centering += CenteringCoefficient * sum * sum;
            if (!gradient.IsEmpty)
            {
                double pull = 2 * CenteringCoefficient * sum / pairs.Length;
                double push = pair.Weight * slope / pairs.Length;
                gradient[pair.Chosen] += pull + push;
                gradient[pair.Rejected] += pull - push;
            }
        }

        return new PairLoss(preference / pairs.Length, centering / pairs.Length);
    }

    /// <summary>-log sigmoid(x) = log(1 + exp(-x)), without overflow or cancellation for any x.</summary>
    public static double NegativeLogSigmoid(double x) => Math.Max(-x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <summary>1 / (1 + exp(-x)), without overflow.</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    private (double Loss, double Slope) Evaluate(double x)
    {
        if (FlipProbability > 0)
        {
            double e = FlipProbability;
            double clipped = Math.Min(x, RobustClip);
            double loss = (((1 - e) * NegativeLogSigmoid(clipped)) - (e * NegativeLogSigmoid(-clipped))) / (1 - (2 * e));
            double slope = (-((1 - e) * Sigmoid(-clipped)) - (e * Sigmoid(clipped))) / (1 - (2 * e));
            return (loss, x > RobustClip ? 0 : slope);
        }

        return (
            ((1 - LabelSmoothing) * NegativeLogSigmoid(x)) + (LabelSmoothing * NegativeLogSigmoid(-x)),
            (LabelSmoothing * Sigmoid(x)) - ((1 - LabelSmoothing) * Sigmoid(-x))
        );
    }
}
