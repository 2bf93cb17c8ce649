using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Tests.Cli;
using Rlaif.Tests.Rewards;
using Rlaif.Tuning;
using Rlaif.Validation;

namespace Rlaif.Tests.Scenarios;

/// <summary>A desk in Berlin and one in Boston write the same records.</summary>
public sealed class CultureTests
{
    private static readonly DateTimeOffset Now = new(2016, 3, 1, 0, 0, 0, TimeSpan.Zero);

    // Its texts are made by interpolation: once, before any culture is switched.
    private static readonly PreferenceDataset Data = new PlantedPreferences { Features = 6, Candidates = 4 }.Create(0, 100);

    [Fact]
    public async Task Decide_CommaCulture_WritesTheSameRecordsAndHashes()
    {
        string boston = await SameAsync(DecideAsync);
        Assert.Contains("%", boston, StringComparison.Ordinal);
    }

    /// <summary>Shares such as 0.1 are keys of the stored summary, which the page reads again.</summary>
    [Fact]
    public async Task Train_CommaCulture_WritesTheSameChecklistGateAdviceAndPage()
    {
        string boston = await SameAsync(() => Task.FromResult(Train()));
        Assert.Contains("\"0.1\":", boston, StringComparison.Ordinal);
        Assert.Contains("percentage points", boston, StringComparison.Ordinal);
        Assert.Contains(" needed", boston, StringComparison.Ordinal);
        Assert.Contains("days old", boston, StringComparison.Ordinal);
        Assert.Contains(">10%</th>", boston, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_CommaCulture_WritesTheSameContextsAndIds()
    {
        string boston = await SameAsync(ReportAsync);
        Assert.Contains("mine -1.5", boston, StringComparison.Ordinal);
        Assert.Contains("Last price: 175.25.", boston, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_CommaCulture_AreTheSame()
    {
        string boston = await SameAsync(() => Task.FromResult(Words()));
        Assert.Contains("close 101.25 to 201.75 (+99.3%)", boston, StringComparison.Ordinal);
    }

    private static async Task<string> SameAsync(Func<Task<string>> write)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        string boston = await write();
        CultureInfo.CurrentCulture = OtherCulture();
        string berlin = await write();
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Assert.Equal(boston, berlin);
        return boston;
    }

    private static async Task<string> DecideAsync()
    {
        SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Sessions = 400, Symbols = ["AAPL"] });
        DateOnly session = market.GetCalendar("AAPL").Sessions[350];
        MarketSnapshot snapshot = await market.GetSnapshotAsync("AAPL", NyseCalendar.Hours(session).Close);
        Proposal proposal = await ManagerAgent.RuleBased().AnalyzeAsync(snapshot, "run", 0);
        string fingerprint = await MarketFingerprint.ComputeAsync(market, market.Symbols, DateTimeOffset.MaxValue);
        string answers = string.Join('\n', proposal.Candidates.Select(CandidateText.Answer));
        string brief = MarketBrief.Render(snapshot, proposal.Context.Features, []);
        return $"{fingerprint}\n{snapshot.Hash}\n{answers}\n{brief}\n{Json(proposal)}";
    }

    private static string Train()
    {
        var everyDay = new SessionCalendar(Enumerable.Range(0, 1500).Select(new DateOnly(2015, 1, 1).AddDays));
        var options = new LearningOptions
        {
            Threads = 1,
            Model = new RewardModelOptions { HiddenDims = [32, 16], MaxInteractions = 0 },
            Preferences = new PreferenceOptions { Pools = [PreferencePool.SameContext] },
            Training = new TrainingOptions
            {
                LearningRate = 3e-3,
                BatchSize = 32,
                Epochs = 3,
                Ensemble = 2,
            },
        };
        LearnedModel learned = RewardLearning.Learn(Data.Candidates, Data.Pairs, everyDay, options);
        var figures = ValidationFigures.Of(learned);
        JsonObject validation = JsonSerializer.SerializeToNode(figures, RlaifJson.Compact)!.AsObject();
        SettledCandidate[] later = [.. Data.Candidates.Where(c => c.Context.AsOf > learned.Model.Metadata.KnownUntil)];
        ModelComparison? comparison = ModelMatch.Compare(learned.Model, learned.Model, later, options);
        IReadOnlyList<PromotionCriterion> gate = PromotionGate.Judge(validation, "v0001", comparison);
        MonitorReport report = ModelMonitor.Check(
            new MonitoredModel(learned.Model, learned.Model.Metadata.KnownUntil),
            later.Select(Moved),
            later.Max(s => s.Outcome.KnownAt),
            options,
            new MonitorOptions { RetrainDays = 1 }
        );
        return string.Join(
            '\n',
            Json(TrainingChecklist.Of(learned, "v0002", gate)),
            Json(RewardLearning.Judge(learned.Model, Data.Candidates, options).ToValidation()),
            Json(report),
            new RewardBlend([(learned.Model, 0.25), (learned.Model, 0.75)]).Fingerprint,
            TrainingPage.Render(learned, "v0002", gate),
            MonitorPage.Render(report, "v0002")
        );
    }

    private static SettledCandidate Moved(SettledCandidate settled) =>
        settled with
        {
            Context = settled.Context with { Features = settled.Context.Features.ToDictionary(f => f.Key, f => f.Value + 3) },
        };

    private static async Task<string> ReportAsync()
    {
        const string Row = """
            {"symbol":"AAA","decided_at":"2016-01-15T21:00:00Z","action":"sell","position_size":0.025,"score":-0.5,"features":{"mine":-1.5},"outcome":{"entry_price":100.5,"exit_at":"2016-01-22T21:00:00Z","exit_price":110}}
            {"symbol":"AAA","decided_at":"2016-01-15T21:00:00Z","action":"buy","quantity":1.5}
            """;
        using var home = new CliHome();
        string file = home.Write("d.jsonl", Row);
        await using (Ledger ledger = await Ledger.OpenAsync(home.LedgerFile))
        {
            var clock = new FakeTimeProvider(Now);
            DecisionImportResult result = await new DecisionImport(ledger, null, clock).ImportAsync(DecisionFile.Read(file, Now));
            await new PreferenceGenerator(ledger, clock: clock).RecordDecisionAsync(
                new ReportedDecision
                {
                    Symbol = "BBB",
                    Response = new AgentResponse
                    {
                        Score = 0.5,
                        Confidence = 0.5,
                        Analysis = "up",
                    },
                    Action = TradeAction.Buy,
                    PositionSize = 0.05,
                    Price = 175.25m,
                    Features = new Dictionary<string, double?> { ["mine"] = -1.5 },
                }
            );
            Assert.Single(result.Problems);
            home.Write("problems", Json(result.Problems.Select(p => $"{p.Field} {p.Value} {p.Rule}")));
        }

        return await home.DumpAsync() + await File.ReadAllTextAsync(home.PathOf("problems"));
    }

    private static string Words()
    {
        SimulatedMarket market = SimulatedMarket.Create(new SimulationOptions { Sessions = 300, Symbols = ["AAPL"] });
        SessionCalendar calendar = market.GetCalendar("AAPL");
        Bar[] bars =
        [
            Day(calendar.Sessions[0], 99.5m, 99.5m),
            Day(calendar.Sessions[3], 99.5m, 101.25m),
            Day(calendar.Sessions[4], 201.75m, 201.75m),
        ];
        var order = new OrderState
        {
            ClientOrderId = "o",
            Symbol = "AAPL",
            Side = OrderSide.Buy,
            Quantity = 10.5m,
            FilledQuantity = 1.5m,
            AveragePrice = 99.5m,
            Status = OrderStatus.PartiallyFilled,
            UpdatedAt = Now,
        };
        var shares = new Order
        {
            ClientOrderId = "o",
            Symbol = "AAPL",
            Side = OrderSide.Buy,
            Quantity = -1.5m,
            CreatedAt = Now,
        };
        return string.Join(
            '\n',
            Json(DataCheck.Run("AAPL", bars, [], calendar)),
            OrderUpdate.Of(order).UpdateId,
            (
                (ILedgerRecord)
                    new EquityMark
                    {
                        Session = new DateOnly(2016, 3, 1),
                        Equity = 1,
                        Cash = 1,
                        At = Now,
                    }
            ).Id,
            Json(OrderRules.Problems(shares))
        );
    }

    private static Bar Day(DateOnly session, decimal low, decimal close) =>
        new(NyseCalendar.Hours(session).Open, NyseCalendar.Hours(session).Close, close, close + 0.5m, low, close, 1_000);

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, RlaifJson.Compact);

    // Made by hand: the test process runs with invariant globalization and knows no other.
    private static CultureInfo OtherCulture()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.PercentGroupSeparator = ".";
        culture.NumberFormat.PercentSymbol = "\u066A";
        culture.NumberFormat.PercentPositivePattern = 0;
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.PositiveSign = "\u207A";
        culture.NumberFormat.NaNSymbol = "unbekannt";
        culture.NumberFormat.NativeDigits =
        [
            .. "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669".Select(d => $"{d}"),
        ];
        culture.NumberFormat.DigitSubstitution = DigitShapes.NativeNational;
        culture.DateTimeFormat.ShortDatePattern = "dd.MM.yyyy";
        culture.DateTimeFormat.LongTimePattern = "HH.mm.ss";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        culture.DateTimeFormat.AbbreviatedMonthNames = [.. Enumerable.Range(1, 13).Select(m => m > 12 ? "" : $"M{m}")];
        return culture;
    }
}
