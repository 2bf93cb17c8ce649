using Rlaif.Data.Alpaca;
using Rlaif.Tests.Decisions.Llm.Models;

namespace Rlaif.Tests.Data.Alpaca;

/// <summary>Reads a stream item by item on a clock that passes waits at once, and keeps what was told of it.</summary>
internal sealed class StreamRun<T> : IProgress<AlpacaStreamStatus>, IAsyncDisposable
{
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(10);

    // A message that never comes is a failure, not a wait for ever.
    private readonly CancellationTokenSource _enough = new(TimeSpan.FromSeconds(300));

    private readonly VirtualClock _clock;
    private readonly AlpacaDataClient _client;
    private readonly IAsyncEnumerator<T> _items;
    private readonly List<AlpacaStreamStatus> _told = [];

    public StreamRun(
        AlpacaServer server,
        VirtualClock clock,
        Func<AlpacaDataClient, IProgress<AlpacaStreamStatus>, IAsyncEnumerable<T>> open,
        Func<AlpacaOptions, AlpacaOptions>? change = null,
        AlpacaKeys? keys = null
    )
    {
        _clock = clock;
        server.Now = clock.GetUtcNow;
        // No time-outs: on this clock they would come before any reply. And no test that goes on for ever.
        AlpacaOptions options = server.Options() with
        {
            TimeoutSeconds = 3600,
            MostReconnects = 5,
            Retries = 0,
        };
        _client = new AlpacaDataClient(keys ?? AlpacaServer.Keys, change is null ? options : change(options), clock);
        _items = open(_client, this).GetAsyncEnumerator(_enough.Token);
    }

    /// <summary>What was told, as words.</summary>
    public string Told => string.Join(' ', Statuses.Select(s => s.State));

    public IReadOnlyList<AlpacaStreamStatus> Statuses
    {
        get
        {
            lock (_told)
            {
                return [.. _told];
            }
        }
    }

    public async Task<T> NextAsync()
    {
        Assert.True(await _clock.RunAsync(_items.MoveNextAsync().AsTask(), Horizon));
        return _items.Current;
    }

    public Task<AlpacaException> FailAsync() => Assert.ThrowsAsync<AlpacaException>(NextAsync);

    public void Report(AlpacaStreamStatus value)
    {
        lock (_told)
        {
            _told.Add(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        _client.Dispose();
        _enough.Dispose();
    }
}
