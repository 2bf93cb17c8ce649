using Rlaif.Outcomes.Risk;

namespace Rlaif.Cli;

/// <summary>The section <c>risk</c> of the settings: what may be traded, whoever decided it.</summary>
internal static class RiskSettings
{
    private const string OrderNotional = "risk:max_order_notional";
    private const string PositionFraction = "risk:max_position_fraction";
    private const string GrossExposure = "risk:max_gross_exposure";
    private const string NetExposure = "risk:max_net_exposure";
    private const string OrdersPerMinute = "risk:max_orders_per_minute";
    private const string PriceCollar = "risk:price_collar";
    private const string AllowedSymbols = "risk:allowed_symbols";
    private const string TradingHoursOnly = "risk:trading_hours_only";
    private const string DailyLoss = "risk:max_daily_loss";
    private const string Drawdown = "risk:max_drawdown";
    private const string CashReserve = "risk:cash_reserve";

    /// <summary>The keys of the section.</summary>
    public static IReadOnlyList<string> Keys { get; } =
    [
        OrderNotional,
        PositionFraction,
        GrossExposure,
        NetExposure,
        OrdersPerMinute,
        PriceCollar,
        AllowedSymbols,
        TradingHoursOnly,
        DailyLoss,
        Drawdown,
        CashReserve,
    ];

    /// <summary>The limits.</summary>
    /// <exception cref="RlaifInputException">A limit cannot be read, or is out of range.</exception>
    public static RiskLimits Read(Settings settings)
    {
        var defaults = new RiskLimits();
        return new RiskLimits
        {
            MaxOrderNotional = (decimal?)settings.Real(OrderNotional) ?? defaults.MaxOrderNotional,
            MaxPositionFraction = settings.Real(PositionFraction) ?? defaults.MaxPositionFraction,
            MaxGrossExposure = settings.Real(GrossExposure) ?? defaults.MaxGrossExposure,
            MaxNetExposure = settings.Real(NetExposure) ?? defaults.MaxNetExposure,
            MaxOrdersPerMinute = settings.Number(OrdersPerMinute) ?? defaults.MaxOrdersPerMinute,
            PriceCollar = settings.Real(PriceCollar) ?? defaults.PriceCollar,
            AllowedSymbols = SymbolList.Parse(settings[AllowedSymbols]),
            TradingHoursOnly = settings.Flag(TradingHoursOnly) ?? defaults.TradingHoursOnly,
            MaxDailyLoss = settings.Real(DailyLoss) ?? defaults.MaxDailyLoss,
            MaxDrawdown = settings.Real(Drawdown) ?? defaults.MaxDrawdown,
            CashReserve = settings.Real(CashReserve) ?? defaults.CashReserve,
        }.Validated();
    }
}
