namespace Rlaif.Data;

/// <summary>Decides which stated actions of one symbol its prices do not reflect yet, and puts them in the units of its prices.</summary>
internal sealed class SymbolActions
{
    private readonly string _symbol;
    private readonly IReadOnlyList<SymbolBars.Entry> _bars;
    private readonly PriceBasis _basis;
    private readonly List<CorporateAction> _reflected = [];

    internal SymbolActions(string symbol, IReadOnlyList<SymbolBars.Entry> bars, PriceBasis basis)
    {
        _symbol = symbol;
        _bars = bars;
        _basis = basis;
    }

    /// <summary>The actions to keep beside the prices.</summary>
    internal List<CorporateAction> Kept { get; } = [];

    /// <summary>What was decided about each split.</summary>
    internal List<SplitDecision> Decisions { get; } = [];

    /// <summary>Actions outside the time of the bars, which change nothing.</summary>
    internal int Outside { get; private set; }

    internal void Decide(IEnumerable<StatedAction> stated, List<ImportProblem> problems)
    {
        var found = new Dictionary<(DateOnly, CorporateActionKind), StatedAction>();
        foreach (StatedAction action in stated)
        {
            int index = IndexOf(action);
            if (index < 0)
            {
                Outside++;
                continue;
            }

            StatedAction dated = action with { Date = _bars[index].Bar.Session };
            if (!found.TryAdd((dated.Date, dated.Kind), dated) && found[(dated.Date, dated.Kind)].Value != dated.Value)
            {
                StatedAction first = found[(dated.Date, dated.Kind)];
                string rule = $"differs from the {first.Value} of {first.File} line {first.Line}, which was kept";
                problems.Add(new ImportProblem(action.File, action.Line, action.Kind.ToString(), action.Value.ToString(), rule));
            }
        }

        // Splits first: dividends as paid are put on the basis of prices that already reflect a later split.
        foreach (StatedAction action in found.Values.OrderBy(a => a.Kind).ThenBy(a => a.Date))
        {
            Keep(action);
        }
    }

    private void Keep(StatedAction action)
    {
        if (action.Kind == CorporateActionKind.Split)
        {
            SplitDecision decision = DecideSplit(action);
            Decisions.Add(decision);
            (decision.Kept ? Kept : _reflected).Add(new CorporateAction(action.Date, action.Kind, action.Value));
            return;
        }

        decimal shares = 1;
        foreach (CorporateAction split in _reflected.Where(s => action.IsAsPaid && s.ExDate > action.Date))
        {
            shares *= split.Value;
        }

        Kept.Add(new CorporateAction(action.Date, action.Kind, action.Value / shares));
    }

    private SplitDecision DecideSplit(StatedAction split)
    {
        int index = FirstOf(split.Date);
        double? jump = index == 0 ? null : (double)(_bars[index].Bar.Open / _bars[index - 1].Bar.Close);
        double expected = 1 / (double)split.Value;
        (bool kept, string reason) = (_basis, jump) switch
        {
            (PriceBasis.Raw, _) => (true, "prices were declared raw"),
            (PriceBasis.Adjusted, _) => (false, "prices were declared adjusted"),
            (_, null) => (false, "no bar before it tells whether prices reflect it; declare prices raw to keep it"),
            // Nearer on the scale of ratios: log(jump) to log(expected) or to log(1).
            (_, { } step) when Math.Abs(Math.Log(step / expected)) < Math.Abs(Math.Log(step)) => (
                true,
                $"prices do not reflect it: open / close before = {step:0.####}, near {expected:0.####}"
            ),
            (_, { } step) => (false, $"prices already reflect it: open / close before = {step:0.####}, near 1"),
        };
        return new SplitDecision(_symbol, split.Date, split.Value, jump, kept, reason);
    }

    /// <summary>The first bar on the new terms; -1 when the action lies outside the bars.</summary>
    private int IndexOf(StatedAction action)
    {
        DateOnly first = action.IsLastSessionBefore ? action.Date.AddDays(1) : action.Date;
        if (first < _bars[0].Bar.Session || (action.IsLastSessionBefore && action.Date < _bars[0].Bar.Session))
        {
            return -1;
        }

        int index = FirstOf(first);
        return index < _bars.Count ? index : -1;
    }

    private int FirstOf(DateOnly session)
    {
        int low = 0;
        int high = _bars.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _bars[middle].Bar.Session < session ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
