namespace Rlaif.Validation;

/// <summary>The words of a <see cref="Verdict"/>.</summary>
public static class VerdictText
{
    /// <summary><c>improved</c>, <c>not enough evidence</c> or <c>worse</c>.</summary>
    public static string ToText(this Verdict verdict) =>
        verdict switch
        {
            Verdict.Improved => "improved",
            Verdict.Worse => "worse",
            _ => "not enough evidence",
        };

    /// <summary>Improved only if the lower end is above zero, worse only if the upper end is below it; no interval is no evidence.</summary>
    public static Verdict Of(BootstrapInterval? difference) =>
        difference switch
        {
            { Lower: > 0 } => Verdict.Improved,
            { Upper: < 0 } => Verdict.Worse,
            _ => Verdict.NotEnoughEvidence,
        };
}
