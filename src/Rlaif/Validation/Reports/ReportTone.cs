namespace Rlaif.Validation.Reports;

/// <summary>The tone of a highlighted sentence.</summary>
public enum ReportTone
{
    /// <summary>Neither good nor bad: the usual answer.</summary>
    Neutral,

    /// <summary>Shown to be better.</summary>
    Good,

    /// <summary>Shown to be worse, or a warning.</summary>
    Bad,
}
