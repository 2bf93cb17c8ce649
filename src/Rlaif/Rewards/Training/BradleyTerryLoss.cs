namespace Rlaif.Rewards.Training;

/// <summary>
/// The pairwise log-loss of Bradley and Terry (1952), -log sigmoid(x) with x = chosen - rejected - margin, averaged over pairs, and its
/// gradient by the scores, summed over the pairs that share a score (the factoring of RankNet, Burges 2010, section 2.1).
/// </summary>
internal sealed record BradleyTerryLoss
{
    /// <summary>Whom a candidate plays against: the other side of its pair or, for a classifier, one whose reward is 0. A pair is then two matches, each half.</summary>
    public TrainingObjective Objective { get; init; }

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

    /// <summary>The loss that these options ask for.</summary>
    public static BradleyTerryLoss Of(TrainingOptions options) =>
        new()
        {
            Objective = options.Objective,
            LabelSmoothing = options.LabelSmoothing,
            FlipProbability = options.FlipProbability,
            CenteringCoefficient = options.CenteringCoefficient,
        };

    /// <summary>Evaluates the mean loss over <paramref name="pairs"/> and adds its gradient to <paramref name="gradient"/>.</summary>
    /// <param name="scores">Rewards.</param>
    /// <param name="pairs">Pairs of positions in <paramref name="scores"/>.</param>
    /// <param name="gradient">As long as <paramref name="scores"/>; empty when no gradient is wanted.</param>
    public PairLoss Evaluate(ReadOnlySpan<double> scores, ReadOnlySpan<ScoredPair> pairs, Span<double> gradient)
    {
        double preference = 0;
        double centering = 0;
        double hits = 0;
        double gaps = 0;
        foreach (ScoredPair pair in pairs)
        {
            double chosen = scores[pair.Chosen];
            double rejected = scores[pair.Rejected];
            (double loss, double chosenSlope, double rejectedSlope) = Evaluate(chosen, rejected, pair.Margin);
            double sum = chosen + rejected;
            preference += pair.Weight * loss;
            centering += CenteringCoefficient * sum * sum;
            gaps += chosen - rejected;
            hits += Hit(chosen, rejected);
            if (!gradient.IsEmpty)
            {
                double pull = 2 * CenteringCoefficient * sum / pairs.Length;
                double push = pair.Weight / pairs.Length;
                gradient[pair.Chosen] += pull + (push * chosenSlope);
                gradient[pair.Rejected] += pull + (push * rejectedSlope);
            }
        }

        return new PairLoss(preference / pairs.Length, centering / pairs.Length, hits / pairs.Length, gaps / pairs.Length);
    }

    /// <summary>-log sigmoid(x) = log(1 + exp(-x)), without overflow or cancellation for any x.</summary>
    public static double NegativeLogSigmoid(double x) => Math.Max(-x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <summary>1 / (1 + exp(-x)), without overflow.</summary>
    public static double Sigmoid(double x)
    {
        double e = Math.Exp(-Math.Abs(x));
        return x >= 0 ? 1 / (1 + e) : e / (1 + e);
    }

    private static double Hit(double chosen, double rejected) =>
        chosen > rejected ? 1
        : chosen < rejected ? 0
        : 0.5;

    private (double Loss, double ChosenSlope, double RejectedSlope) Evaluate(double chosen, double rejected, double margin)
    {
        if (Objective == TrainingObjective.Classification)
        {
            (double chosenLoss, double chosenSlope) = Evaluate(chosen);
            (double rejectedLoss, double rejectedSlope) = Evaluate(-rejected);
            return ((chosenLoss + rejectedLoss) / 2, chosenSlope / 2, -rejectedSlope / 2);
        }

        (double loss, double slope) = Evaluate(chosen - rejected - margin);
        return (loss, slope, -slope);
    }

    // Smoothing and robustness are both a(-log s(x)) + b(-log s(-x)); one exponential and one logarithm are enough for both terms.
    private (double Loss, double Slope) Evaluate(double x)
    {
        bool isRobust = FlipProbability > 0;
        double right = isRobust ? (1 - FlipProbability) / (1 - (2 * FlipProbability)) : 1 - LabelSmoothing;
        double wrong = 1 - right;
        double at = isRobust ? Math.Min(x, RobustClip) : x;
        double e = Math.Exp(-Math.Abs(at));
        double log = Math.Log(1 + e);
        double larger = 1 / (1 + e);
        double sigmoid = at >= 0 ? larger : e * larger;
        double opposite = at >= 0 ? e * larger : larger;
        double loss = (right * (Math.Max(-at, 0) + log)) + (wrong * (Math.Max(at, 0) + log));
        return (loss, at < x ? 0 : (wrong * sigmoid) - (right * opposite));
    }
}
