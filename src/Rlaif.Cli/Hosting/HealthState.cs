using System.Collections.Concurrent;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;

namespace Rlaif.Cli;

/// <summary>What a trading process knows of its own health. May be told and asked from several threads.</summary>
/// <param name="halts">Whether trading is stopped.</param>
/// <param name="time">The clock.</param>
/// <param name="scrubber">Takes out secrets.</param>
internal sealed class HealthState(HaltSwitch halts, TimeProvider time, SecretScrubber scrubber)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, HealthReport.JobLine> _jobs = new(StringComparer.Ordinal);
    private volatile HealthReport.ReconciliationLine? _reconciliation;

    /// <summary>Tells that a job ended.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="endedAt">When, UTC.</param>
    /// <param name="outcome"><see cref="JobTelemetry.Failed"/> degrades the health until the job's next run.</param>
    /// <param name="text">What there is to say.</param>
    public void JobEnded(string job, DateTimeOffset endedAt, string outcome, string? text = null) =>
        _jobs[job] = new HealthReport.JobLine(endedAt, outcome, text is null ? null : scrubber.Scrub(text));

    /// <summary>Tells that broker and ledger were compared.</summary>
    public void Reconciled(DateTimeOffset at, IEnumerable<DeskDifference> differences) =>
        _reconciliation = new HealthReport.ReconciliationLine(at, [.. differences.Select(d => scrubber.Scrub(d.Text))]);

    /// <summary>How it is now.</summary>
    public async Task<HealthReport> ReadAsync(CancellationToken cancellationToken = default)
    {
        TradingHalt? halt = await halts.FindAsync(cancellationToken);
        var jobs = new SortedDictionary<string, HealthReport.JobLine>(_jobs, StringComparer.Ordinal);
        HealthReport.ReconciliationLine? reconciliation = _reconciliation;
        string status =
            halt is not null ? HealthReport.Halt
            : jobs.Values.Any(j => j.Outcome == JobTelemetry.Failed) || reconciliation is { Differences.Count: > 0 }
                ? HealthReport.Degraded
            : HealthReport.Ok;
        return new HealthReport(
            status,
            AppVersion.Text,
            _startedAt,
            jobs,
            reconciliation,
            halt is null ? null : new HealthReport.HaltLine(scrubber.Scrub(halt.Reason), halt.At)
        );
    }
}
