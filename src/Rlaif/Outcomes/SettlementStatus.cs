namespace Rlaif.Outcomes;

/// <summary>What came of the attempt to settle a candidate.</summary>
public enum SettlementStatus
{
    /// <summary>There is an outcome.</summary>
    Settled,

    /// <summary>Not yet: bars that decide it are still to come.</summary>
    Pending,

    /// <summary>Not possible on the bars there are; more time alone will not change that.</summary>
    Failed,
}
