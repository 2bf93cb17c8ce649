using Rlaif.Outcomes.Brokers;

namespace Rlaif.Tests.Outcomes.Brokers;

/// <summary>A line to a broker that breaks: before an order arrives, or after. Counts what left.</summary>
internal sealed class UncertainBroker(IBroker broker) : IBroker
{
    private readonly Queue<bool> _breaks = new();

    public List<string> Arrived { get; } = [];

    public int Questions { get; private set; }

    /// <summary>The next call to submit ends in doubt; <paramref name="arrives"/> says what really happened.</summary>
    public void Break(bool arrives) => _breaks.Enqueue(arrives);

    /// <summary>Called before an order arrives, and after; what it throws is what the process dies of.</summary>
    public Action<bool>? Die { get; init; }

    public async Task<OrderState> SubmitAsync(Order order, CancellationToken cancellationToken = default)
    {
        Die?.Invoke(false);
        bool isBroken = _breaks.TryDequeue(out bool arrives);
        if (isBroken && !arrives)
        {
            throw new BrokerDoubtException("time-out");
        }

        Arrived.Add(order.ClientOrderId);
        OrderState state = await broker.SubmitAsync(order, cancellationToken);
        Die?.Invoke(true);
        return isBroken ? throw new BrokerDoubtException("time-out") : state;
    }

    public Task<OrderState?> FindAsync(string clientOrderId, CancellationToken cancellationToken = default)
    {
        Questions++;
        return broker.FindAsync(clientOrderId, cancellationToken);
    }

    public Task<OrderState> CancelAsync(string clientOrderId, CancellationToken cancellationToken = default) =>
        broker.CancelAsync(clientOrderId, cancellationToken);

    public Task<OrderState> ReplaceAsync(
        string clientOrderId,
        string newClientOrderId,
        OrderChange change,
        CancellationToken cancellationToken = default
    ) => broker.ReplaceAsync(clientOrderId, newClientOrderId, change, cancellationToken);

    public Task<IReadOnlyList<OrderState>> GetOpenOrdersAsync(CancellationToken cancellationToken = default) =>
        broker.GetOpenOrdersAsync(cancellationToken);

    public Task<IReadOnlyList<Fill>> GetFillsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        broker.GetFillsAsync(since, cancellationToken);

    public Task<IReadOnlyList<BrokerPosition>> GetPositionsAsync(CancellationToken cancellationToken = default) =>
        broker.GetPositionsAsync(cancellationToken);

    public Task<BrokerAccount> GetAccountAsync(CancellationToken cancellationToken = default) =>
        broker.GetAccountAsync(cancellationToken);
}
