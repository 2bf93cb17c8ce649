using Rlaif.Data;

namespace Rlaif.Outcomes;

/// <summary>What an import of decisions did.</summary>
public sealed record DecisionImportResult
{
    /// <summary>Rows that became candidates.</summary>
    public required int Imported { get; init; }

    /// <summary>Rows that were there already, from an earlier import or an earlier line.</summary>
    public required int Known { get; init; }

    /// <summary>Contexts that were added; rows with one <c>context_id</c> share one.</summary>
    public required int Contexts { get; init; }

    /// <summary>Outcomes that were taken over from the file.</summary>
    public required int Outcomes { get; init; }

    /// <summary>Imported rows whose symbol had no bars at the decision: their market features and volatility are unknown.</summary>
    public required int WithoutBars { get; init; }

    /// <summary>What could not be used, in the order of the file.</summary>
    public required IReadOnlyList<ImportProblem> Problems { get; init; }
}
