namespace Rlaif.Rewards.Network;

/// <summary>Runs numbered pieces of work on a fixed number of threads. The pieces must not depend on one another.</summary>
/// <param name="threads">Threads; 0 means one per processor.</param>
internal sealed class WorkTeam(int threads)
{
    private readonly ParallelOptions _options = new()
    {
        MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads,
    };

    /// <summary>Threads that may work at once.</summary>
    public int Threads => _options.MaxDegreeOfParallelism;

    /// <summary>Runs <paramref name="work"/> for 0 to <paramref name="pieces"/> - 1 and waits for all.</summary>
    public void Run(int pieces, Action<int> work)
    {
        if (Threads == 1 || pieces == 1)
        {
            for (int i = 0; i < pieces; i++)
            {
                work(i);
            }
        }
        else
        {
            Parallel.For(0, pieces, _options, work);
        }
    }
}
