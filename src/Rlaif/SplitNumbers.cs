using Rlaif.Validation;

namespace Rlaif;

/// <summary>How decisions were split, and that nothing leaks across.</summary>
/// <param name="Train">The side that was fitted on.</param>
/// <param name="Stopping">The side that decided when to stop; null when there was none.</param>
/// <param name="Validation">The side that was measured on.</param>
/// <param name="Purged">Contexts dropped because their holding window touched the next side.</param>
/// <param name="Embargoed">Contexts skipped at the start of a side.</param>
/// <param name="EmbargoDays">Trading sessions between the sides.</param>
/// <param name="SharedDecisions">Decisions on more than one side: 0, or the split was refused.</param>
/// <param name="OverlappingWindows">Holding windows that reach into a later side: 0, or the split was refused.</param>
/// <param name="PairsLeftOut">Pairs across a border of the split.</param>
/// <param name="ProcessPairs">Training pairs that are a judge's preferences.</param>
public sealed record SplitNumbers(
    SplitNumbers.Side Train,
    SplitNumbers.Side? Stopping,
    SplitNumbers.Side Validation,
    int Purged,
    int Embargoed,
    int EmbargoDays,
    int SharedDecisions,
    int OverlappingWindows,
    int PairsLeftOut,
    int ProcessPairs
)
{
    /// <summary>Collects the figures of a training run.</summary>
    public static SplitNumbers Of(LearnedModel learned)
    {
        ArgumentNullException.ThrowIfNull(learned);
        PurgedSplit split = learned.Split;
        return new SplitNumbers(
            Side.Of(split.Train, learned.Training.TrainingPairs),
            split.Stopping is { } stopping ? Side.Of(stopping, learned.Training.StoppingPairs) : null,
            Side.Of(split.Validation, learned.Validation.Pairs),
            split.Purged,
            split.Embargoed,
            split.EmbargoDays,
            split.SharedDecisions,
            split.OverlappingWindows,
            learned.PairsLeftOut,
            learned.Training.ProcessPairs
        );
    }

    /// <summary>One side.</summary>
    /// <param name="FirstDate">First decision date.</param>
    /// <param name="LastDate">Last decision date.</param>
    /// <param name="Dates">Decision dates.</param>
    /// <param name="Contexts">Decisions.</param>
    /// <param name="Pairs">Pairs.</param>
    public sealed record Side(DateOnly FirstDate, DateOnly LastDate, int Dates, int Contexts, int Pairs)
    {
        internal static Side Of(SplitSide side, int pairs) =>
            new(side.FirstDate, side.LastDate, side.Dates, side.ContextIds.Count, pairs);
    }
}
