namespace Rlaif.Decisions;

/// <summary>A team at work on one moment.</summary>
internal interface ITeamSession
{
    /// <summary>Who debates.</summary>
    IReadOnlyList<IAnalyst> Analysts { get; }

    /// <summary>Turns what came of the debate into candidates.</summary>
    ValueTask<Synthesis> ProposeAsync(Desk desk, Debate debate, CancellationToken cancellationToken);
}
