namespace Rlaif.Cli;

/// <summary>How a trading process is.</summary>
/// <param name="Status"><c>ok</c>, <c>degraded</c> (the last run of a job failed, or broker and ledger differ) or <c>halted</c>.</param>
/// <param name="Version">Of this program.</param>
/// <param name="StartedAt">When the process began, UTC.</param>
/// <param name="Jobs">The last run of each job.</param>
/// <param name="Reconciliation">The last comparison with the broker's books; null before the first.</param>
/// <param name="Halted">The stop in force; null when trading is allowed.</param>
internal sealed record HealthReport(
    string Status,
    string Version,
    DateTimeOffset StartedAt,
    IReadOnlyDictionary<string, HealthReport.JobLine> Jobs,
    HealthReport.ReconciliationLine? Reconciliation,
    HealthReport.HaltLine? Halted
)
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
    public const string Halt = "halted";

    internal sealed record JobLine(DateTimeOffset EndedAt, string Outcome, string? Text);

    internal sealed record ReconciliationLine(DateTimeOffset At, IReadOnlyList<string> Differences);

    internal sealed record HaltLine(string Reason, DateTimeOffset At);
}
