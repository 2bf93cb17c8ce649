using Rlaif.Decisions;
using Rlaif.Preferences;

namespace Rlaif.Tuning;

/// <summary>What a set of preferences offers for fine-tuning.</summary>
public sealed record TrainingStats
{
    /// <summary>Pairs.</summary>
    public required int Pairs { get; init; }

    /// <summary>Pairs by pool; those of the same context can be used for DPO.</summary>
    public required IReadOnlyDictionary<PreferencePool, int> ByPool { get; init; }

    /// <summary>Different candidates in the pairs.</summary>
    public required int Candidates { get; init; }

    /// <summary>Different contexts of the candidates.</summary>
    public required int Contexts { get; init; }

    /// <summary>Different symbols, ordered.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }

    /// <summary>Date of the first decision; null when there are no pairs.</summary>
    public required DateOnly? FirstDate { get; init; }

    /// <summary>Date of the last decision; null when there are no pairs.</summary>
    public required DateOnly? LastDate { get; init; }

    /// <summary>How often each action is on the chosen side.</summary>
    public required IReadOnlyDictionary<TradeAction, int> ChosenActions { get; init; }

    /// <summary>How often each action is on the rejected side.</summary>
    public required IReadOnlyDictionary<TradeAction, int> RejectedActions { get; init; }

    /// <summary>Mean confidence of the pairs, in [0.5, 1]; null when there are none.</summary>
    public required double? MeanConfidence { get; init; }

    /// <summary>Mean outcome margin of the pairs, in the unit of their metric; null when there are none.</summary>
    public required double? MeanOutcomeMargin { get; init; }
}
