using System.Text;
using System.Text.Json;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Data;
using Rlaif.Outcomes;

namespace Rlaif.Tests.Cli;

public sealed class PositionsVerbTests : IDisposable
{
    private readonly CliHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Positions_WithTargetAndStop_SayHowFarTheyAre()
    {
        await TrackAsync();
        JsonElement row = (await _home.JsonAsync("positions")).Json.GetProperty("positions")[0];
        double gain = row.GetProperty("unrealized_return").GetDouble();
        Assert.Equal(0.5 - gain, row.GetProperty("to_target").GetDouble(), 9);
        Assert.Equal(0.4 + gain, row.GetProperty("to_stop").GetDouble(), 9);
        Assert.True(row.GetProperty("held_seconds").GetDouble() > 0);
        CliRun table = await _home.RunAsync("positions");
        Assert.Contains("to target", table.Out, StringComparison.Ordinal);
        Assert.Contains($"{100 * (0.5 - gain):0.00}%", table.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watch_LooksAgainUntilStopped(bool isJson)
    {
        await TrackAsync();
        using var stop = new CancellationTokenSource();
        using var output = new StopsAfter(isJson ? "\"at\"" : "UTC", 2, stop);
        var host = new CliHost
        {
            Out = output,
            Error = TextWriter.Null,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        string[] args = ["positions", "--home", _home.Root, "--watch", "1", .. isJson ? ["--json"] : Array.Empty<string>()];
        Assert.Equal(0, await RlaifCommand.RunAsync(args, host, stop.Token));
        if (isJson)
        {
            JsonElement[] looks =
            [
                .. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement),
            ];
            Assert.Equal(2, looks.Length);
            Assert.All(looks, l => Assert.Equal("at,positions", CliRun.Fields(l)));
            Assert.True(looks[0].GetProperty("at").GetDateTimeOffset() < looks[1].GetProperty("at").GetDateTimeOffset());
        }
    }

    [Fact]
    public async Task Watch_NumberOutOfRange_IsRefused()
    {
        CliRun run = await _home.RunAsync("positions", "--watch", "0");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--watch is 0", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_Trading_SaysWhatIsStoppedAndOpen()
    {
        await _home.AddBarsAsync(340);
        Assert.Equal(JsonValueKind.Null, (await _home.JsonAsync("status")).Json.GetProperty("trading").ValueKind);
        await File.WriteAllTextAsync(Path.Combine(_home.Root, "KILL"), "");
        JsonElement file = (await _home.JsonAsync("status")).Json.GetProperty("trading");
        Assert.Equal("halted,last_equity,open_orders", CliRun.Fields(file));
        Assert.Contains("KILL", file.GetProperty("halted").GetProperty("reason").GetString(), StringComparison.Ordinal);
        File.Delete(Path.Combine(_home.Root, "KILL"));
        await _home.JsonAsync("kill", "--reason", "news");
        CliRun text = await _home.RunAsync("status");
        Assert.Contains("TRADING IS STOPPED", text.Out, StringComparison.Ordinal);
        Assert.Contains("news", text.Out, StringComparison.Ordinal);
    }

    private async Task TrackAsync()
    {
        IMarketData market = await _home.AddBarsAsync(320);
        BarSeries bars = await market.GetBarsAsync("AAA", DateTimeOffset.MaxValue);
        await using Ledger ledger = await Ledger.OpenAsync(_home.LedgerFile);
        DateTimeOffset asOf = bars[bars.Count - 4].CloseTime;
        var opened = new PositionOpened
        {
            PositionId = PositionOpened.CreateId("d"),
            DecisionId = "d",
            CandidateId = "c",
            ContextId = "x",
            Symbol = "AAA",
            Side = PositionSide.Long,
            PositionSize = 0.1,
            Quantity = 10,
            AsOf = asOf,
            OpenedAt = asOf,
            Terms = new SettlementOptions
            {
                HoldDays = 10,
                TargetReturn = 0.5,
                StopReturn = 0.4,
            },
        };
        await ledger.AppendAsync([opened]);
    }

    // As a person who presses Ctrl-C when enough was seen.
    private sealed class StopsAfter(string word, int times, CancellationTokenSource stop) : TextWriter
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            _text.Append(value);
            if (value == '\n' && Text.Split(word).Length > times)
            {
                stop.Cancel();
            }
        }
    }
}
