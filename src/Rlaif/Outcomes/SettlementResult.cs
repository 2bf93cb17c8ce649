using System.Diagnostics.CodeAnalysis;

namespace Rlaif.Outcomes;

/// <summary>An outcome, or the reason why there is none.</summary>
public sealed record SettlementResult
{
    private SettlementResult(SettlementStatus status, Outcome? outcome, string? reason)
    {
        Status = status;
        Outcome = outcome;
        Reason = reason;
    }

    /// <summary>Whether there is an outcome, will be one, or cannot be one.</summary>
    public SettlementStatus Status { get; }

    /// <summary>The outcome when settled, else null.</summary>
    public Outcome? Outcome { get; }

    /// <summary>One of <see cref="SettlementReasons"/> when not settled, else null.</summary>
    public string? Reason { get; }

    /// <summary>Whether there is an outcome.</summary>
    [MemberNotNullWhen(true, nameof(Outcome))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsSettled => Outcome is not null;

    internal static SettlementResult Settled(Outcome outcome) => new(SettlementStatus.Settled, outcome, null);

    internal static SettlementResult Pending(string reason) => new(SettlementStatus.Pending, null, reason);

    internal static SettlementResult Failed(string reason) => new(SettlementStatus.Failed, null, reason);
}
