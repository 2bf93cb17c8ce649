namespace Rlaif;

/// <summary>The ledger's note that a job was done at one of its times: it is not done again for that time, whatever happens to the process.</summary>
public sealed record JobRun : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "job_run";

    /// <summary>The job.</summary>
    public required ProductionJob Job { get; init; }

    /// <summary>When it was due, UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>How.</summary>
    public required JobOutcome Outcome { get; init; }

    /// <summary>What came of it, in a sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The session that was decided on; null for other jobs.</summary>
    public DateOnly? Session { get; init; }

    /// <summary>What was decided on; null for other jobs.</summary>
    public IReadOnlyList<string>? Symbols { get; init; }

    string ILedgerRecord.Id => CreateId(Job, DueAt);

    string? ILedgerRecord.ParentId => Job.ToString();

    string? ILedgerRecord.Symbol => null;

    DateTimeOffset ILedgerRecord.KnownAt => EndedAt;

    /// <summary>The id of a job at one of its times.</summary>
    public static string CreateId(ProductionJob job, DateTimeOffset dueAt) =>
        ContentId.Create("job_run", job.ToString(), $"{dueAt.UtcTicks}");
}
