namespace Rlaif.Decisions;

/// <summary>How much of the equity a view is worth.</summary>
internal static class PositionSizing
{
    /// <summary>Sizes are multiples of half a percent.</summary>
    internal const double Step = 0.005;

    /// <summary>The smallest trade, as a fraction of equity.</summary>
    internal const double Smallest = 0.01;

    private const double FullScore = 0.4;
    private const double UnknownRisk = 0.5;
    private const double RiskCut = 0.5;
    private const double FullConfidence = 0.6;

    /// <summary>
    /// The size of a trade, a fraction of equity from <see cref="Smallest"/> to the largest allowed: it grows with confidence and
    /// score, shrinks with volatility, and is cut further when the risk analyst warns.
    /// </summary>
    internal static double Size(double score, double confidence, double boldness, Desk desk, ManagerOptions options)
    {
        double conviction = Math.Min(confidence / FullConfidence, 1) * (0.5 + (0.5 * Math.Min(Math.Abs(score) / FullScore, 1)));
        double calm = desk.DailyVolatility is { } daily and > 0
            ? Math.Min(options.ReferenceDailyVolatility / daily, 1)
            : UnknownRisk;
        double warning = desk.Report(AnalystRole.Risk) is { Score: < 0 } risk ? 1 + (RiskCut * risk.Score * risk.Confidence) : 1;
        double size = options.MaxPositionSize * conviction * calm * warning * boldness;
        double rounded = Math.Round(Math.Round(size / Step) * Step, 3);
        return Math.Clamp(rounded, Smallest, options.MaxPositionSize);
    }
}
