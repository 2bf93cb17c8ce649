using Rlaif.Data.Documents;

namespace Rlaif.Data.Alpaca;

/// <summary>
/// Pulls bars, corporate actions and news of Alpaca into a ledger, reply by reply: after an interruption, the same pull goes on. What was
/// pulled to its end is noted and not asked for again. Bars become known at their close, news at their last change.
/// </summary>
/// <param name="client">Asks Alpaca.</param>
/// <param name="ledger">Where everything goes.</param>
public sealed class AlpacaPull(AlpacaDataClient client, Ledger ledger)
{
    private const int SymbolsPerRequest = 100;

    // Corrections of a session and late news come during the night.
    private static readonly TimeSpan Settling = TimeSpan.FromDays(1);

    private readonly BarStore _store = new(ledger);
    private readonly List<ImportProblem> _problems = [];
    private readonly List<string> _notes = [];
    private List<PulledRange> _ranges = [];
    private int _pages;
    private int _barsAdded;
    private int _barsSkipped;
    private int _actionsAdded;
    private int _documentsAdded;
    private int _documentsSkipped;

    private DateTimeOffset Over(AlpacaPullOptions options) => client.ServerNow - options.Delay;

    /// <summary>Pulls. One pull at a time.</summary>
    /// <param name="options">What.</param>
    /// <param name="progress">Told the parts that are done.</param>
    /// <param name="cancellationToken">Stops between replies; what came is kept.</param>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    /// <exception cref="AlpacaException">Alpaca does not give it; what came before is kept.</exception>
    public async Task<AlpacaPullResult> RunAsync(
        AlpacaPullOptions options,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validated();
        _problems.Clear();
        _notes.Clear();
        (_pages, _barsAdded, _barsSkipped, _actionsAdded, _documentsAdded, _documentsSkipped) = (0, 0, 0, 0, 0, 0);
        _ranges = [.. await ledger.ReadAsync<PulledRange>(cancellationToken: cancellationToken)];
        string what = $"{options.Timeframe} {options.Adjustment} {options.Feed}".ToLowerInvariant();
        string[] symbols =
        [
            .. options
                .Symbols.Select(s => s.ToUpperInvariant())
                .Distinct()
                .Where(s => IsOfOneKind(s, what))
                .Order(StringComparer.Ordinal),
        ];
        IReadOnlyList<DateRange> barWindows = PullWindows.Of(
            options.From,
            options.To,
            options.Timeframe == AlpacaTimeframe.Minute
        );
        IReadOnlyList<DateRange> newsWindows = options.News ? PullWindows.Of(options.From, options.To, monthly: true) : [];
        var bars = new PulledBars(_problems);
        string[][] groups = [.. symbols.Chunk(SymbolsPerRequest)];
        var steps = new Steps(progress, groups.Length * (1 + barWindows.Count + newsWindows.Count));
        foreach (string[] group in groups)
        {
            // First: its reply tells Alpaca's clock, by which bars are over.
            Dictionary<string, List<CorporateAction>> actions = await AskActionsAsync(group, options, cancellationToken);
            steps.Next("bars");
            foreach (DateRange window in barWindows)
            {
                await PullBarsAsync(group, window, what, options, bars, cancellationToken);
                steps.Next("bars");
            }

            await StoreActionsAsync(actions, options, cancellationToken);
            foreach (DateRange window in newsWindows)
            {
                await PullNewsAsync(group, window, cancellationToken);
                steps.Next("news");
            }
        }

        if (bars.Extended > 0)
        {
            _notes.Add($"{bars.Extended} bars outside the regular hours of New York were left out.");
        }

        return await ResultAsync(symbols, options, cancellationToken);
    }

    private bool IsOfOneKind(string symbol, string what)
    {
        string? other = _ranges.FirstOrDefault(r => r.Symbol == symbol && r.What != PulledRange.News && r.What != what)?.What;
        if (other is not null)
        {
            Tell(
                "symbol",
                symbol,
                $"was pulled as '{other}' before and cannot be mixed with '{what}'; pull it into another home"
            );
        }

        return other is null;
    }

    private async Task PullBarsAsync(
        string[] group,
        DateRange window,
        string what,
        AlpacaPullOptions options,
        PulledBars bars,
        CancellationToken cancellationToken
    )
    {
        string[] missing = Missing(group, window, what, count => _barsSkipped += count);
        DateTimeOffset from = AlpacaTimes.DayStart(window.From);
        DateTimeOffset to = AlpacaTimes.DayStart(window.To.AddDays(1)).AddSeconds(-1);
        to = to < Over(options) ? to : Over(options);
        if (missing.Length == 0 || to < from)
        {
            return;
        }

        var request = new AlpacaBarRequest
        {
            Symbols = missing,
            From = from,
            To = to,
            Timeframe = options.Timeframe,
            Adjustment = options.Adjustment,
            Feed = options.Feed,
        };
        var counts = missing.ToDictionary(s => s, _ => 0, StringComparer.Ordinal);
        await foreach (IReadOnlyList<AlpacaBar> page in client.GetBarPagesAsync(request, cancellationToken))
        {
            _pages++;
            List<BarSeries> series = bars.Series(page, Over(options), options.Timeframe == AlpacaTimeframe.Day);
            BarStoreChange change = await _store.AddAsync(series, cancellationToken);
            _barsAdded += change.BarsAdded;
            _barsSkipped += change.BarsSkipped;
            AddConflicts(change);
            foreach (BarSeries one in series)
            {
                counts[one.Symbol] = counts.GetValueOrDefault(one.Symbol) + one.Count;
            }
        }

        await NoteAsync(window, what, counts, cancellationToken);
    }

    private async Task PullNewsAsync(string[] group, DateRange window, CancellationToken cancellationToken)
    {
        string[] missing = Missing(group, window, PulledRange.News, count => _documentsSkipped += count);
        DateTimeOffset from = AlpacaTimes.DayStart(window.From);
        DateTimeOffset to = AlpacaTimes.DayStart(window.To.AddDays(1)).AddSeconds(-1);
        DateTimeOffset now = client.ServerNow;
        to = to < now ? to : now;
        if (missing.Length == 0 || to < from)
        {
            return;
        }

        var counts = missing.ToDictionary(s => s, _ => 0, StringComparer.Ordinal);
        await foreach (IReadOnlyList<AlpacaArticle> page in client.GetNewsPagesAsync(missing, from, to, cancellationToken))
        {
            _pages++;
            // The same article may stand on two pages when another one is changed meanwhile.
            Document[] documents =
            [
                .. page.Where(IsUsable).SelectMany(a => ArticleText.Documents(a, missing)).DistinctBy(d => d.DocumentId),
            ];
            int added = await ledger.AppendAsync(documents, cancellationToken);
            _documentsAdded += added;
            _documentsSkipped += documents.Length - added;
            foreach (Document document in documents)
            {
                counts[document.Symbol!]++;
            }
        }

        await NoteAsync(window, PulledRange.News, counts, cancellationToken);
    }

    private bool IsUsable(AlpacaArticle article)
    {
        bool hasHeadline = !string.IsNullOrWhiteSpace(article.Headline);
        if (!hasHeadline)
        {
            Tell("article", $"{article.Id}", "has no headline");
        }

        return hasHeadline;
    }

    private string[] Missing(string[] group, DateRange window, string what, Action<int> skip)
    {
        var missing = new List<string>();
        foreach (string symbol in group)
        {
            PulledRange? range = _ranges.FirstOrDefault(r => r.Covers(symbol, what, window.From, window.To));
            if (range is null)
            {
                missing.Add(symbol);
            }
            else
            {
                skip(range.Count);
            }
        }

        return [.. missing];
    }

    private async Task NoteAsync(
        DateRange window,
        string what,
        Dictionary<string, int> counts,
        CancellationToken cancellationToken
    )
    {
        // A window that is not over holds nothing for good, but says of what kind the bars are: the next pull and the feed go on with that.
        bool isOver = AlpacaTimes.DayStart(window.To.AddDays(1)) + Settling <= client.ServerNow;
        // A symbol without anything may have been misspelt, or listed later: it is asked for again.
        PulledRange[] done =
        [
            .. counts
                .Where(c =>
                    isOver
                        ? c.Value > 0 || what == PulledRange.News
                        : c.Value > 0 && !_ranges.Exists(r => r.Symbol == c.Key && r.What == what)
                )
                .Select(c => new PulledRange
                {
                    Symbol = c.Key,
                    What = what,
                    From = window.From,
                    To = isOver ? window.To : window.From.AddDays(-1),
                    Count = isOver ? c.Value : 0,
                }),
        ];
        await ledger.AppendAsync(done, cancellationToken);
        _ranges.AddRange(done);
    }

    // Always asked for again: Alpaca does not say when it will have learnt of an action.
    private async Task<Dictionary<string, List<CorporateAction>>> AskActionsAsync(
        string[] group,
        AlpacaPullOptions options,
        CancellationToken cancellationToken
    )
    {
        DateOnly today = Exchange.NewYorkDay(client.ServerNow);
        // Adjusted prices reflect what came after the range, too.
        DateOnly to = options.Adjustment == AlpacaAdjustment.Raw && options.To < today ? options.To : today;
        var actions = group.ToDictionary(s => s, _ => new List<CorporateAction>(), StringComparer.Ordinal);
        foreach (
            AlpacaAction stated in await client.GetCorporateActionsAsync(
                group,
                options.From,
                to < options.From ? options.From : to,
                cancellationToken
            )
        )
        {
            if (stated.Action is { } action && actions.TryGetValue(stated.Symbol, out List<CorporateAction>? own))
            {
                own.Add(action with { ExDate = SessionFrom(action.ExDate) });
            }
            else if (stated.Action is null && stated.ExDate <= options.To)
            {
                string name = stated.Type.TrimEnd('s').Replace('_', ' ');
                _notes.Add($"{stated.Symbol} {stated.ExDate:O}: a {name} is not kept; only splits and dividends are.");
            }
        }

        return actions;
    }

    private static DateOnly SessionFrom(DateOnly day)
    {
        while (!NyseCalendar.IsSession(day))
        {
            day = day.AddDays(1);
        }

        return day;
    }

    private async Task StoreActionsAsync(
        Dictionary<string, List<CorporateAction>> actions,
        AlpacaPullOptions options,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, StoredSymbol> stored = (await _store.ListAsync(cancellationToken)).ToDictionary(s => s.Symbol);
        var kept = new Dictionary<string, IReadOnlyList<CorporateAction>>(StringComparer.Ordinal);
        foreach ((string symbol, List<CorporateAction> own) in actions)
        {
            if (stored.TryGetValue(symbol, out StoredSymbol? bars))
            {
                CorporateAction[] merged = [.. AlpacaActions.Merged(own)];
                kept[symbol] =
                [
                    .. AlpacaActions
                        .Beside(merged, options.Adjustment)
                        .Where(a => a.ExDate <= options.To && a.ExDate >= bars.FirstDate)
                        // A split changes what is held before its day has a bar; a dividend may still be corrected until then.
                        .Where(a => a.ExDate <= bars.LastDate || a.Kind == CorporateActionKind.Split),
                ];
            }
        }

        BarStoreChange change = await _store.AddActionsAsync(kept, cancellationToken);
        _actionsAdded += change.ActionsAdded;
        AddConflicts(change);
    }

    private void AddConflicts(BarStoreChange change) =>
        _problems.AddRange(
            change.Conflicts.Select(c => new ImportProblem(
                PulledBars.Source,
                null,
                c.Field,
                c.OpenTime is { } time ? $"{c.Symbol} {AlpacaTimes.Text(time)} {c.Value}" : $"{c.Symbol} {c.Value}",
                c.Rule
            ))
        );

    private void Tell(string field, string value, string rule) =>
        _problems.Add(new ImportProblem(PulledBars.Source, null, field, value, rule));

    private async Task<AlpacaPullResult> ResultAsync(
        string[] symbols,
        AlpacaPullOptions options,
        CancellationToken cancellationToken
    )
    {
        var stored = (await _store.ListAsync(cancellationToken)).ToDictionary(s => s.Symbol);
        string[] found =
        [
            .. symbols.Where(s =>
                stored.TryGetValue(s, out StoredSymbol? bars) && bars.LastDate >= options.From && bars.FirstDate <= options.To
            ),
        ];
        foreach (string symbol in symbols.Except(found))
        {
            Tell("symbol", symbol, "has no bars in this time; check its name, the dates and the feed");
        }

        return new AlpacaPullResult(
            _pages,
            found,
            _barsAdded,
            _barsSkipped,
            _actionsAdded,
            _documentsAdded,
            _documentsSkipped,
            [.. _notes],
            [.. _problems]
        );
    }

    private sealed class Steps(IProgress<ProgressUpdate>? progress, int total)
    {
        private int _done;

        internal void Next(string what) => progress?.Report(new ProgressUpdate($"pulling {what}", ++_done, total));
    }
}
