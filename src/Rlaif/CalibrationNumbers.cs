using Rlaif.Validation;

namespace Rlaif;

/// <summary>What turns reward gaps into probabilities, and how far those can be believed.</summary>
/// <param name="Temperature">What reward gaps are divided by; fitted on the stopping pairs, 1 when there were none.</param>
/// <param name="TemperatureFitted">Whether there were stopping pairs to fit it on.</param>
/// <param name="TemperatureClamped">Whether it lies on an end of its range, and so says nothing.</param>
/// <param name="Reliability">What was claimed and what happened, with the temperature.</param>
public sealed record CalibrationNumbers(
    double Temperature,
    bool TemperatureFitted,
    bool TemperatureClamped,
    IReadOnlyList<ReliabilityBin> Reliability
)
{
    internal static CalibrationNumbers Of(LearnedModel learned)
    {
        CalibrationFigures calibrated = learned.Validation.Calibrated;
        bool fitted = learned.Training.StoppingPairs > 0;
        return new CalibrationNumbers(calibrated.Temperature, fitted, fitted && calibrated.IsClamped, calibrated.Reliability);
    }
}
