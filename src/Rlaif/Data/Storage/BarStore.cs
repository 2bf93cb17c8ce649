using Microsoft.Data.Sqlite;
using Rlaif.Data.Documents;

namespace Rlaif.Data;

/// <summary>
/// Bars and corporate actions in the ledger's file. Rows are only ever added: what is there stays, and a row that says otherwise is
/// reported as a conflict.
/// </summary>
/// <param name="ledger">The ledger that holds them.</param>
public sealed class BarStore(Ledger ledger)
{
    // China trades 5.5 hours from open to close, the longest usual intraday bar is one of four.
    private static readonly TimeSpan ShortestSession = TimeSpan.FromHours(5);

    /// <summary>Adds series in one transaction: after an error or a kill, none of it is there.</summary>
    public Task<BarStoreChange> AddAsync(IReadOnlyCollection<BarSeries> series, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        return ledger.InTransactionAsync((c, t) => Add(series, c, t, cancellationToken), cancellationToken);
    }

    /// <summary>Adds splits and dividends of symbols whose bars are there, in one transaction.</summary>
    internal Task<BarStoreChange> AddActionsAsync(
        IReadOnlyDictionary<string, IReadOnlyList<CorporateAction>> actions,
        CancellationToken cancellationToken
    ) =>
        ledger.InTransactionAsync(
            (connection, transaction) =>
            {
                var table = new ActionTable(connection, transaction);
                ILookup<string, CorporateAction> stored = table.SelectAll();
                var conflicts = new List<BarConflict>();
                int added = 0;
                foreach (
                    (string symbol, IReadOnlyList<CorporateAction> own) in actions.OrderBy(a => a.Key, StringComparer.Ordinal)
                )
                {
                    added += AddActions(symbol, own, stored, table, conflicts);
                }

                return new BarStoreChange(0, 0, added, conflicts);
            },
            cancellationToken
        );

    /// <summary>
    /// Loads everything as a market in memory; it has no symbols when nothing was imported. Imported news about a symbol are its headlines.
    /// </summary>
    public async Task<IMarketData> LoadAsync(CancellationToken cancellationToken = default)
    {
        (List<BarSeries> series, List<NewsItem> news) = await ledger.InTransactionAsync(
            (c, t) => (Load(c, t, cancellationToken), DocumentStore.SelectNews(c, t, cancellationToken)),
            cancellationToken
        );
        return new InMemoryMarketData("imported bars", series, KnownBenchmarks.Find(series.Select(s => s.Symbol)), news);
    }

    /// <summary>What is there, by symbol in ordinal order.</summary>
    public Task<IReadOnlyList<StoredSymbol>> ListAsync(CancellationToken cancellationToken = default) =>
        ledger.InTransactionAsync(List, cancellationToken);

    private static BarStoreChange Add(
        IEnumerable<BarSeries> series,
        SqliteConnection connection,
        SqliteTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        using var bars = new BarTable(connection, transaction);
        var actions = new ActionTable(connection, transaction);
        ILookup<string, CorporateAction> storedActions = actions.SelectAll();
        var total = new BarStoreChange(0, 0, 0, []);
        var conflicts = new List<BarConflict>();
        foreach (BarSeries offered in series.Where(s => s.Count > 0).OrderBy(s => s.Symbol, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<Bar> stored = bars.Select(offered.Symbol);
            if (stored.Count > 0 && IsIntraday(stored[0]) != IsIntraday(offered[0]))
            {
                conflicts.Add(OtherKind(offered, stored[0]));
                continue;
            }

            var merge = new BarMerge(offered, stored, conflicts);
            foreach (Bar bar in merge.NewBars)
            {
                cancellationToken.ThrowIfCancellationRequested();
                bars.Insert(offered.Symbol, bar);
            }

            total = total with
            {
                BarsAdded = total.BarsAdded + merge.NewBars.Count,
                BarsSkipped = total.BarsSkipped + merge.Same,
                ActionsAdded =
                    total.ActionsAdded + AddActions(offered.Symbol, offered.Actions, storedActions, actions, conflicts),
            };
        }

        return total with
        {
            Conflicts = conflicts,
        };
    }

    private static int AddActions(
        string symbol,
        IEnumerable<CorporateAction> offered,
        ILookup<string, CorporateAction> stored,
        ActionTable actions,
        List<BarConflict> conflicts
    )
    {
        var known = stored[symbol].ToDictionary(a => (a.ExDate, a.Kind), a => a.Value);
        int added = 0;
        foreach (CorporateAction action in offered)
        {
            if (!known.TryGetValue((action.ExDate, action.Kind), out decimal value))
            {
                actions.Insert(symbol, action);
                added++;
            }
            else if (value != action.Value)
            {
                string rule =
                    $"conflicts with the stored {action.Kind} of {BarTable.Text(value)} on {action.ExDate:O}, which stays";
                conflicts.Add(new BarConflict(symbol, null, action.Kind.ToString(), BarTable.Text(action.Value), rule));
            }
        }

        return added;
    }

    private static bool IsIntraday(Bar bar) => bar.CloseTime - bar.OpenTime < ShortestSession;

    private static BarConflict OtherKind(BarSeries offered, Bar stored)
    {
        (string there, string here) = IsIntraday(stored) ? ("intraday", "daily") : ("daily", "intraday");
        string rule = $"the store holds {there} bars of this symbol and these are {here}; keep them in another home";
        return new BarConflict(offered.Symbol, null, "symbol", offered.Symbol, rule);
    }

    private static List<BarSeries> Load(
        SqliteConnection connection,
        SqliteTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        using var table = new BarTable(connection, transaction);
        ILookup<string, CorporateAction> actions = new ActionTable(connection, transaction).SelectAll();
        var series = new List<BarSeries>();
        var bars = new List<Bar>();
        string? symbol = null;
        foreach ((string next, Bar bar) in table.SelectAll())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (symbol is not null && symbol != next)
            {
                series.Add(new BarSeries(symbol, bars, actions[symbol]));
                bars.Clear();
            }

            symbol = next;
            bars.Add(bar);
        }

        if (symbol is not null)
        {
            series.Add(new BarSeries(symbol, bars, actions[symbol]));
        }

        return series;
    }

    private static IReadOnlyList<StoredSymbol> List(SqliteConnection connection, SqliteTransaction transaction)
    {
        ILookup<string, CorporateAction> actions = new ActionTable(connection, transaction).SelectAll();
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT symbol, COUNT(*), MIN(open_time), MAX(open_time) FROM bars GROUP BY symbol ORDER BY symbol";
        using SqliteDataReader row = command.ExecuteReader();
        var found = new List<StoredSymbol>();
        while (row.Read())
        {
            string symbol = row.GetString(0);
            bool? adjusted = actions[symbol].Any(a => a.Kind == CorporateActionKind.Split) ? false : null;
            found.Add(new StoredSymbol(symbol, row.GetInt32(1), Session(row.GetInt64(2)), Session(row.GetInt64(3)), adjusted));
        }

        return found;
    }

    private static DateOnly Session(long utcTicks) => DateOnly.FromDateTime(new DateTime(utcTicks, DateTimeKind.Utc));
}
