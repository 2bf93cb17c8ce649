namespace Rlaif.Outcomes;

/// <summary>How many candidates were settled, and why the others were not.</summary>
/// <param name="Settled">Candidates that got an outcome.</param>
/// <param name="Pending">Candidates that have to wait.</param>
/// <param name="PendingReasons">The waiting ones by reason (see <see cref="SettlementReasons"/>), in ordinal order.</param>
/// <param name="Failed">Candidates that cannot be settled, by reason, in ordinal order.</param>
public sealed record SettlementSummary(
    int Settled,
    int Pending,
    IReadOnlyDictionary<string, int> PendingReasons,
    IReadOnlyDictionary<string, int> Failed
)
{
    internal static SettlementSummary Of(IEnumerable<SettlementResult> results, int orphans = 0)
    {
        int settled = 0;
        SortedDictionary<string, int> pending = new(StringComparer.Ordinal);
        SortedDictionary<string, int> failed = new(StringComparer.Ordinal);
        if (orphans > 0)
        {
            failed[SettlementReasons.MissingContext] = orphans;
        }

        foreach (SettlementResult result in results)
        {
            if (result.IsSettled)
            {
                settled++;
                continue;
            }

            SortedDictionary<string, int> counts = result.Status == SettlementStatus.Pending ? pending : failed;
            counts[result.Reason] = counts.GetValueOrDefault(result.Reason) + 1;
        }

        return new SettlementSummary(settled, pending.Values.Sum(), pending, failed);
    }
}
