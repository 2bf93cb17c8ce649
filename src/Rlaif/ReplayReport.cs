using Rlaif.Outcomes.Brokers;

namespace Rlaif;

/// <summary>What a replay came to.</summary>
/// <param name="Sessions">Sessions gone through, those of earlier calls included.</param>
/// <param name="Decisions">Decisions taken.</param>
/// <param name="Orders">Orders sent.</param>
/// <param name="Fills">Fills.</param>
/// <param name="Refusals">Orders that a limit held back, by rule.</param>
/// <param name="OpenPositions">Positions that wait or are held.</param>
/// <param name="ClosedPositions">Positions that are closed.</param>
/// <param name="Account">The account at the end.</param>
/// <param name="Differences">What the broker's books and the ledger do not agree on; none is as it should be.</param>
public sealed record ReplayReport(
    int Sessions,
    int Decisions,
    int Orders,
    int Fills,
    IReadOnlyDictionary<string, int> Refusals,
    int OpenPositions,
    int ClosedPositions,
    BrokerAccount Account,
    IReadOnlyList<DeskDifference> Differences
);
