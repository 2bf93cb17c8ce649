namespace Rlaif.Decisions.Llm.Models;

/// <summary>
/// Keeps the calls of one model within its limits: calls in flight, calls begun in any minute, tokens used in any minute. Calls wait in
/// the order in which they came. When the provider says that it was too much, all wait for as long as it asks, and then go on with half
/// as many in flight; when as many have succeeded as are let in, one more is.
/// </summary>
internal sealed class CallLimiter : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly int _concurrency;
    private readonly int? _requestsPerMinute;
    private readonly int? _tokensPerMinute;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private readonly Queue<TimeSpan> _begun = new();
    private readonly Queue<(TimeSpan At, long Tokens)> _used = new();
    private readonly ITimer _timer;

    // Of the calls in flight: tokens that they may use. Of those that ended within the window: tokens that they did use.
    private long _reservedTokens;
    private long _usedTokens;
    private int _inFlight;
    private int _open;
    private int _successes;
    private TimeSpan _pausedUntil;
    private int _pauses;

    public CallLimiter(int concurrency, int? requestsPerMinute, int? tokensPerMinute, TimeProvider clock)
    {
        _concurrency = concurrency;
        _open = concurrency;
        _requestsPerMinute = requestsPerMinute;
        _tokensPerMinute = tokensPerMinute;
        _clock = clock;
        _start = clock.GetTimestamp();
        _timer = clock.CreateTimer(_ => LetIn(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _clock.GetElapsedTime(_start);

    /// <summary>Waits for a place.</summary>
    /// <param name="tokens">Tokens that the call may use at most; more than the limit counts as the limit.</param>
    /// <param name="cancellationToken">Gives the wait up; nothing stays taken.</param>
    /// <returns>The place; disposing it gives it back.</returns>
    public Task<Place> EnterAsync(long tokens, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<Place>(cancellationToken);
        }

        var waiter = new Waiter(Math.Min(tokens, _tokensPerMinute ?? long.MaxValue));
        LinkedListNode<Waiter> node;
        lock (_gate)
        {
            node = _waiting.AddLast(waiter);
        }

        LetIn();
        if (!waiter.Admitted.Task.IsCompleted && cancellationToken.CanBeCanceled)
        {
            CancellationTokenRegistration registration = cancellationToken.Register(() => GiveUp(node, cancellationToken));
            _ = waiter.Admitted.Task.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        }

        return waiter.Admitted.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void GiveUp(LinkedListNode<Waiter> node, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (node.List is null)
            {
                // It has just been let in; whoever waits for it finds the cancellation at its next step and gives the place back.
                return;
            }

            _waiting.Remove(node);
        }

        node.Value.Admitted.TrySetCanceled(cancellationToken);
        LetIn();
    }

    private void LetIn()
    {
        lock (_gate)
        {
            while (_waiting.First is { } first)
            {
                TimeSpan now = Now;
                Forget(now);
                if (OpensAt(now, first.Value.Tokens) is not { } at)
                {
                    return;
                }

                if (at > now)
                {
                    // Timers count whole milliseconds; a little late is right, a little early would have to wait again.
                    _timer.Change(
                        TimeSpan.FromMilliseconds(Math.Ceiling((at - now).TotalMilliseconds)),
                        Timeout.InfiniteTimeSpan
                    );
                    return;
                }

                _waiting.RemoveFirst();
                _inFlight++;
                _reservedTokens += first.Value.Tokens;
                _begun.Enqueue(now);
                first.Value.Admitted.SetResult(new Place(this, first.Value.Tokens, _pauses));
            }
        }
    }

    /// <summary>When the next call may begin; null when a call in flight has to end first.</summary>
    private TimeSpan? OpensAt(TimeSpan now, long tokens)
    {
        if (_inFlight >= _open)
        {
            return null;
        }

        TimeSpan at = _pausedUntil > now ? _pausedUntil : now;
        if (_requestsPerMinute is { } requests && _begun.Count >= requests)
        {
            at = Later(at, _begun.Peek() + Window);
        }

        if (_tokensPerMinute is { } limit)
        {
            long tooMany = _usedTokens + _reservedTokens + tokens - limit;
            foreach ((TimeSpan ended, long used) in _used)
            {
                if (tooMany <= 0)
                {
                    break;
                }

                tooMany -= used;
                at = Later(at, ended + Window);
            }

            if (tooMany > 0)
            {
                return null;
            }
        }

        return at;
    }

    private static TimeSpan Later(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private void Forget(TimeSpan now)
    {
        while (_begun.TryPeek(out TimeSpan begun) && (_requestsPerMinute is null || begun + Window <= now))
        {
            _begun.Dequeue();
        }

        while (_used.TryPeek(out (TimeSpan At, long Tokens) used) && used.At + Window <= now)
        {
            _usedTokens -= _used.Dequeue().Tokens;
        }
    }

    private void Leave(Place place, long? used, bool success)
    {
        lock (_gate)
        {
            _inFlight--;
            _reservedTokens -= place.Tokens;
            if (_tokensPerMinute is not null)
            {
                _used.Enqueue((Now, used ?? place.Tokens));
                _usedTokens += used ?? place.Tokens;
            }

            if (success && _open < _concurrency && ++_successes >= _open)
            {
                _successes = 0;
                _open++;
            }
        }

        LetIn();
    }

    private void PauseAll(Place place, TimeSpan wait)
    {
        lock (_gate)
        {
            _pausedUntil = Later(_pausedUntil, Now + wait);

            // Calls that were under way at the last pause say nothing about what came after it.
            if (place.Pauses == _pauses)
            {
                _open = Math.Max(1, _open / 2);
                _successes = 0;
                _pauses++;
            }
        }
    }

    /// <summary>The right to make one call.</summary>
    internal sealed class Place(CallLimiter owner, long tokens, int pauses) : IDisposable
    {
        private bool _left;
        private long? _used;
        private bool _success;

        /// <summary>Tokens that were set aside for it.</summary>
        internal long Tokens { get; } = tokens;

        /// <summary>How many pauses there had been when it was given.</summary>
        internal int Pauses { get; } = pauses;

        /// <summary>Says that the call succeeded, and how many tokens it used; null when the provider does not say.</summary>
        public void Succeeded(long? used) => (_success, _used) = (true, used);

        /// <summary>Says that the provider refused the call before it used any tokens.</summary>
        public void Refused() => _used = 0;

        /// <summary>Lets all further calls wait.</summary>
        public void Pause(TimeSpan wait) => owner.PauseAll(this, wait);

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                owner.Leave(this, _used, _success);
            }
        }
    }

    private sealed record Waiter(long Tokens)
    {
        public TaskCompletionSource<Place> Admitted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
