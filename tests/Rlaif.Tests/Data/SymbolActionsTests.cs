using Rlaif.Core;
using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class SymbolActionsTests : IDisposable
{
    private const string Raw =
        "symbol,date,open,high,low,close,split,dividend\nA,2024-01-02,400,404,396,400,,1\nA,2024-01-03,101,102,99,100,4:1,\n";
    private const string Adjusted =
        "symbol,date,open,high,low,close,split,dividend\nA,2024-01-02,100,101,99,100,0,0.25\nA,2024-01-03,101,102,99,100,4,0\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<BarImportResult> ImportAsync(string content, PriceBasis basis, string? actions = null) =>
        BarImport.ReadAsync(
            [_folder.Write("bars.csv", content)],
            new BarImportOptions { Basis = basis, ActionFiles = actions is null ? [] : [_folder.Write("actions.csv", actions)] }
        );

    [Theory]
    [InlineData(Raw, PriceBasis.Detect, true)]
    [InlineData(Raw, PriceBasis.Adjusted, false)]
    [InlineData(Adjusted, PriceBasis.Detect, false)]
    [InlineData(Adjusted, PriceBasis.Raw, true)]
    public async Task Decide_SplitColumn_KeepsWhatPricesDoNotReflect(string content, PriceBasis basis, bool kept)
    {
        BarImportResult result = await ImportAsync(content, basis);
        Assert.Empty(result.Problems);
        SplitDecision decision = Assert.Single(result.Splits);
        Assert.Equal(
            ("A", new DateOnly(2024, 1, 3), 4m, kept),
            (decision.Symbol, decision.ExDate, decision.Ratio, decision.Kept)
        );
        Assert.Equal(kept ? 1 : 0, result.Series[0].Actions.Count(a => a.Kind == CorporateActionKind.Split));
        Assert.Single(result.Series[0].Actions, a => a.Kind == CorporateActionKind.Dividend);
    }

    [Theory]
    [InlineData("symbol,date,split,dividend\nA,2024-01-03,4,\nA,2024-01-02,,1\nB,2024-01-02,,1\n")]
    [InlineData("symbol,type,ex_date,cash_amount,split_from,split_to\nA,split,2024-01-03,,1,4\nA,dividend,2024-01-02,1,,\n")]
    [InlineData(
        "symbol,date,price_factor,split_factor,reference_price\nA,20240101,0.9975,0.25,400\nA,20240102,1,0.25,400\nA,20501231,1,1,0\n"
    )]
    public async Task Decide_ActionsFile_IsUnderstoodInEveryLayout(string actions)
    {
        string bars =
            "date,open,high,low,close\n2024-01-01,400,400,400,400\n2024-01-02,400,404,396,400\n2024-01-03,101,102,99,100\n";
        string path = _folder.Write("A.csv", bars);
        string file = _folder.Write("actions.csv", actions);
        BarImportResult result = await BarImport.ReadAsync([path], new BarImportOptions { ActionFiles = [file] });
        Assert.Empty(result.Problems);
        Assert.Equal(
            [
                new CorporateAction(new DateOnly(2024, 1, 2), CorporateActionKind.Dividend, 1m),
                new CorporateAction(new DateOnly(2024, 1, 3), CorporateActionKind.Split, 4m),
            ],
            result.Series[0].Actions
        );
    }

    [Fact]
    public async Task Decide_DividendAsPaidBeforeAReflectedSplit_IsPutOnTheBasisOfThePrices()
    {
        const string NoColumns = "symbol,date,open,high,low,close\nA,2024-01-02,100,101,99,100\nA,2024-01-03,101,102,99,100\n";
        BarImportResult result = await ImportAsync(
            NoColumns,
            PriceBasis.Detect,
            "symbol,date,split,dividend\nA,2024-01-02,,1\nA,2024-01-03,4,\n"
        );
        Assert.Equal(
            new CorporateAction(new DateOnly(2024, 1, 2), CorporateActionKind.Dividend, 0.25m),
            Assert.Single(result.Series[0].Actions)
        );
    }

    [Fact]
    public async Task Decide_SplitWithoutABarBefore_IsUndecidedAndSaysHowToKeepIt()
    {
        const string First = "symbol,date,open,high,low,close,split\nA,2024-01-03,101,102,99,100,4\n";
        SplitDecision decision = Assert.Single((await ImportAsync(First, PriceBasis.Detect)).Splits);
        Assert.False(decision.Kept);
        Assert.Null(decision.Jump);
        Assert.True(Assert.Single((await ImportAsync(First, PriceBasis.Raw)).Splits).Kept);
    }

    [Fact]
    public async Task Decide_ActionsOutsideTheBars_AreCountedInANote()
    {
        BarImportResult result = await ImportAsync(
            Adjusted,
            PriceBasis.Detect,
            "symbol,date,split\nA,1999-01-02,2\nA,2030-01-01,2\n"
        );
        Assert.Contains("2 corporate actions", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.Single(result.Splits);
    }

    [Fact]
    public async Task Decide_TwoValuesForOneAction_KeepsTheFirstAndSaysSo()
    {
        BarImportResult result = await ImportAsync(Raw, PriceBasis.Detect, "symbol,date,split\nA,2024-01-03,5\n");
        Assert.Equal(4m, Assert.Single(result.Splits).Ratio);
        Assert.Contains("differs from the 4", Assert.Single(result.Problems).Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("symbol,date,split\nA,2024-01-03,-2\n", "split", 2)]
    [InlineData("symbol,date,split\nA,soon,2\n", "date", 2)]
    [InlineData("symbol,type,ex_date,cash_amount,split_from,split_to\nA,merger,2024-01-03,,,\n", "type", 2)]
    public async Task Decide_BadRowOfAnActionsFile_IsAProblem(string actions, string field, int line)
    {
        ImportProblem problem = Assert.Single((await ImportAsync(Adjusted, PriceBasis.Detect, actions)).Problems);
        Assert.Equal((field, line), (problem.Field, problem.Line));
    }

    [Fact]
    public async Task Decide_BadActionBesideAGoodBar_KeepsTheBar()
    {
        BarImportResult result = await ImportAsync(
            "symbol,date,open,high,low,close,split\nA,2024-01-03,101,102,99,100,many\n",
            PriceBasis.Detect
        );
        Assert.Equal(1, result.Series[0].Count);
        Assert.Equal(("split", "many"), (result.Problems[0].Field, result.Problems[0].Value));
    }

    [Fact]
    public async Task Decide_FileThatIsNoActionsFile_IsRefusedWithTheLayouts()
    {
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() =>
            ImportAsync(Raw, PriceBasis.Detect, "a,b\n1,2\n")
        );
        Assert.Contains("symbol,date", error.Message, StringComparison.Ordinal);
    }
}
