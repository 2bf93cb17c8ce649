using Rlaif.Core;
using Rlaif.Rewards.Network;

namespace Rlaif.Tests.Rewards;

public sealed class WorkTeamTests
{
    [Fact]
    public void ThreadsOf_Number_IsItselfUpToSixteenAndNeverFarBeyondTheProcessors()
    {
        int most = Math.Max(16, Environment.ProcessorCount);
        Assert.Equal(
            [Environment.ProcessorCount, 1, 7, 16, most, most],
            ((int[])[0, 1, 7, 16, most + 1, 1024]).Select(WorkTeam.ThreadsOf)
        );
        using var team = new WorkTeam(1024);
        Assert.Equal(most, team.Threads);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Run_AgainAndAgain_RunsEveryPieceOnce(int threads)
    {
        using var team = new WorkTeam(threads);
        for (int run = 0; run < 500; run++)
        {
            int[] times = new int[run % 23];
            team.Run(times.Length, piece => Interlocked.Increment(ref times[piece]));
            Assert.All(times, t => Assert.Equal(1, t));
        }
    }

    [Fact]
    public void Run_PiecesThatWaitForEachOther_RunAtOnce()
    {
        const int Threads = 3;
        using var team = new WorkTeam(Threads);
        using var meeting = new Barrier(Threads);
        team.Run(Threads, _ => meeting.SignalAndWait());
        Assert.Equal(1, meeting.CurrentPhaseNumber);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_PieceThatThrows_IsToldToTheCallerAndTheTeamGoesOn(int threads)
    {
        using var team = new WorkTeam(threads);
        RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
            team.Run(10, piece => throw new RlaifInputException("a piece"))
        );
        Assert.Equal("a piece", error.Message);
        int done = 0;
        team.Run(10, _ => Interlocked.Increment(ref done));
        Assert.Equal(10, done);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_SeveralPiecesThatThrow_TellsOfTheFirstByNumber(int threads)
    {
        using var team = new WorkTeam(threads);
        for (int run = 0; run < 100; run++)
        {
            RlaifInputException error = Assert.Throws<RlaifInputException>(() =>
                team.Run(10, piece => _ = piece >= 4 ? throw new RlaifInputException($"piece {piece}") : 0)
            );
            Assert.Equal("piece 4", error.Message);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public void RunInRanges_AnyCount_CoversEveryItemOnce(int count)
    {
        using var team = new WorkTeam(3);
        int[] times = new int[count];
        team.RunInRanges(
            count,
            (start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    Interlocked.Increment(ref times[i]);
                }
            }
        );
        Assert.All(times, t => Assert.Equal(1, t));
    }

    [Fact]
    public void Dispose_AfterWork_EndsTheHelpers()
    {
        const int Threads = 3;
        var helpers = new List<Thread>();
        using (var team = new WorkTeam(Threads))
        using (var meeting = new Barrier(Threads))
        {
            team.Run(
                Threads,
                _ =>
                {
                    lock (helpers)
                    {
                        helpers.Add(Thread.CurrentThread);
                    }

                    meeting.SignalAndWait();
                }
            );
        }

        Assert.Equal(Threads, helpers.Distinct().Count());
        Assert.All(helpers.Where(h => h != Thread.CurrentThread), h => Assert.False(h.IsAlive));
    }
}
