namespace Rlaif.Data.Alpaca;

/// <summary>Turns Alpaca's corporate actions into splits and dividends.</summary>
internal static class AlpacaActions
{
    /// <summary>All actions of a page. One without a symbol or a date is left out: nothing can be done with it.</summary>
    internal static IEnumerable<AlpacaAction> Of(WireActions page)
    {
        foreach ((string type, IReadOnlyList<WireAction>? actions) in page.CorporateActions)
        {
            foreach (WireAction wire in actions ?? [])
            {
                string? symbol = wire.Symbol ?? wire.SourceSymbol ?? wire.OldSymbol ?? wire.AcquireeSymbol;
                DateOnly? date = wire.ExDate ?? wire.EffectiveDate ?? wire.ProcessDate;
                if (symbol is not null && date is { } day)
                {
                    yield return new AlpacaAction(wire.Id, type, symbol, day, Action(type, day, wire));
                }
            }
        }
    }

    /// <summary>One action of a kind a day: dividends of a day are paid together, splits of a day work on each other.</summary>
    internal static IEnumerable<CorporateAction> Merged(IEnumerable<CorporateAction> actions) =>
        actions
            .GroupBy(a => (a.ExDate, a.Kind))
            .Select(g => new CorporateAction(
                g.Key.ExDate,
                g.Key.Kind,
                g.Key.Kind == CorporateActionKind.Dividend
                    ? g.Sum(a => a.Value)
                    : g.Aggregate(1m, (product, a) => product * a.Value)
            ))
            .OrderBy(a => a.ExDate)
            .ThenBy(a => a.Kind);

    /// <summary>Actions beside prices that already reflect some of them.</summary>
    /// <param name="actions">The actions, splits up to today among them.</param>
    /// <param name="adjustment">What the prices reflect.</param>
    internal static IEnumerable<CorporateAction> Beside(IReadOnlyList<CorporateAction> actions, AlpacaAdjustment adjustment) =>
        adjustment switch
        {
            AlpacaAdjustment.Raw => actions,
            AlpacaAdjustment.All => [],
            // A dividend of before a split was paid on fewer shares than the adjusted prices speak of.
            _ => actions
                .Where(a => a.Kind == CorporateActionKind.Dividend)
                .Select(d =>
                    d with
                    {
                        Value =
                            d.Value
                            / actions
                                .Where(s => s.Kind == CorporateActionKind.Split && s.ExDate > d.ExDate)
                                .Aggregate(1m, (product, s) => product * s.Value),
                    }
                ),
        };

    private static CorporateAction? Action(string type, DateOnly day, WireAction wire)
    {
        (CorporateActionKind kind, decimal? value) = type switch
        {
            "forward_splits" or "reverse_splits" => (CorporateActionKind.Split, wire.NewRate / NotZero(wire.OldRate)),
            // 0.05 new shares for each old one.
            "stock_dividends" => (CorporateActionKind.Split, 1 + wire.Rate),
            "cash_dividends" => (CorporateActionKind.Dividend, wire.Rate),
            _ => (default, null),
        };
        return value is { } number and > 0 ? new CorporateAction(day, kind, number) : null;
    }

    private static decimal? NotZero(decimal? value) => value == 0 ? null : value;
}
