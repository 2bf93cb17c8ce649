using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Rlaif.Decisions.Llm.Models;

namespace Rlaif.Tests.Decisions.Llm.Models;

public sealed class CallLimiterTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void EnterAsync_AnyInterleaving_KeepsEveryLimitAndTheOrder()
    {
        Gen<(int Kind, int Which, int Amount)[]> steps = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 99], Gen.Int[1, 400]).Array[
            20,
            150
        ];
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int[100, 900], steps)
            .Sample(
                (concurrency, requests, tokens, script) =>
                {
                    var run = new LimitedRun(concurrency, requests, tokens);
                    foreach ((int kind, int which, int amount) in script)
                    {
                        run.Do(kind, which, amount);
                    }

                    run.Finish();
                },
                iter: 300
            );
    }

    [Fact]
    public async Task EnterAsync_ManyThreads_NeverMoreInFlightThanAllowed()
    {
        using var limiter = new CallLimiter(5, null, null, TimeProvider.System);
        int inFlight = 0;
        int most = 0;

        // Nobody leaves until all places are taken once: on a busy machine calls would else come one after the other.
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 2000),
            new ParallelOptions { MaxDegreeOfParallelism = 32 },
            async (_, token) =>
            {
                using CallLimiter.Place place = await limiter.EnterAsync(1, token);
                int now = Interlocked.Increment(ref inFlight);
                InterlockedMax(ref most, now);
                if (now == 5)
                {
                    full.TrySetResult();
                }

                await full.Task.WaitAsync(TimeSpan.FromMinutes(1), token);
                await Task.Yield();
                Interlocked.Decrement(ref inFlight);
            }
        );
        Assert.Equal(5, most);
        Assert.Equal(0, inFlight);
    }

    [Fact]
    public async Task EnterAsync_CancelledWait_LeavesItsPlaceToTheNext()
    {
        using var limiter = new CallLimiter(1, null, null, new FakeTimeProvider());
        CallLimiter.Place first = await limiter.EnterAsync(1, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task<CallLimiter.Place> second = limiter.EnterAsync(1, stop.Token);
        Task<CallLimiter.Place> third = limiter.EnterAsync(1, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();
        Assert.True(third.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task EnterAsync_MoreTokensThanTheLimit_GetsInAlone()
    {
        var clock = new FakeTimeProvider();
        using var limiter = new CallLimiter(8, null, 100, clock);
        CallLimiter.Place huge = await limiter.EnterAsync(5000, CancellationToken.None);
        Task<CallLimiter.Place> next = limiter.EnterAsync(1, CancellationToken.None);
        Assert.False(next.IsCompleted);
        huge.Succeeded(5000);
        huge.Dispose();
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(next.IsCompleted);
    }

    [Fact]
    public async Task Pause_ManyAtOnce_HalvesOnceAndOpensByOneWhenAsManySucceeded()
    {
        var clock = new FakeTimeProvider();
        using var limiter = new CallLimiter(4, null, null, clock);
        CallLimiter.Place[] first = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => limiter.EnterAsync(1, CancellationToken.None))
        );
        foreach (CallLimiter.Place place in first)
        {
            place.Refused();
            place.Pause(TimeSpan.FromSeconds(3));
            place.Dispose();
        }

        Task<CallLimiter.Place>[] next = [.. Enumerable.Range(0, 6).Select(_ => limiter.EnterAsync(1, CancellationToken.None))];
        clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Equal(0, next.Count(n => n.IsCompleted));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(2, next.Count(n => n.IsCompleted));
        int[] allIn = [3, 5];
        for (int i = 0; i < allIn.Length; i++)
        {
            CallLimiter.Place done = await next[i];
            done.Succeeded(1);
            done.Dispose();
            Assert.Equal(allIn[i], next.Count(n => n.IsCompleted));
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen) { }
    }

    // Plays a script against a limiter and keeps its own books.
    private sealed class LimitedRun(int concurrency, int requests, int tokens)
    {
        private readonly FakeTimeProvider _clock = new();
        private readonly List<(Task<CallLimiter.Place> Task, long Tokens, CancellationTokenSource Stop)> _waiting = [];
        private readonly List<(CallLimiter.Place Place, long Tokens)> _active = [];
        private readonly List<DateTimeOffset> _begun = [];
        private readonly List<(DateTimeOffset At, long Tokens)> _used = [];
        private CallLimiter? _limiter;
        private DateTimeOffset _pausedUntil;

        private CallLimiter Limiter => _limiter ??= new CallLimiter(concurrency, requests, tokens, _clock);

        public void Do(int kind, int which, int amount)
        {
            switch (kind)
            {
                case 0 or 1:
                    var stop = new CancellationTokenSource();
                    _waiting.Add((Limiter.EnterAsync(amount, stop.Token), Math.Min(amount, tokens), stop));
                    break;
                case 2 or 3 when _active.Count > 0:
                    Leave(which % _active.Count, kind == 2 ? amount : null, pause: null);
                    break;
                case 4:
                    _clock.Advance(TimeSpan.FromMilliseconds(amount * 97));
                    break;
                case 5 when _waiting.Count > 0:
                    int chosen = which % _waiting.Count;
                    _waiting[chosen].Stop.Cancel();
                    Assert.True(_waiting[chosen].Task.IsCanceled);
                    _waiting.RemoveAt(chosen);
                    break;
                case 6 when _active.Count > 0:
                    Leave(which % _active.Count, 0, TimeSpan.FromMilliseconds(amount * 11));
                    break;
                default:
                    break;
            }

            Check();
        }

        public void Finish()
        {
            // Whatever happened, everyone who still waits gets in.
            for (int i = 0; i < 1000 && (_waiting.Count > 0 || _active.Count > 0); i++)
            {
                if (_active.Count > 0)
                {
                    Leave(0, null, pause: null);
                }
                else
                {
                    _clock.Advance(Minute);
                }

                Check();
            }

            Assert.Empty(_waiting);
        }

        private void Leave(int index, int? used, TimeSpan? pause)
        {
            (CallLimiter.Place place, long reserved) = _active[index];
            long spent = Math.Min(used ?? reserved, reserved);
            _active.RemoveAt(index);
            _used.Add((_clock.GetUtcNow(), spent));
            if (pause is { } wait)
            {
                place.Refused();
                place.Pause(wait);
                DateTimeOffset until = _clock.GetUtcNow() + wait;
                _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
            }
            else
            {
                place.Succeeded(spent);
            }

            place.Dispose();
        }

        private void Check()
        {
            DateTimeOffset now = _clock.GetUtcNow();
            int admitted = _waiting.TakeWhile(w => w.Task.IsCompleted).Count();
            Assert.All(_waiting.Skip(admitted), w => Assert.False(w.Task.IsCompleted));
            foreach ((Task<CallLimiter.Place> task, long reserved, _) in _waiting.Take(admitted))
            {
                _active.Add((task.Result, reserved));
                _begun.Add(now);
            }

            _waiting.RemoveRange(0, admitted);
            Assert.InRange(_active.Count, 0, concurrency);
            if (admitted > 0)
            {
                Assert.True(now >= _pausedUntil);
                Assert.InRange(_begun.Count(b => b > now - Minute), 1, requests);
                Assert.InRange(_active.Sum(a => a.Tokens) + _used.Where(u => u.At > now - Minute).Sum(u => u.Tokens), 0, tokens);
            }
        }
    }
}
