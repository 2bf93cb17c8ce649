using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Rlaif.Rewards.Network;

/// <summary>
/// Runs numbered pieces of work on a fixed number of threads: the caller and helpers of its own. Each thread has a share of the numbers, the same in every run of as many pieces,
/// so that what a piece left in a processor's own cache is mostly met there again; who is done with its share helps with the others. A training hands out some thousand pieces of
/// work a second that take a fraction of a millisecond each, so who waits looks again and again for some hundred microseconds, and then once a millisecond. For one caller
/// at a time; the pieces must not depend on one another.
/// </summary>
internal sealed class WorkTeam : IDisposable
{
    /// <summary>Looks, with the processor offered to others between them, before the first sleep: longer than the serial parts of a training step.</summary>
    private const int LooksBeforeSleep = 500;

    /// <summary>Most threads on a machine of fewer processors. More only wait for one another, some hundred of them for ever; up to it a small machine can show what larger ones compute.</summary>
    private const int MostBeyondProcessors = 16;

    /// <summary>Items of a range: enough that handing it out costs nothing against them.</summary>
    private const int RangeLength = 1024;

    private readonly Share[] _shares;
    private Thread[] _helpers = [];
    private Action<int> _work = _ => { };
    private (int Piece, Exception Error)? _failure;
    private int _unfinished;
    private bool _disposed;

    /// <summary>Creates a team; its helpers start with the first work.</summary>
    /// <param name="threads">Threads; 0 means one per processor.</param>
    public WorkTeam(int threads)
    {
        Threads = ThreadsOf(threads);
        _shares = new Share[Threads];
    }

    /// <summary>Threads that may work at once.</summary>
    public int Threads { get; }

    /// <summary>What a number of threads means: 0 is one per processor, and too many are as many as there is use for.</summary>
    public static int ThreadsOf(int threads) =>
        threads == 0 ? Environment.ProcessorCount : Math.Min(threads, Math.Max(Environment.ProcessorCount, MostBeyondProcessors));

    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="pieces"/> - 1 and waits for all; of what they throw, that of the lowest number is thrown here.</summary>
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
        for (int i = 0; i < Threads; i++)
        {
            int start = (int)((long)pieces * i / Threads);
            int end = (int)((long)pieces * (i + 1) / Threads);
            _shares[i].Start = start;
            // From here on this share is taken from: whoever counts down to 0 or more owns that piece and sees what was written above.
            Interlocked.Exchange(ref _shares[i].Unclaimed, end - start);
        }

        TakePieces(0);
        var wait = default(SpinWait);
        while (Volatile.Read(ref _unfinished) > 0)
        {
            wait.SpinOnce(LooksBeforeSleep);
        }

        if (_failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure.Error);
        }
    }

    /// <summary>Runs <paramref name="work"/> for ranges, from a start to an end (exclusive), that together make up 0 to <paramref name="count"/> - 1.</summary>
    public void RunInRanges(int count, Action<int, int> work) =>
        Run((count + RangeLength - 1) / RangeLength, i => work(i * RangeLength, Math.Min((i + 1) * RangeLength, count)));

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
            _helpers = [.. Enumerable.Range(1, Threads - 1).Select(i => new Thread(() => Help(i)) { IsBackground = true })];
            Array.ForEach(_helpers, h => h.Start());
        }
    }

    private void Help(int thread)
    {
        var wait = default(SpinWait);
        while (!Volatile.Read(ref _disposed))
        {
            if (TakePieces(thread))
            {
                wait.Reset();
            }
            else
            {
                wait.SpinOnce(LooksBeforeSleep);
            }
        }
    }

    /// <summary>Works until nothing is left to take, and says whether there was anything.</summary>
    private bool TakePieces(int thread)
    {
        bool any = false;
        for (int i = 0; i < Threads; i++)
        {
            ref Share share = ref _shares[(thread + i) % Threads];
            int left;
            while (Volatile.Read(ref share.Unclaimed) > 0 && (left = Interlocked.Decrement(ref share.Unclaimed)) >= 0)
            {
                any = true;
                Work(share.Start + left);
            }
        }

        return any;
    }

    private void Work(int piece)
    {
        try
        {
            _work(piece);
        }
        catch (Exception e)
        {
            lock (_shares)
            {
                if (_failure is not { } earlier || piece < earlier.Piece)
                {
                    _failure = (piece, e);
                }
            }
        }

        Interlocked.Decrement(ref _unfinished);
    }

    /// <summary>The pieces from <see cref="Start"/> on that a thread takes first, on cache lines of their own.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    private struct Share
    {
        public int Start;
        public int Unclaimed;
    }
}
