namespace Rlaif;

/// <summary>The model against the best baseline on the same pairs.</summary>
/// <param name="Baseline">Name of the best baseline.</param>
/// <param name="Value">Accuracy of the model minus that of the baseline.</param>
/// <param name="Ci">Interval of the value, paired and by decision date; null with fewer than two independent blocks of dates.</param>
/// <param name="Sentence">What that allows to say.</param>
public sealed record LeadNumbers(string Baseline, double Value, double[]? Ci, string Sentence);
