using Rlaif.Decisions;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>What one turn of the loop did, and what it shows.</summary>
public sealed record GenerationReport
{
    /// <summary>The turn: 0 is the untrained baseline.</summary>
    public required int Generation { get; init; }

    /// <summary>The run under which its decisions are recorded.</summary>
    public required string RunId { get; init; }

    /// <summary>The contexts that were decided, in time order.</summary>
    public required IReadOnlyList<DecidedContext> Decided { get; init; }

    /// <summary>How many candidates were settled, wait, or cannot be settled.</summary>
    public required SettlementSummary Settlement { get; init; }

    /// <summary>The settled candidates of this generation's contexts.</summary>
    public required IReadOnlyList<SettledCandidate> Settled { get; init; }

    /// <summary>The pairs that the ledger holds now.</summary>
    public required PreferenceReport Preferences { get; init; }

    /// <summary>
    /// Guided decisions against the static baseline on the same contexts, with candidates and prices equal on both sides; null for generation 0,
    /// which nothing guided.
    /// </summary>
    public required PairedComparison? Comparison { get; init; }

    /// <summary>The same comparison for someone who knew the true expectations; null on real markets and for generation 0.</summary>
    public required PairedComparison? Attainable { get; init; }

    /// <summary>The model trained on everything known at the end of this generation; it guides the next.</summary>
    public required LearnedModel Learned { get; init; }

    /// <summary>Whether learning helped, in a sentence with its interval.</summary>
    public string Verdict => Comparison?.Sentence ?? $"baseline: nothing guided these {Decided.Count} decisions";
}
