using Rlaif.Outcomes.Brokers;

namespace Rlaif.Outcomes.Risk;

/// <summary>What the limits are held against: the account at one moment, with everything that is on its way.</summary>
public sealed record RiskView
{
    /// <summary>The account.</summary>
    public required BrokerAccount Account { get; init; }

    /// <summary>What is held.</summary>
    public required IReadOnlyList<BrokerPosition> Positions { get; init; }

    /// <summary>What waits to be filled.</summary>
    public required IReadOnlyList<OrderState> OpenOrders { get; init; }

    /// <summary>Last known price of each instrument that is held, waited for or asked for.</summary>
    public required IReadOnlyDictionary<string, decimal> Prices { get; init; }

    /// <summary>Equity at the end of the session before; the day's loss counts from it.</summary>
    public required decimal EquityAtLastClose { get; init; }

    /// <summary>Highest equity so far.</summary>
    public required decimal HighestEquity { get; init; }

    /// <summary>Orders sent in the last 60 seconds.</summary>
    public required int OrdersInLastMinute { get; init; }

    /// <summary>Whether the exchange is open.</summary>
    public required bool IsOpen { get; init; }
}
