using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Tests.Outcomes.Brokers;

namespace Rlaif.Tests.Scenarios;

/// <summary>Both sides of the books, ledger and paper broker, and a process that can come and go.</summary>
internal sealed class TradingBooks : IAsyncDisposable
{
    private readonly Ledger _store;
    private readonly IMarketData _market;

    private TradingBooks(IMarketData market, Ledger ledger, Ledger store)
    {
        _market = market;
        Ledger = ledger;
        _store = store;
    }

    public Ledger Ledger { get; }

    public ProductionOptions Options { get; init; } = new();

    public Timetable? Timetable { get; init; }

    public static async Task<TradingBooks> OpenAsync(
        IMarketData market,
        ProductionOptions? options = null,
        Timetable? timetable = null
    ) =>
        new(market, await Ledger.OpenAsync(":memory:"), await Ledger.OpenAsync(":memory:"))
        {
            Options = options ?? new ProductionOptions(),
            Timetable = timetable,
        };

    public async Task<ReplayReport> ReplayAsync(
        IMarketData market,
        DateRange dates,
        Action<bool>? die = null,
        int seed = 42,
        IReadOnlyList<string>? symbols = null,
        CancellationToken cancellationToken = default
    )
    {
        var clock = new ReplayClock(new DateTimeOffset(dates.From, TimeOnly.MinValue, TimeSpan.Zero));
        using PaperBroker broker = await PaperBroker.OpenAsync(_store, clock, cancellationToken: cancellationToken);
        var line = new UncertainBroker(broker) { Die = die };
        using var loop = new ProductionLoop(
            market,
            ManagerAgent.RuleBased(new ManagerOptions { Seed = seed }),
            Ledger,
            line,
            clock,
            symbols ?? market.Symbols,
            Options
        );
        return await new Replay(loop, market, Ledger, broker, clock, Timetable).RunAsync(
            dates,
            cancellationToken: cancellationToken
        );
    }

    public OutcomeTracker Tracker(DateTimeOffset now) => new(_market, Ledger, new ReplayClock(now));

    public async Task<IReadOnlyList<BrokerPosition>> PositionsAsync()
    {
        using PaperBroker broker = await PaperBroker.OpenAsync(_store, TimeProvider.System);
        return await broker.GetPositionsAsync();
    }

    public async Task<string> DumpAsync() => await DumpAsync(Ledger) + await DumpAsync(_store);

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static Task<string> DumpAsync(Ledger ledger) =>
        ledger.InTransactionAsync(
            (connection, transaction) =>
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = "SELECT kind || id || body FROM records ORDER BY kind, id";
                using var row = command.ExecuteReader();
                var lines = new List<string>();
                while (row.Read())
                {
                    lines.Add(row.GetString(0));
                }

                return string.Join('\n', lines);
            },
            CancellationToken.None
        );
}
