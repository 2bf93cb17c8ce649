using System.Collections.Concurrent;
using Rlaif.Data.Alpaca;

namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// Under which ids we know Alpaca's orders. Legs of brackets and pairs cannot be given ids: Alpaca names them with GUIDs (as it names all orders without an id of their
/// own; seen, not documented). They are <c>parent/target</c> and <c>parent/stop</c> here, as with the paper broker.
/// </summary>
internal sealed class AlpacaOrderNames(AlpacaTradingClient client)
{
    private const string Target = "target";
    private const string Stop = "stop";

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    /// <summary>The name of an order that was learnt.</summary>
    public string this[string alpacaId] => _names[alpacaId];

    /// <summary>Whether whoever placed the order named it.</summary>
    public static bool IsNamed(AlpacaOrder order) => !Guid.TryParseExact(order.ClientOrderId, "D", out _);

    /// <summary>The parent and the kind of leg that a name stands for; null for an order of its own.</summary>
    public static (string Parent, string Leg)? Split(string name)
    {
        int slash = name.LastIndexOf('/');
        return slash > 0 && name[(slash + 1)..] is Target or Stop ? (name[..slash], name[(slash + 1)..]) : null;
    }

    /// <summary>The leg that is meant by its kind: the last one, where Alpaca put one in the place of another.</summary>
    public static AlpacaOrder? LegOf(AlpacaOrder parent, string kind) =>
        (parent.Legs ?? []).Where(l => !IsNamed(l) && KindOf(l) == kind).OrderBy(l => l.CreatedAt).LastOrDefault();

    /// <summary>Learns the names of an order that is nobody's leg, and of its legs.</summary>
    public void Note(AlpacaOrder parent)
    {
        _names[parent.Id] = parent.ClientOrderId;
        foreach (AlpacaOrder leg in parent.Legs ?? [])
        {
            _names[leg.Id] = IsNamed(leg) ? leg.ClientOrderId : $"{parent.ClientOrderId}/{KindOf(leg)}";
        }
    }

    /// <summary>Learns the names of orders by Alpaca's ids, reading the account's orders from the newest on until all are found.</summary>
    /// <exception cref="AlpacaException">They cannot be read.</exception>
    public async Task LearnAsync(IEnumerable<string> alpacaIds, CancellationToken cancellationToken)
    {
        HashSet<string> missing = [.. alpacaIds.Where(id => !_names.ContainsKey(id))];
        if (missing.Count == 0)
        {
            return;
        }

        await foreach (AlpacaOrder[] page in client.GetAllOrderPagesAsync(cancellationToken))
        {
            Array.ForEach(page, Note);
            missing.RemoveWhere(_names.ContainsKey);
            if (missing.Count == 0)
            {
                return;
            }
        }

        foreach (string id in missing)
        {
            await LearnAloneAsync(id, cancellationToken);
        }
    }

    /// <summary>An order that the list does not show: by itself, or as the order in whose place Alpaca put it.</summary>
    private async Task LearnAloneAsync(string id, CancellationToken cancellationToken)
    {
        AlpacaOrder order = await client.GetOrderAsync(id, cancellationToken);
        Note(order);
        if (!IsNamed(order) && order.Replaces is { } earlier)
        {
            await LearnAsync([earlier], cancellationToken);
            _names[id] = _names[earlier];
        }
    }

    private static string KindOf(AlpacaOrder leg) => leg.Type == "limit" ? Target : Stop;
}
