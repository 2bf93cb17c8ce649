namespace Rlaif.Outcomes.Brokers;

/// <summary>What one call changed in the books, in the order in which it changed; they are kept together or not at all.</summary>
internal sealed class PaperChanges
{
    public List<PaperOrder> Orders { get; } = [];

    public List<PaperEntry> Entries { get; } = [];

    public bool IsEmpty => Orders.Count == 0 && Entries.Count == 0;

    public LedgerBatch ToBatch() => new LedgerBatch().AddRange(Orders).AddRange(Entries);
}
