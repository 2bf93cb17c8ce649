using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli;

/// <summary>A home with bars, decisions, outcomes, pairs and one trained model, made once for all tests of the verbs that learn.</summary>
public sealed class LearningHome : IAsyncLifetime
{
    public const string Collection = "learning home";

    private readonly TempFolder _folder = new();

    internal static SimulationOptions Simulation { get; } = new() { Sessions = 440, Symbols = ["AAPL", "MSFT", "TSLA"] };

    public string Home => _folder.PathOf("home");

    internal TempFolder Folder => _folder;

    internal CliRun Trained { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await using (Ledger ledger = await OpenAsync(Home))
        {
            await StoreBarsAsync(ledger, DateTimeOffset.MaxValue);
            IMarketData market = await new BarStore(ledger).LoadAsync();
            SessionCalendar calendar = market.GetCalendar("AAPL");
            var dates = new DateRange(calendar.Sessions[SimulatedMarket.WarmUpSessions], calendar.Sessions[^1]);
            IReadOnlyList<DecisionMoment> moments = await DecisionSchedule.EveryAsync(market, market.Symbols, dates, 5);
            await new DecisionRun(market, ManagerAgent.RuleBased(), new FirstCandidate(), ledger).RunAsync("run", 0, moments, 2);
            await new OutcomeSettler(market).SettleAsync(ledger, dates.EndOfLastDay);
            await new PreferenceGenerator(ledger).GeneratePreferencesAsync();
        }

        Trained = await RunAsync("train", "--epochs", "2", "--json");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static Task<Ledger> OpenAsync(string home) => Ledger.OpenAsync(Path.Combine(home, "rlaif.db"));

    /// <summary>Puts the bars that are known at a time into a ledger.</summary>
    internal static async Task StoreBarsAsync(Ledger ledger, DateTimeOffset knownAt)
    {
        SimulatedMarket market = SimulatedMarket.Create(Simulation);
        var series = new List<BarSeries>();
        foreach (string symbol in market.Symbols)
        {
            series.Add(await market.GetBarsAsync(symbol, knownAt));
        }

        await new BarStore(ledger).AddAsync(series);
    }

    /// <summary>Another home with the same ledger, for tests that add to it.</summary>
    internal string Copy(string name)
    {
        string copy = _folder.PathOf(name);
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Home, "rlaif.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return copy;
    }

    internal Task<CliRun> RunAsync(params string[] args) => CliRun.Of([.. args, "--home", Home]);

    /// <summary>Runs in a home that does not exist.</summary>
    internal Task<CliRun> RunNowhereAsync(params string[] args) => CliRun.Of([.. args, "--home", Nowhere]);

    internal string Nowhere => _folder.PathOf("nowhere");
}

[CollectionDefinition(LearningHome.Collection)]
public sealed class LearningHomeTests : ICollectionFixture<LearningHome>;
