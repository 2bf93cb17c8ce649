using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.AI;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Data.Documents;
using Rlaif.Decisions;
using Rlaif.Decisions.Llm.Masking;
using Rlaif.Decisions.Llm.Tools;

namespace Rlaif.Tests.Decisions.Llm.Tools;

public sealed class AnalystToolsTests
{
    private static readonly MarketSnapshot Snapshot = SimulatedDesk.Snapshot(1);

    [Fact]
    public void Declarations_Schemas_RequireEveryPropertyAndNoOther()
    {
        IReadOnlyList<AIFunctionDeclaration> tools = ToolDesk.Tools(Snapshot).Declarations;
        Assert.Equal(["indicator", "returns", "position_size", "search_documents"], tools.Select(t => t.Name));
        foreach (JsonElement schema in tools.Select(t => t.JsonSchema))
        {
            Assert.Equal("object", schema.GetProperty("type").GetString());
            Assert.False(schema.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal(
                schema.GetProperty("properties").EnumerateObject().Select(p => p.Name),
                schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()!)
            );
        }

        Assert.DoesNotContain(
            new AnalystTools(Snapshot, Masker.None(Snapshot), null, new ManagerOptions()).Declarations,
            t => t.Name == "search_documents"
        );
    }

    [Fact]
    public void Indicator_Rsi_IsTheFeatureOfTheSnapshot()
    {
        JsonNode result = Call("indicator", ("indicator", "RSI(14)"), ("sessions", 3));
        Assert.Equal("rsi(14)", (string)result["indicator"]!);
        Assert.Equal([-2, -1, 0], result["rows"]!.AsArray().Select(r => (int)r![0]!));
        Assert.Equal(Snapshot.Features["rsi_14"]!.Value, (double)result["rows"]![2]![1]!, 4);
    }

    [Fact]
    public void Indicator_PriceOutput_IsToldByTheMasker()
    {
        Masker masker = Masker.Hide(Snapshot, [SimulatedDesk.Symbol]);
        var tools = new AnalystTools(Snapshot, masker, null, new ManagerOptions());
        JsonNode result = ToolDesk.Call(tools, "indicator", ("indicator", "sma(1)"), ("sessions", 1));
        Assert.Equal("idx 100", (string)result["rows"]![0]![1]!);
        Assert.Equal(
            Masker.None(Snapshot).Price(Snapshot.Bars.Last.Close),
            (string)Call("indicator", ("indicator", "sma(1)"), ("sessions", 1))["rows"]![0]![1]!
        );
    }

    [Fact]
    public void Indicator_Split_MakesNoJump()
    {
        DateTimeOffset start = new(2024, 1, 1, 14, 30, 0, TimeSpan.Zero);
        Bar[] bars =
        [
            .. Enumerable
                .Range(0, 20)
                .Select(i => (Price: i < 15 ? 200m : 50m, At: start.AddDays(i)))
                .Select(x => new Bar(x.At, x.At.AddHours(6), x.Price, x.Price, x.Price, x.Price, 100)),
        ];
        var split = new CorporateAction(DateOnly.FromDateTime(bars[15].OpenTime.UtcDateTime), CorporateActionKind.Split, 4);
        MarketSnapshot snapshot = MarketSnapshot.Create(new BarSeries("AAA", bars, [split]), bars[^1].CloseTime);
        JsonNode result = ToolDesk.Call(ToolDesk.Tools(snapshot), "indicator", ("indicator", "sma(1)"), ("sessions", 10));
        Assert.All(result["rows"]!.AsArray(), row => Assert.Equal("50.00", (string)row![1]!));
    }

    [Fact]
    public void Indicator_WideTable_IsCutToTheBoundAndSaysSo()
    {
        MarketSnapshot dear = ToolDesk.Path([.. Enumerable.Range(0, 90).Select(i => 600_000 + (1234.56 * (i % 7)))]);
        string text = ToolDesk
            .Tools(dear, mask: true)
            .Execute("indicator", ToolDesk.Arguments(("indicator", "bollinger"), ("sessions", 60)));
        Assert.InRange(text.Length, 3000, ToolResult.MaxLength);
        JsonNode result = JsonNode.Parse(text)!;
        Assert.Equal(0, (int)result["rows"]!.AsArray()[^1]![0]!);
        Assert.Contains("left out", (string)result["notice"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Returns_KnownPath_AreItsMeasures()
    {
        MarketSnapshot snapshot = ToolDesk.Path(100, 110, 99, 108.9);
        JsonNode result = ToolDesk.Call(ToolDesk.Tools(snapshot), "returns", ("series", "instrument"), ("sessions", 3));
        Assert.Equal(0.089, (double)result["total_return"]!, 4);
        Assert.Equal(-0.1, (double)result["max_drawdown"]!, 4);
        Assert.Equal(Math.Sqrt(252) * 0.11547, (double)result["annualised_volatility"]!, 3);
        Assert.Equal((-2, 0.1), ((int)result["best"]!["session"]!, (double)result["best"]!["return"]!));
        Assert.Equal((-1, -0.1), ((int)result["worst"]!["session"]!, (double)result["worst"]!["return"]!));
    }

    [Fact]
    public void Returns_MoreThanIsKnown_UsesWhatThereIs()
    {
        JsonNode result = Call("returns", ("series", "benchmark"), ("sessions", 504));
        Assert.Equal(299, (int)result["sessions"]!);
        Assert.Contains("299", (string)result["notice"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Returns_NoBenchmark_IsAnError() =>
        Assert.NotNull(
            ToolDesk.Call(
                ToolDesk.Tools(SimulatedDesk.Snapshot(1, benchmark: false)),
                "returns",
                ("series", "benchmark"),
                ("sessions", 20)
            )["error"]
        );

    [Theory]
    [InlineData(0.01, 1.0)]
    [InlineData(0.001, 3.0)]
    [InlineData(0.0001, 10.0)]
    public void PositionSize_RiskAndStop_KeepsRiskAndLimit(double risk, double swings)
    {
        double daily = Snapshot.Features["volatility_20"]!.Value;
        JsonNode result = Call("position_size", ("risk", risk), ("stop_swings", swings));
        double size = (double)result["size"]!;
        Assert.InRange(size, 0, new ManagerOptions().MaxPositionSize);
        Assert.InRange(size * swings * daily, 0, risk);
        Assert.True(size == 0.1 || size > (risk / (swings * daily)) - 0.0011);
        Assert.Contains("=", (string)result["arithmetic"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void PositionSize_PriceThatDoesNotMove_IsAnError() =>
        Assert.NotNull(
            ToolDesk.Call(
                ToolDesk.Tools(ToolDesk.Path([.. Enumerable.Repeat(100.0, 40)])),
                "position_size",
                ("risk", 0.01),
                ("stop_swings", 2)
            )["error"]
        );

    [Theory]
    [InlineData("nothing", "{}", "indicator, returns")]
    [InlineData("indicator", "{}", "'indicator' must be")]
    [InlineData("indicator", """{"indicator":"rsi(14)"}""", "'sessions' must be a whole number from 1 to 60")]
    [InlineData("indicator", """{"indicator":"rsi(14)","sessions":"3"}""", "whole number")]
    [InlineData("indicator", """{"indicator":"rsi(14)","sessions":2.5}""", "whole number")]
    [InlineData("indicator", """{"indicator":"rsi(14)","sessions":61}""", "from 1 to 60")]
    [InlineData("indicator", """{"indicator":"rsii","sessions":3}""", "Did you mean 'rsi'")]
    [InlineData("indicator", """{"indicator":"rsi(0)","sessions":3}""", "from 1 to 1000")]
    [InlineData("indicator", """{"indicator":"rsi, sma","sessions":3}""", "one indicator")]
    [InlineData("indicator", """{"indicator":"rsi","sessions":3,"symbol":"MSFT"}""", "no argument 'symbol'")]
    [InlineData("returns", """{"series":"msft","sessions":3}""", "instrument or benchmark")]
    [InlineData("returns", """{"series":"instrument","sessions":1}""", "from 2 to 504")]
    [InlineData("position_size", """{"risk":0.5,"stop_swings":1}""", "from 0.0001 to 0.1")]
    [InlineData("position_size", """{"risk":null,"stop_swings":[1]}""", "'stop_swings' must be")]
    [InlineData("search_documents", """{"query":"\ud800","count":3}""", "1 to 300 characters")]
    [InlineData("search_documents", """{"query":" ","count":3}""", "1 to 300 characters")]
    [InlineData("search_documents", """{"query":"x","count":6}""", "from 1 to 5")]
    public void Execute_WrongCall_SaysWhatIsAllowed(string name, string arguments, string expected)
    {
        var values = JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments);
        JsonNode result = JsonNode.Parse(ToolDesk.Tools(Snapshot).Execute(name, values))!;
        Assert.Contains(expected, (string)result["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_ThirteenthCall_IsAnError()
    {
        AnalystTools tools = ToolDesk.Tools(Snapshot);
        for (int i = 0; i < AnalystTools.MaxCalls; i++)
        {
            Assert.Null(ToolDesk.Call(tools, "returns", ("series", "instrument"), ("sessions", 20))["error"]);
        }

        Assert.NotNull(ToolDesk.Call(tools, "returns", ("series", "instrument"), ("sessions", 20))["error"]);
    }

    [Fact]
    public void Execute_AnyNumberType_ReadsTheSame()
    {
        object[] threes = [3, 3L, 3.0, 3f, 3m, (short)3, JsonSerializer.SerializeToElement(3), JsonValue.Create(3)];
        string[] results =
        [
            .. threes.Select(v =>
                ToolDesk.Tools(Snapshot).Execute("indicator", ToolDesk.Arguments(("indicator", "sma(5)"), ("sessions", v)))
            ),
        ];
        Assert.Single(results.Distinct());
        Assert.DoesNotContain("error", results[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_LaterBarsAndDocuments_ChangeNothing() =>
        Gen.Select(Gen.Int[0, 50], Gen.Int[1, 1000], Gen.Bool)
            .Sample(
                (seed, future, mask) =>
                    Assert.Equal(
                        Everything(SimulatedDesk.Snapshot(seed), mask, 0),
                        Everything(SimulatedDesk.Snapshot(seed, futureSeed: future), mask, future)
                    ),
                iter: 20
            );

    [Fact]
    public void Execute_AnyNameAndArguments_NeverThrowsAndStaysBounded()
    {
        Gen<object?> value = Gen.OneOf<object?>(
            Gen.String.Select(s => (object?)s),
            Gen.Double.Select(d => (object?)d),
            Gen.Int.Select(i => (object?)i),
            Gen.Decimal.Select(d => (object?)d),
            Gen.Bool.Select(b => (object?)b),
            Gen.Const((object?)null),
            Gen.OneOf(
                new object?[]
                {
                    "rsi(14)",
                    "macd",
                    "obv",
                    "bollinger(20,2)",
                    "instrument",
                    "benchmark",
                    "ASSET news",
                    20,
                    0.01,
                    5,
                    double.NaN,
                    new(),
                }
            )
        );
        Gen<string> key = Gen.OneOf(
            Gen.String,
            Gen.OneOf("indicator", "sessions", "series", "risk", "stop_swings", "query", "count")
        );
        Gen<string> tool = Gen.OneOf(Gen.String, Gen.OneOf("indicator", "returns", "position_size", "search_documents"));
        AnalystTools Fresh(bool mask) => ToolDesk.Tools(Snapshot, mask);
        Gen.Select(tool, Gen.Dictionary(key, value)[0, 4], Gen.Bool)
            .Sample(
                (name, arguments, mask) =>
                {
                    string text = Fresh(mask).Execute(name, arguments);
                    Assert.InRange(text.Length, 2, ToolResult.MaxLength);
                    Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(text).RootElement.ValueKind);
                    // What was asked is quoted in an answer, so a random word may hold these letters; no figure of ours may.
                    string asked = string.Join(' ', [name, .. arguments.Select(a => $"{a.Key} {a.Value}")]);
                    Assert.All(
                        ["NaN", "Infinity"],
                        word =>
                            Assert.True(
                                asked.Contains(word, StringComparison.Ordinal) || !text.Contains(word, StringComparison.Ordinal)
                            )
                    );
                },
                iter: 2000
            );
        Assert.Contains("error", Fresh(false).Execute("returns", null), StringComparison.Ordinal);
    }

    private static JsonNode Call(string name, params (string, object?)[] arguments) =>
        ToolDesk.Call(ToolDesk.Tools(Snapshot), name, arguments);

    private static string Everything(MarketSnapshot snapshot, bool mask, int futureDocuments)
    {
        AnalystTools tools = ToolDesk.Tools(snapshot, mask, futureDocuments);
        return string.Join(
            '\n',
            tools.Execute("indicator", ToolDesk.Arguments(("indicator", "macd"), ("sessions", 30))),
            tools.Execute("indicator", ToolDesk.Arguments(("indicator", "obv"), ("sessions", 60))),
            tools.Execute("returns", ToolDesk.Arguments(("series", "instrument"), ("sessions", 250))),
            tools.Execute("returns", ToolDesk.Arguments(("series", "benchmark"), ("sessions", 60))),
            tools.Execute("position_size", ToolDesk.Arguments(("risk", 0.005), ("stop_swings", 2))),
            tools.Execute("search_documents", ToolDesk.Arguments(("query", "orders and outlook"), ("count", 5))),
            string.Join(',', tools.EvidenceIds),
            string.Join(',', tools.ShownDocuments)
        );
    }
}
