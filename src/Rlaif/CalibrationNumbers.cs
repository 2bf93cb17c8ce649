using Rlaif.Validation;

namespace Rlaif;

/// <summary>How far the probabilities of a better outcome can be believed, before and after the temperature.</summary>
/// <param name="Temperature">What reward gaps are divided by; fitted on the stopping pairs, 1 when there were none.</param>
/// <param name="TemperatureFitted">Whether there were stopping pairs to fit it on.</param>
/// <param name="TemperatureClamped">Whether it lies on an end of its range, and so says nothing.</param>
/// <param name="LogLoss">Log-loss before.</param>
/// <param name="LogLossCalibrated">Log-loss after; ln 2 = 0.6931 is a coin's.</param>
/// <param name="Brier">Brier score before.</param>
/// <param name="BrierCalibrated">Brier score after; 0.25 is a coin's.</param>
/// <param name="CalibrationError">Expected calibration error before, a fraction.</param>
/// <param name="CalibrationErrorCalibrated">Expected calibration error after.</param>
/// <param name="Reliability">The bins after.</param>
public sealed record CalibrationNumbers(
    double Temperature,
    bool TemperatureFitted,
    bool TemperatureClamped,
    double LogLoss,
    double LogLossCalibrated,
    double Brier,
    double BrierCalibrated,
    double CalibrationError,
    double CalibrationErrorCalibrated,
    IReadOnlyList<ReliabilityBin> Reliability
)
{
    internal static CalibrationNumbers Of(LearnedModel learned)
    {
        (CalibrationFigures raw, CalibrationFigures calibrated) = (learned.Validation.Raw, learned.Validation.Calibrated);
        bool fitted = learned.Training.StoppingPairs > 0;
        return new CalibrationNumbers(
            calibrated.Temperature,
            fitted,
            fitted && calibrated.IsClamped,
            raw.LogLoss,
            calibrated.LogLoss,
            raw.BrierScore,
            calibrated.BrierScore,
            raw.CalibrationError,
            calibrated.CalibrationError,
            calibrated.Reliability
        );
    }
}
