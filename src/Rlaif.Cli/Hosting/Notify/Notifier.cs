using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Rlaif.Cli;

/// <summary>
/// Tells hooks of fills, closes, refusals, stops and alarms, beside the trading and never in its way: each hook has a loop of its own that reads the ledger for what is
/// new. The ledger is the queue, so what a hook missed while it was down, or the process was, it is told later. A restart repeats the last message at most.
/// </summary>
internal sealed class Notifier : IAsyncDisposable
{
    // Alarms are in no ledger: so many wait for a hook that is down.
    private const int MostAlarms = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly NoticeReader _reader;
    private readonly NotifiedFile _file;
    private readonly HookClient _client;
    private readonly SecretScrubber _scrubber;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly Listener[] _listeners;
    private Task _loops = Task.CompletedTask;
    private int _alarms;

    private Notifier(
        IReadOnlyList<Hook> hooks,
        NoticeReader reader,
        NotifiedFile file,
        SecretScrubber scrubber,
        TimeProvider time,
        ILogger log
    )
    {
        (_reader, _file, _scrubber, _time, _log) = (reader, file, scrubber, time, log);
        _client = new HookClient(time, scrubber);
        _listeners = [.. hooks.Select(h => new Listener(h))];
    }

    /// <summary>Begins to tell. A hook that was never told anything begins with what happens from now on; one that was goes on where it was.</summary>
    /// <param name="hooks">Who is told.</param>
    /// <param name="ledger">What happens.</param>
    /// <param name="home">Where it is kept how far each hook was told.</param>
    /// <param name="scrubber">Takes out secrets.</param>
    /// <param name="time">The clock of waits.</param>
    /// <param name="log">Told when a hook is down, and when it is back.</param>
    /// <param name="cancellationToken">Cancels the beginning.</param>
    /// <exception cref="RlaifInputException">The file of the home cannot be read.</exception>
    public static async Task<Notifier> StartAsync(
        IReadOnlyList<Hook> hooks,
        Ledger ledger,
        HomeFolder home,
        SecretScrubber scrubber,
        TimeProvider time,
        ILogger log,
        CancellationToken cancellationToken = default
    )
    {
        Directory.CreateDirectory(home.Root);
        var reader = new NoticeReader(ledger);
        var file = NotifiedFile.Open(home.Notified);
        long end = await reader.EndAsync(cancellationToken);
        // Further than the ledger goes: it is another ledger than it was.
        foreach (Hook hook in hooks.Where(h => file.Find(h.Name) is not { } told || told.Position > end))
        {
            file.Keep(hook.Name, new NotifiedFile.Told(end, []));
        }

        var notifier = new Notifier(hooks, reader, file, scrubber, time, log);
        notifier._loops = Task.WhenAll(
            notifier._listeners.Select(l => Task.Run(() => notifier.RunAsync(l), CancellationToken.None))
        );
        return notifier;
    }

    /// <summary>Tells every hook something that is in no ledger: a job that failed, a difference to the broker's books, an alarm of the monitor. Returns at once.</summary>
    /// <param name="text">A sentence.</param>
    /// <param name="symbol">The instrument; null when there is none.</param>
    public void Alarm(string text, string? symbol = null)
    {
        var alarm = new Notice(
            $"{Notice.Alarm}:{Interlocked.Increment(ref _alarms)}",
            Notice.Alarm,
            _time.GetUtcNow(),
            symbol,
            text,
            new JsonObject()
        );
        foreach (Listener listener in _listeners)
        {
            listener.Add(alarm);
        }
    }

    /// <summary>Stops, after a last try to tell what is left that takes a few seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _giveUp.CancelAfter(LastWords);
        await _loops;
        _client.Dispose();
        _stop.Dispose();
        _giveUp.Dispose();
    }

    private async Task RunAsync(Listener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            // What is on its way when the process is to end gets its answer, or it would be told again.
            TimeSpan wait = await TryAsync(listener, _giveUp.Token);
            await Task.Delay(wait, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await TryAsync(listener, _giveUp.Token);
    }

    /// <summary>One round; returns how long to wait for the next.</summary>
    private async Task<TimeSpan> TryAsync(Listener listener, CancellationToken cancellationToken)
    {
        string name = listener.Hook.Name;
        HookAnswer? failed;
        try
        {
            failed = await TellAsync(listener, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e)
        {
            // A disk that is full or a ledger that is busy: the hook hears of it later.
            _log.LogError(e, "Webhook {Hook} could not be served", name);
            failed = new HookAnswer(false, false, null, e.GetType().Name);
        }

        if (failed is null)
        {
            if (listener.Failures > 0)
            {
                _log.LogInformation("Webhook {Hook} answers again", name);
            }

            listener.Failures = 0;
            return Interval;
        }

        listener.Failures++;
        if (listener.Failures == 1)
        {
            _log.LogWarning("Webhook {Hook} is down and will be told later: {Answer}", name, failed.Text);
        }

        return failed.RetryAfter ?? RetryDelay.BackOff(listener.Failures, 1);
    }

    /// <summary>Tells all that is new; returns the answer that ended it early, null when all was told.</summary>
    private async Task<HookAnswer?> TellAsync(Listener listener, CancellationToken cancellationToken)
    {
        Hook hook = listener.Hook;
        NotifiedFile.Told told = listener.Told ??= _file.Find(hook.Name)!;
        (IReadOnlyList<Notice> notices, long end) = await _reader.ReadAsync(told.Position, cancellationToken);
        HashSet<string> before = [.. told.Ids];
        Notice[] news = [.. notices.Where(n => !before.Contains(n.Id)), .. listener.Alarms];
        foreach (Notice[] some in news.Chunk(hook.MostAtOnce))
        {
            JsonObject body = hook.Body([.. some.Select(n => n.Without(_scrubber))]);
            HookAnswer answer = await _client.PostAsync(hook, body, cancellationToken);
            if (answer.IsRefused)
            {
                // Trying again would not help, and what follows would never be told.
                _log.LogWarning("Webhook {Hook} refused a message, which is left out: {Answer}", hook.Name, answer.Text);
            }
            else if (!answer.IsDelivered)
            {
                return answer;
            }

            listener.Remove(some);
            told = listener.Told = told with { Ids = [.. told.Ids, .. some.Select(n => n.Id)] };
            _file.Keep(hook.Name, told);
        }

        // What was recorded while this was read may come again, so its ids are kept for a round. The file need not follow every move: nothing is told between.
        listener.Told = new NotifiedFile.Told(end, [.. notices.Select(n => n.Id)]);
        if (news.Length > 0)
        {
            _file.Keep(hook.Name, listener.Told);
        }

        return null;
    }

    private sealed class Listener(Hook hook)
    {
        private readonly Lock _lock = new();
        private readonly List<Notice> _alarms = [];

        public Hook Hook => hook;

        public NotifiedFile.Told? Told { get; set; }

        public int Failures { get; set; }

        public IReadOnlyList<Notice> Alarms
        {
            get
            {
                lock (_lock)
                {
                    return [.. _alarms];
                }
            }
        }

        public void Add(Notice alarm)
        {
            lock (_lock)
            {
                if (_alarms.Count == MostAlarms)
                {
                    // The latest say how things are now.
                    _alarms.RemoveAt(0);
                }

                _alarms.Add(alarm);
            }
        }

        public void Remove(Notice[] told)
        {
            lock (_lock)
            {
                _alarms.RemoveAll(told.Contains);
            }
        }
    }
}
