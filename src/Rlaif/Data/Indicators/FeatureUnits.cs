namespace Rlaif.Data.Indicators;

/// <summary>The units that features come in.</summary>
internal static class FeatureUnits
{
    /// <summary>0.05 is five percent.</summary>
    internal const string Fraction = "fraction";

    /// <summary>One quantity over another of the same kind, without a fixed range.</summary>
    internal const string Ratio = "ratio";

    /// <summary>Natural logarithm of a ratio; 0 means equal.</summary>
    internal const string LogRatio = "log_ratio";

    /// <summary>Standard deviations.</summary>
    internal const string Deviations = "standard_deviations";

    /// <summary>An oscillator from 0 to 100.</summary>
    internal const string Percentage = "0..100";

    /// <summary>An oscillator from -100 to 0.</summary>
    internal const string NegativePercentage = "-100..0";

    /// <summary>A number from -1 to 1.</summary>
    internal const string Signed = "-1..1";

    /// <summary>A count.</summary>
    internal const string Count = "count";

    /// <summary>Calendar days.</summary>
    internal const string Days = "days";

    /// <summary>A pure number without a fixed range.</summary>
    internal const string Number = "number";
}
