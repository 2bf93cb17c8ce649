using System.Runtime.ExceptionServices;

namespace Rlaif.Rewards.Network;

/// <summary>
/// Runs numbered pieces of work on a fixed number of threads: the caller and helpers of its own. A training hands out some thousand pieces of
/// work a second that take a fraction of a millisecond each, so who waits looks again and again for some hundred microseconds, and then once a millisecond. For one caller
/// at a time; the pieces must not depend on one another.
/// </summary>
/// <param name="threads">Threads; 0 means one per processor.</param>
internal sealed class WorkTeam(int threads) : IDisposable
{
    /// <summary>Looks, with the processor offered to others between them, before the first sleep: longer than the serial parts of a training step.</summary>
    private const int LooksBeforeSleep = 500;

    private Thread[] _helpers = [];
    private Action<int> _work = _ => { };
    private Exception? _failure;
    private int _unclaimed;
    private int _unfinished;
    private bool _disposed;

    /// <summary>Threads that may work at once.</summary>
    public int Threads { get; } = ThreadsOf(threads);

    /// <summary>What a number of threads means: 0 is one per processor.</summary>
    public static int ThreadsOf(int threads) => threads == 0 ? Environment.ProcessorCount : threads;

    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="pieces"/> - 1 and waits for all; what one of them throws is thrown here.</summary>
    public void Run(int pieces, Action<int> work)
    {
        if (Threads == 1 || pieces <= 1)
        {
            for (int i = 0; i < pieces; i++)
            {
                work(i);
            }

            return;
        }

        Start();
        _work = work;
        _failure = null;
        _unfinished = pieces;
        // From here on helpers take pieces: whoever counts down to 0 or more owns that piece and sees what was written above.
        Interlocked.Exchange(ref _unclaimed, pieces);
        TakePieces();
        var wait = default(SpinWait);
        while (Volatile.Read(ref _unfinished) > 0)
        {
            wait.SpinOnce(LooksBeforeSleep);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <summary>Sends the helpers home.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _disposed, true);
        Array.ForEach(_helpers, h => h.Join());
    }

    private void Start()
    {
        if (_helpers.Length == 0)
        {
            _helpers = [.. Enumerable.Range(1, Threads - 1).Select(_ => new Thread(Help) { IsBackground = true })];
            Array.ForEach(_helpers, h => h.Start());
        }
    }

    private void Help()
    {
        var wait = default(SpinWait);
        while (!Volatile.Read(ref _disposed))
        {
            if (Volatile.Read(ref _unclaimed) > 0)
            {
                TakePieces();
                wait.Reset();
            }
            else
            {
                wait.SpinOnce(LooksBeforeSleep);
            }
        }
    }

    private void TakePieces()
    {
        int piece;
        while ((piece = Interlocked.Decrement(ref _unclaimed)) >= 0)
        {
            try
            {
                _work(piece);
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }

            Interlocked.Decrement(ref _unfinished);
        }
    }
}
