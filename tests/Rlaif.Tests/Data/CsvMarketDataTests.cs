using Rlaif.Core;
using Rlaif.Data;

namespace Rlaif.Tests.Data;

public sealed class CsvMarketDataTests : IDisposable
{
    private const string Header = "symbol,date,open,high,low,close\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("AAPL,SPY", "SPY", "AAPL")]
    [InlineData("AAPL,GSPC,MSFT", "GSPC", "AAPL,MSFT")]
    [InlineData("AAPL,^GSPC,SPY", "SPY", "AAPL,^GSPC")]
    [InlineData("A,.SPX", ".SPX", "A")]
    [InlineData("AAPL,MSFT", null, "AAPL,MSFT")]
    [InlineData("SPY", null, "SPY")]
    public async Task LoadAsync_IndexAmongSymbols_IsTheBenchmark(string symbols, string? benchmark, string traded)
    {
        string rows = string.Concat(symbols.Split(',').Select(s => $"{s},2024-01-02,1,1,1,1\n"));
        IMarketData market = await CsvMarketData.LoadAsync(_folder.Write("bars.csv", Header + rows));
        Assert.Equal(benchmark, market.Benchmark);
        Assert.Equal(traded.Split(','), market.Symbols);
        Assert.Equal("bars.csv", market.Source);
    }

    [Fact]
    public async Task LoadAsync_BadRow_IsRefusedUnlessSomebodyListens()
    {
        string path = _folder.Write("bars.csv", $"{Header}A,2024-01-02,1,1,1,1\nA,2024-01-03,x,1,1,1\n");
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => CsvMarketData.LoadAsync(path));
        Assert.Contains("bars.csv:3 open 'x'", error.Message, StringComparison.Ordinal);
        var heard = new List<ImportProblem>();
        IMarketData market = await CsvMarketData.LoadAsync([path], null, heard.Add);
        Assert.Single(heard);
        Assert.Equal(["A"], market.Symbols);
    }

    [Fact]
    public async Task LoadAsync_NoBars_SaysWhy()
    {
        string path = _folder.Write("closes.csv", "date,AAPL,MSFT\n2024-01-02,1,2\n");
        RlaifInputException error = await Assert.ThrowsAsync<RlaifInputException>(() => CsvMarketData.LoadAsync(path));
        Assert.Contains("no price is made up", error.Message, StringComparison.Ordinal);
    }
}
