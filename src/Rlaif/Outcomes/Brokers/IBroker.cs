namespace Rlaif.Outcomes.Brokers;

/// <summary>
/// Where orders are executed. All of it can be asked again after a doubt: what a broker knows of an order is found under the id that we gave it, and an id that it knows
/// is never taken twice. A broker that is not in this process may end any call with a <see cref="BrokerDoubtException"/>: it did not answer.
/// </summary>
public interface IBroker
{
    /// <summary>Whether orders for the close are taken at a moment. Default always.</summary>
    bool TakesOrdersForTheClose(DateTimeOffset moment) => true;

    /// <summary>The price nearest to one that an order may name. Default any.</summary>
    decimal RoundPrice(decimal price) => price;

    /// <summary>The last day whose splits are in the broker's count of a symbol's shares; those of that day from its open on at the latest. Default: that of the last bar.</summary>
    /// <param name="lastSession">The session of the symbol's last bar, a date at its exchange.</param>
    /// <param name="now">The moment, UTC.</param>
    DateOnly SharesAsOf(DateOnly lastSession, DateTimeOffset now) => lastSession;

    /// <summary>Hands over an order. An id that the broker knows changes nothing: the order is returned as it stands.</summary>
    /// <returns>The order as the broker sees it; rejected with a reason when it does not take it.</returns>
    /// <exception cref="BrokerDoubtException">Whether the order arrived is not known; ask <see cref="FindAsync"/> before anything else.</exception>
    Task<OrderState> SubmitAsync(Order order, CancellationToken cancellationToken = default);

    /// <summary>What the broker knows of an order; null when it has never seen the id.</summary>
    Task<OrderState?> FindAsync(string clientOrderId, CancellationToken cancellationToken = default);

    /// <summary>Cancels what is not filled of an order; an order that is not open stays as it is.</summary>
    /// <returns>The order as it stands; still open where the broker needs time to cancel it.</returns>
    /// <exception cref="RlaifInputException">The broker does not know the order.</exception>
    Task<OrderState> CancelAsync(string clientOrderId, CancellationToken cancellationToken = default);

    /// <summary>Puts an order with another id in the place of one that is open.</summary>
    /// <returns>The new order; rejected, and the old one left as it is, when the change makes no sense.</returns>
    /// <exception cref="BrokerDoubtException">Whether it was replaced is not known; ask for both ids.</exception>
    /// <exception cref="RlaifInputException">The broker does not know the order.</exception>
    Task<OrderState> ReplaceAsync(
        string clientOrderId,
        string newClientOrderId,
        OrderChange change,
        CancellationToken cancellationToken = default
    );

    /// <summary>The orders that wait to be filled, in the order in which they were accepted.</summary>
    Task<IReadOnlyList<OrderState>> GetOpenOrdersAsync(CancellationToken cancellationToken = default);

    /// <summary>The fills at or after a moment, in time order.</summary>
    Task<IReadOnlyList<Fill>> GetFillsAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>What is held, in ordinal order of the symbols.</summary>
    Task<IReadOnlyList<BrokerPosition>> GetPositionsAsync(CancellationToken cancellationToken = default);

    /// <summary>The account.</summary>
    Task<BrokerAccount> GetAccountAsync(CancellationToken cancellationToken = default);
}
