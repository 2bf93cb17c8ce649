namespace Rlaif.Validation;

/// <summary>What was claimed and what happened among the predictions in (<paramref name="Lower"/>, <paramref name="Upper"/>].</summary>
/// <param name="Lower">Lower edge, excluded (included in the first bin).</param>
/// <param name="Upper">Upper edge, included.</param>
/// <param name="Count">Number of predictions.</param>
/// <param name="MeanPrediction">Mean predicted probability.</param>
/// <param name="HitRate">Share of predictions that came true.</param>
public sealed record ReliabilityBin(double Lower, double Upper, int Count, double MeanPrediction, double HitRate);
