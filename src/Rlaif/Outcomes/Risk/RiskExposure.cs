using Rlaif.Outcomes.Brokers;

namespace Rlaif.Outcomes.Risk;

/// <summary>What an account may come to when orders that wait are filled; worth in currency, at the last prices.</summary>
/// <param name="OwnWorst">Largest worth of the position in the order's instrument.</param>
/// <param name="Gross">Largest sum of positions.</param>
/// <param name="Net">Largest difference of long and short, either way.</param>
/// <param name="Purchases">Cash that all purchases together take.</param>
internal readonly record struct RiskExposure(double OwnWorst, double Gross, double Net, double Purchases)
{
    public static RiskExposure Of(RiskView view, string symbol, decimal signedNotional)
    {
        var symbols = view
            .Positions.Select(p => p.Symbol)
            .Concat(view.OpenOrders.Select(o => o.Symbol))
            .Append(symbol)
            .Distinct();
        (double own, double gross, double up, double down, double purchases) = (0, 0, 0, 0, 0);
        foreach (string each in symbols)
        {
            double price = (double)view.Prices.GetValueOrDefault(each);
            double held = (double)(view.Positions.FirstOrDefault(p => p.Symbol == each)?.Quantity ?? 0) * price;
            double buys = Waiting(view, each, OrderSide.Buy, price);
            double sells = Waiting(view, each, OrderSide.Sell, price);
            if (each == symbol)
            {
                buys += Math.Max(0, (double)signedNotional);
                sells += Math.Max(0, -(double)signedNotional);
            }

            double worst = Math.Max(Math.Abs(held), Math.Max(Math.Abs(held + buys), Math.Abs(held - sells)));
            own = each == symbol ? worst : own;
            gross += worst;
            up += Math.Max(held, held + buys);
            down += Math.Min(held, held - sells);
            purchases += buys;
        }

        return new RiskExposure(own, gross, Math.Max(up, -down), purchases);
    }

    // Legs that wait for their entry close what it opens.
    private static double Waiting(RiskView view, string symbol, OrderSide side, double price) =>
        view
            .OpenOrders.Where(o => o.Symbol == symbol && o.Side == side && o.Status != OrderStatus.Held)
            .Sum(o => o.Quantity is { } quantity ? (double)(quantity - o.FilledQuantity) * price : (double)(o.Notional ?? 0));
}
