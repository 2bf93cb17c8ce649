namespace Rlaif.Validation;

/// <summary>How far the probabilities sigmoid(reward gap / temperature) can be taken at their word.</summary>
public sealed record CalibrationFigures
{
    /// <summary>What reward gaps are divided by; 1 leaves them as they are.</summary>
    public required double Temperature { get; init; }

    /// <summary>Mean of -log of the probability given to the chosen side; a coin's is ln 2 = 0.6931.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Mean of (1 - probability given to the chosen side)^2; a coin's is 0.25.</summary>
    public required double BrierScore { get; init; }

    /// <summary>Expected calibration error of max(p, 1 - p), a fraction: the chosen side is always right, so each pair is looked at from its likelier side.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>The bins behind <see cref="CalibrationError"/>, predictions in [0.5, 1].</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Whether the temperature lies on an end of the range in which it is fitted, and so says nothing.</summary>
    public bool IsClamped => Calibration.IsClamped(Temperature);

    /// <summary>Measures reward gaps of pairs, chosen minus rejected; at least one.</summary>
    internal static CalibrationFigures Of(double[] margins, double temperature)
    {
        double[] probabilities = Array.ConvertAll(margins, m => Calibration.Sigmoid(m / temperature));
        IReadOnlyList<ReliabilityBin> bins = Calibration.Reliability(
            Array.ConvertAll(probabilities, p => Math.Max(p, 1 - p)),
            Array.ConvertAll(margins, PairwiseAccuracy.Hit),
            Calibration.BinsFor(margins.Length)
        );
        return new CalibrationFigures
        {
            Temperature = temperature,
            LogLoss = Calibration.MarginLogLoss(margins, temperature)!.Value,
            BrierScore = probabilities.Average(p => (1 - p) * (1 - p)),
            CalibrationError = Calibration.ExpectedError(bins)!.Value,
            Reliability = bins,
        };
    }
}
