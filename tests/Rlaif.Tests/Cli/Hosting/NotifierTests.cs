using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Cli;
using Rlaif.Core;
using Rlaif.Outcomes.Brokers;
using Rlaif.Outcomes.Risk;
using Rlaif.Tests.Data;

namespace Rlaif.Tests.Cli.Hosting;

public sealed class NotifierTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2025, 1, 6, 15, 0, 0, TimeSpan.Zero);
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly LinesOfLog _log = new();
    private Ledger _ledger = null!;
    private HookServer _server = null!;
    private int _fills;

    public async ValueTask InitializeAsync()
    {
        _ledger = await Ledger.OpenAsync(":memory:");
        _server = await HookServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _ledger.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Start_First_TellsWhatHappensFromNowOn()
    {
        await FillAsync(3);
        await using Notifier notifier = await StartAsync(Generic());
        await FillAsync(1);
        _time.Advance(TimeSpan.FromMinutes(1));
        await new HaltSwitch(_ledger, _time).SwitchAsync(true, "news", flatten: false);
        await UntilAsync(() => _server.Posts.Count == 2);
        Assert.Equal("fill", (string?)_server.Posts[0].Json["event"]);
        Assert.Equal("bought 10 AAPL at 101.50", (string?)_server.Posts[0].Json["text"]);
        Assert.Equal("AAPL", (string?)_server.Posts[0].Json["symbol"]);
        Assert.Equal("fill_4", (string?)_server.Posts[0].Json["data"]!["fill_id"]);
        Assert.Equal("kill", (string?)_server.Posts[1].Json["event"]);
        Assert.Equal("trading is stopped: news", (string?)_server.Posts[1].Json["text"]);
    }

    [Fact]
    public async Task Restart_NeitherLosesNorRepeats()
    {
        await using (await StartAsync(Generic()))
        {
            await FillAsync(2);
            await UntilAsync(() => _server.Posts.Count == 2);
        }

        await FillAsync(1);
        await using Notifier notifier = await StartAsync(Generic());
        await UntilAsync(() => _server.Posts.Count == 3);
        await PassAsync(5);
        Assert.Equal(["fill_1", "fill_2", "fill_3"], _server.Posts.Select(p => (string?)p.Json["data"]!["fill_id"]));
    }

    [Fact]
    public async Task Restart_AfterEachMessageOfSeveral_TellsEachOnceAndTheLastTwiceAtMost()
    {
        await using (await StartAsync(Generic())) { }

        await FillAsync(5);
        // Takes two, then is gone.
        _server.Answer = (number, reply) => reply.StatusCode = number > 2 ? 503 : 200;
        await using (await StartAsync(Generic()))
        {
            await UntilAsync(() => _server.Posts.Count >= 3);
        }

        int refused = _server.Posts.Count - 2;
        _server.Answer = (_, _) => { };
        await using Notifier notifier = await StartAsync(Generic());
        await UntilAsync(() => _server.Posts.Count == 5 + refused);
        await PassAsync(5);
        string?[] taken =
        [
            .. _server.Posts.Take(2).Concat(_server.Posts.Skip(2 + refused)).Select(p => (string?)p.Json["data"]!["fill_id"]),
        ];
        Assert.Equal(["fill_1", "fill_2", "fill_3", "fill_4", "fill_5"], taken);
    }

    [Fact]
    public async Task HookThatIsDown_DelaysNoOtherAndIsToldLater()
    {
        await using HookServer other = await HookServer.StartAsync();
        var asked = new ConcurrentQueue<DateTimeOffset>();
        _server.Answer = (number, reply) =>
        {
            asked.Enqueue(_time.GetUtcNow());
            reply.StatusCode = number == 1 ? 429 : 200;
            reply.Headers.RetryAfter = number == 1 ? "30" : "";
        };
        await using Notifier notifier = await StartAsync(Generic(), Hook.Slack(other.At("/s")));
        await FillAsync(1);
        notifier.Alarm("job settle failed");
        await UntilAsync(() => _server.Posts.Count == 1 && other.Posts.Count == 1);
        await UntilAsync(() => _server.Posts.Count == 3);
        // By the server's own times. The clock runs on until the first reply is noticed, and again until the second request arrives.
        Assert.InRange(asked.ElementAt(1) - asked.ElementAt(0), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));
        Assert.Equal(["fill", "fill", "alarm"], _server.Posts.Select(p => (string?)p.Json["event"]));
        await UntilAsync(() => _log.Lines.Any(l => l.Contains("answers again", StringComparison.Ordinal)));
        Assert.Single(_log.Lines, l => l.Contains("is down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManyEvents_AreOneMessageOfAChat()
    {
        await using Notifier notifier = await StartAsync(Hook.Discord(_server.At("/d")));
        await FillAsync(400);
        await UntilAsync(() => _server.Posts.Count == 1);
        await PassAsync(5);
        string text = (string)Assert.Single(_server.Posts).Json["content"]!;
        Assert.StartsWith("rlaif: 400 events (400 fill)\nbought 10 AAPL", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1_900, 2_000);
        Assert.Matches("\nand [0-9]+ more$", text);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using HookServer elsewhere = await HookServer.StartAsync();
        _server.Answer = (_, reply) =>
        {
            reply.StatusCode = 307;
            reply.Headers.Location = elsewhere.BaseUrl;
        };
        await using Notifier notifier = await StartAsync(Generic());
        await FillAsync(1);
        await UntilAsync(() => _server.Posts.Count >= 2);
        Assert.Empty(elsewhere.Posts);
    }

    [Fact]
    public async Task MessageThatIsRefused_IsLeftOutAndSaid()
    {
        _server.Answer = (number, reply) => reply.StatusCode = number == 1 ? 400 : 200;
        await using Notifier notifier = await StartAsync(Generic());
        await FillAsync(2);
        await UntilAsync(() => _server.Posts.Count == 2);
        await PassAsync(5);
        Assert.Equal(2, _server.Posts.Count);
        Assert.Contains(_log.Lines, l => l.Contains("refused a message", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_TellsWhatIsLeft()
    {
        await using (Notifier notifier = await StartAsync(Generic()))
        {
            notifier.Alarm("broker and ledger differ");
        }

        Assert.Equal("broker and ledger differ", (string?)Assert.Single(_server.Posts).Json["text"]);
    }

    [Fact]
    public async Task Start_FileThatIsNoJson_IsRefused()
    {
        _folder.Write("notified.json", "{");
        await Assert.ThrowsAsync<RlaifInputException>(() => StartAsync(Generic()));
    }

    private Hook Generic() => Hook.Generic(_server.At("/hook"));

    private Task<Notifier> StartAsync(params Hook[] hooks) =>
        Notifier.StartAsync(hooks, _ledger, new HomeFolder(_folder.Root), new SecretScrubber((string?)null), _time, _log);

    private async Task FillAsync(int count)
    {
        // In one transaction: whoever looks sees all of them or none.
        var batch = new LedgerBatch();
        for (int i = 0; i < count; i++)
        {
            _fills++;
            var fill = new Fill
            {
                FillId = $"fill_{_fills}",
                ClientOrderId = $"order_{_fills}",
                Symbol = "AAPL",
                Side = OrderSide.Buy,
                Quantity = 10,
                Price = 101.5m,
                Costs = 1,
                At = Start.AddSeconds(_fills),
            };
            batch.Add(fill);
        }

        await _ledger.AppendAsync(batch);
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        for (int i = 0; !condition(); i++)
        {
            Assert.True(i < 1500, "it took too long");
            await PassAsync(1);
        }
    }

    private async Task PassAsync(int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }
    }
}
