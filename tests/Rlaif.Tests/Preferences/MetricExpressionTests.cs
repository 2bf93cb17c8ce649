using System.Text.Json;
using CsCheck;
using Rlaif.Core;
using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Preferences.Expressions;

namespace Rlaif.Tests.Preferences;

public sealed class MetricExpressionTests
{
    // Left out on purpose: they say how the instrument is quoted, not what the candidate was worth.
    private static readonly string[] NotOffered = ["entry_price", "exit_price", "quantity"];

    private static readonly Type[] NumberTypes = [typeof(double), typeof(double?), typeof(decimal), typeof(int)];

    private static readonly Gen<double> Fraction = Gen.Double[-0.5, 0.5];

    private static readonly Gen<SettledCandidate> Settled = Gen.Select(
        Fraction,
        Gen.Double[-0.9, 0],
        Gen.OneOf(Gen.Const(TradeAction.Buy), Gen.Const(TradeAction.Sell), Gen.Const(TradeAction.Hold)),
        Gen.Double[0.001, 0.1],
        Fraction,
        (net, drawdown, action, volatility, benchmark) =>
        {
            SettledCandidate settled = SettledSamples.Single("AAPL", 0, action, 0.05);
            return settled with
            {
                Outcome = settled.Outcome with
                {
                    NetReturn = net,
                    MaxDrawdown = drawdown,
                    DailyVolatility = volatility,
                    BenchmarkReturn = benchmark,
                    Pnl = 12.5m,
                },
            };
        }
    );

    /// <summary>Expressions beside the same thing written in C#.</summary>
    public static TheoryData<string, Func<Outcome, double?>> Delegates =>
        new()
        {
            { "net_return - 2 * abs(max_drawdown)", o => o.NetReturn - (2 * Math.Abs(o.MaxDrawdown)) },
            { "-net_return", o => -o.NetReturn },
            { "net_return - max_drawdown - costs", o => o.NetReturn - o.MaxDrawdown - o.Costs },
            { "net_return - (max_drawdown - costs)", o => o.NetReturn - (o.MaxDrawdown - o.Costs) },
            { "net_return / daily_volatility / hold_days", o => o.NetReturn / o.DailyVolatility / o.HoldDays },
            {
                "net_return / (daily_volatility * sqrt(hold_days))",
                o => o.NetReturn / (o.DailyVolatility * Math.Sqrt(o.HoldDays))
            },
            { "net_return - side * beta * benchmark_return", o => o.NetReturn - (Side(o) * o.Beta * o.BenchmarkReturn) },
            { "if(net_return > costs, net_return, 3 * net_return)", o => o.NetReturn > o.Costs ? o.NetReturn : 3 * o.NetReturn },
            { "if(side == 0, -0.001, net_return)", o => o.Action == TradeAction.Hold ? -0.001 : o.NetReturn },
            { "min(net_return, 0.1, benchmark_return)", o => Min(o.NetReturn, 0.1, o.BenchmarkReturn!.Value) },
            { "max(net_return, -max_drawdown)", o => Math.Max(o.NetReturn, -o.MaxDrawdown) },
            { "log(1 + net_return)", o => Math.Log(1 + o.NetReturn) },
            { "exp(net_return) - 1", o => Math.Exp(o.NetReturn) - 1 },
            { "pow(net_return, 3) * sign(net_return)", o => Math.Pow(o.NetReturn, 3) * Math.Sign(o.NetReturn) },
            { "1/2 * pnl + 1e-3 * .5", o => (0.5 * (double)o.Pnl) + (1e-3 * .5) },
            { "net_return*-2--costs", o => (o.NetReturn * -2) - -o.Costs },
            { "1 - max_drawdown / (1 / daily_volatility)", o => 1 - (o.MaxDrawdown / (1 / o.DailyVolatility)) },
        };

    private static double Side(Outcome o) =>
        o.Action switch
        {
            TradeAction.Buy => 1,
            TradeAction.Sell => -1,
            _ => 0,
        };

    private static double Min(params double[] values) => values.Min();

    private static string Refusal(string text)
    {
        string message = Assert.Throws<RlaifInputException>(() => ComparisonMetric.Parse(text)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 1, 1500);
        return message;
    }

    [Theory]
    [MemberData(nameof(Delegates))]
    public void Score_Expression_EqualsTheDelegate(string text, Func<Outcome, double?> expected)
    {
        var metric = ComparisonMetric.Parse(text);
        Settled.Sample(settled => Assert.Equal(expected(settled.Outcome), metric.Score(settled)));
    }

    [Theory]
    [InlineData("<", true, false, false)]
    [InlineData("<=", true, true, false)]
    [InlineData(">", false, false, true)]
    [InlineData(">=", false, true, true)]
    [InlineData("==", false, true, false)]
    [InlineData("!=", true, false, true)]
    public void Score_Comparison_HoldsForLessEqualAndGreaterAsItShould(string sign, bool less, bool equal, bool greater)
    {
        SettledCandidate any = SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05);
        Assert.Equal(
            [less ? 1 : 0, equal ? 1 : 0, greater ? 1 : 0],
            ((string[])["1", "2", "3"]).Select(left => ComparisonMetric.Parse($"if({left} {sign} 2, 1, 0)").Score(any)!.Value)
        );
    }

    [Theory]
    [MemberData(nameof(Delegates))]
    public void Parse_StoredName_GivesTheSameMetricBack(string text, Func<Outcome, double?> expected)
    {
        var again = ComparisonMetric.Parse(ComparisonMetric.Parse(text).Name);
        Assert.Equal(ComparisonMetric.Parse(text).Name, again.Name);
        Settled.Sample(settled => Assert.Equal(expected(settled.Outcome), again.Score(settled)));
    }

    [Theory]
    [InlineData("net_return-2*abs( max_drawdown )", "expr:net_return - 2 * abs(max_drawdown)")]
    [InlineData("((net_return))", "expr:net_return")]
    [InlineData("(net_return * 2) + 1.50", "expr:net_return * 2 + 1.5")]
    [InlineData("net_return * (2 + 1)", "expr:net_return * (2 + 1)")]
    [InlineData("expr:if(beta>1,-beta,- -beta)", "expr:if(beta > 1, -beta, --beta)")]
    [InlineData("expr:sharpe", "expr:sharpe")]
    [InlineData("sharpe", "sharpe")]
    [InlineData("1e20 * beta", "expr:1E+20 * beta")]
    public void Name_Expression_IsCanonical(string text, string name) => Assert.Equal(name, ComparisonMetric.Parse(text).Name);

    [Theory]
    [InlineData("net_return / (hold_days - 5)")]
    [InlineData("1 / (1 / (hold_days - 5))")]
    [InlineData("log(0)")]
    [InlineData("exp(log(0))")]
    [InlineData("sqrt(-1)")]
    [InlineData("sortino")]
    [InlineData("expr:sharpe")]
    [InlineData("min(sharpe, 1)")]
    [InlineData("pow(sharpe, 0)")]
    [InlineData("pow(1, sharpe)")]
    [InlineData("sign(sharpe)")]
    [InlineData("if(sharpe > 1, 1, 1)")]
    [InlineData("if(sharpe != 1, 1, 1)")]
    [InlineData("pow(10, 400)")]
    [InlineData("1 / pow(10, 400)")]
    [InlineData("pow(pow(pow(9e99, 9e99), 9e99), 9e99)")]
    [InlineData("exp(1000) * 0")]
    public void Score_CannotBeComputed_IsNullNotZero(string text) =>
        Assert.Null(ComparisonMetric.Parse(text).Score(SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05)));

    [Fact]
    public void Score_BranchNotTaken_IsNotComputed() =>
        Assert.Equal(
            7,
            ComparisonMetric
                .Parse("if(hold_days == 5, 7, 1 / (hold_days - 5))")
                .Score(SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05))
        );

    [Fact]
    public void Score_Hold_IsWhatTheExpressionGives() =>
        Assert.Equal(
            -0.25,
            ComparisonMetric.Parse("net_return - 0.25").Score(SettledSamples.Single("AAPL", 0, TradeAction.Hold, 0.05, size: 0))
        );

    [Theory]
    [InlineData("net_retrun * 2", "character 1: 'net_retrun' is unknown; did you mean net_return?")]
    [InlineData("2 * Abs(costs)", "character 5: 'Abs' is unknown; did you mean abs?")]
    [InlineData("costs + system(1)", "character 9: 'system' is unknown.")]
    [InlineData("costs and beta", "'and' is unknown")]
    [InlineData("not beta", "'not' is unknown")]
    [InlineData("true + 1", "'true' is unknown")]
    [InlineData("0x1F + beta", "'x1F' is unknown")]
    [InlineData("beta ? 1 : 2", "character 6: '?' cannot stand here")]
    [InlineData("'net' + beta", "character 1: ''' cannot stand here")]
    [InlineData("\"a\" + beta", "cannot stand here")]
    [InlineData("[beta] + 1", "'[' cannot stand here")]
    [InlineData("#2020-01-01#", "'#' cannot stand here")]
    [InlineData("beta = 1", "character 6: '=' cannot stand here")]
    [InlineData("beta // 2", "character 6: '/' cannot stand here")]
    [InlineData("beta ** 2", "character 6: '*' cannot stand here")]
    [InlineData("beta => 2", "character 6: '=' cannot stand here")]
    [InlineData("beta % 2", "'%' cannot stand here")]
    [InlineData("beta ^ 2", "'^' cannot stand here")]
    [InlineData("beta!", "'!' cannot stand here")]
    [InlineData("beta; costs", "';' cannot stand here")]
    [InlineData("beta\n+1", "character 5: U+000A cannot stand here")]
    [InlineData("beta + é", "character 8: U+00E9 cannot stand here")]
    [InlineData("beta + \u0661", "U+0661 cannot stand here")]
    [InlineData("\U0001D7D9", "U+D835 cannot stand here")]
    [InlineData("beta\u001b[31m", "U+001B cannot stand here")]
    [InlineData("", "ends too early")]
    [InlineData("expr:", "ends too early")]
    [InlineData("beta -", "character 6: the expression ends where a value is expected")]
    [InlineData("beta <= ", "the expression ends where a value is expected")]
    [InlineData("beta * abs(", "ends where a value is expected")]
    [InlineData("pow(beta, ", "ends where a value is expected")]
    [InlineData("beta )", "character 6: ')' is unexpected")]
    [InlineData("abs(beta", "ends too early")]
    [InlineData("* beta", "character 1: '*' is unexpected")]
    [InlineData("beta costs", "character 6: 'c' is unexpected")]
    [InlineData("beta)", "character 5: ')' is unexpected")]
    [InlineData("abs()", "abs takes 1 argument, not 0")]
    [InlineData("abs(beta, 1)", "abs takes 1 argument, not 2")]
    [InlineData("pow(beta)", "pow takes 2 arguments, not 1")]
    [InlineData("min(beta)", "min takes 2 or more arguments, not 1")]
    [InlineData("if(beta > 1, 2)", "if takes 3 arguments, not 2")]
    [InlineData("if(beta, 1, 2)", "such as beta > 0")]
    [InlineData("if(1 < beta < 2, 1, 2)", "a comparison can only be the first argument of if")]
    [InlineData("beta > 1", "write if(beta > 1, 1, 0)")]
    [InlineData("(beta > 1) + 1", "a comparison can only be the first argument of if")]
    [InlineData("beta(1)", "beta is a field and takes no arguments")]
    [InlineData("1 + abs", "abs is a function and needs arguments")]
    [InlineData("(beta, costs)", "list of values")]
    [InlineData("()", "list of values")]
    [InlineData("1e400 * beta", "a number is too large")]
    public void Parse_NotInTheLanguage_SaysWhereAndWhatIsAllowed(string text, string message)
    {
        string refusal = Refusal(text);
        Assert.Contains(message, refusal, StringComparison.Ordinal);
        Assert.Contains("Fields: side, position_size", refusal, StringComparison.Ordinal);
        Assert.Contains("Functions: if, abs", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_HostileSize_AnswersWithOneLine()
    {
        const int Huge = 100_000;
        Assert.Contains("at most 500 characters", Refusal(new string('(', Huge)), StringComparison.Ordinal);
        Assert.Contains("at most 500 characters", Refusal(new string('a', Huge)), StringComparison.Ordinal);
        Assert.Contains(
            "at most 500 characters",
            Refusal(string.Join('+', Enumerable.Repeat("beta", 95)) + "+1e99+1e99+1e99+1e99+1"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "nested more than 20 deep",
            Refusal(new string('(', 30) + "beta" + new string(')', 30)),
            StringComparison.Ordinal
        );
        Assert.Contains("Unknown comparison metric", Refusal("x".PadRight(400, 'x')), StringComparison.Ordinal);
        // Long, but within the limits: it is computed, on a small stack too.
        var chain = ComparisonMetric.Parse(new string('-', 490) + "beta");
        double? score = null;
        var thread = new Thread(() => score = chain.Score(SettledSamples.Single("AAPL", 0, TradeAction.Buy, 0.05)), 128 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal(1, score);
    }

    [Fact]
    public void Parse_Nesting_CountsWhatIsOpenAtTheSameTime()
    {
        static string Nested(int depth) => new string('(', depth) + "beta" + new string(')', depth);

        // Thirty parentheses that are closed again leave all the room there is.
        string closed = string.Concat(Enumerable.Repeat("abs(beta)+", 30));
        Assert.Equal("expr:beta", ComparisonMetric.Parse(Nested(20)).Name);
        Assert.NotNull(ComparisonMetric.Parse(closed + Nested(20)));
        Assert.Contains("character 21: parentheses are nested", Refusal(Nested(21)), StringComparison.Ordinal);
        Assert.Contains("parentheses are nested more than 20 deep", Refusal(closed + Nested(21)), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_RandomText_IsReadOrRefusedInOneLine()
    {
        string[] parts =
        [
            "(",
            ")",
            ",",
            "+",
            "-",
            "*",
            "/",
            "<",
            ">=",
            "==",
            "!",
            "beta",
            "costs",
            "if",
            "min",
            "abs",
            "1",
            "2.5e3",
            " ",
            ".",
            "é",
        ];
        int read = 0;
        Gen.Int[0, parts.Length - 1]
            .Select(i => parts[i])
            .Array[1, 12]
            .Sample(
                text =>
                {
                    try
                    {
                        string name = ComparisonMetric.Parse(string.Concat(text)).Name;
                        Assert.Equal(name, ComparisonMetric.Parse(name).Name);
                        Interlocked.Increment(ref read);
                    }
                    catch (RlaifInputException e)
                    {
                        Assert.DoesNotContain('\n', e.Message);
                    }
                },
                iter: 20_000
            );
        Assert.True(read > 0);
    }

    [Fact]
    public void Score_ManyThreads_EqualsOneThread()
    {
        var metric = ComparisonMetric.Parse(
            "if(max(net_return, costs) > costs, pow(net_return, 2), min(net_return, 1) / hold_days)"
        );
        List<SettledCandidate> world = SettledSamples.World(7, moments: 100);
        double?[] expected = [.. world.Select(metric.Score)];
        double?[] scores = new double?[world.Count];
        Parallel.For(0, world.Count, i => scores[i] = metric.Score(world[i]));
        Assert.Equal(expected, scores);
    }

    [Fact]
    public void Fields_NumbersOfAnOutcome_AreOfferedOrLeftOutOnPurpose()
    {
        string[] numbers =
        [
            .. typeof(Outcome)
                .GetProperties()
                .Where(p => NumberTypes.Contains(p.PropertyType))
                .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name)),
        ];
        Assert.Equal(
            numbers.Append("side").Order(StringComparer.Ordinal),
            OutcomeFields.Names.Concat(NotOffered).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void ExpressionLanguage_Text_NamesWhatTheParserKnows() =>
        Assert.StartsWith(
            $"Fields: {string.Join(", ", OutcomeFields.Names)}. Functions: if, {string.Join(", ", ExpressionFunction.Names)}. Operators: ",
            ComparisonMetric.ExpressionLanguage,
            StringComparison.Ordinal
        );

    [Fact]
    public void Generate_ExpressionOfReturn_OrdersPairsAsReturnDoes()
    {
        List<SettledCandidate> world = SettledSamples.World(3);
        PreferenceOptions options = new() { MinMargin = 0.01, MaxPairsPerDecision = 100 };
        string[] Pairs(string metric) =>
            [
                .. PreferenceGenerator
                    .Generate(world, options with { Metric = ComparisonMetric.Parse(metric) })
                    .Pairs.Select(p => p.ChosenId + p.RejectedId)
                    .Order(StringComparer.Ordinal),
            ];

        string[] expected = Pairs("return");
        // return knows the noise of a score from the expected volatility and drops what has none; an expression does not.
        Assert.NotEmpty(expected);
        Assert.Empty(expected.Except(Pairs("net_return"), StringComparer.Ordinal));
    }
}
