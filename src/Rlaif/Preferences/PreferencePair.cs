namespace Rlaif.Preferences;

/// <summary>A settled candidate that did better than another.</summary>
public sealed record PreferencePair : ILedgerRecord
{
    /// <inheritdoc/>
    public static string Kind => "preference";

    /// <summary>Hash of both candidates, pool and metric.</summary>
    public required string PairId { get; init; }

    /// <summary>Candidate that did better.</summary>
    public required string ChosenId { get; init; }

    /// <summary>Candidate that did worse.</summary>
    public required string RejectedId { get; init; }

    /// <summary>What the two share.</summary>
    public required PreferencePool Pool { get; init; }

    /// <summary>Name of the metric that compared them.</summary>
    public required string Metric { get; init; }

    /// <summary>How much better, in units of the metric (for <c>vol_scaled</c>: standard deviations expected before the fact); positive.</summary>
    public required double OutcomeMargin { get; init; }

    /// <summary>Probability that the chosen one is truly better, given the noise of outcomes, in [0.5, 1]; never the agent's own confidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>When both outcomes were known, UTC.</summary>
    public required DateTimeOffset KnownAt { get; init; }

    string ILedgerRecord.Id => PairId;

    string? ILedgerRecord.ParentId => ChosenId;

    string? ILedgerRecord.Symbol => null;

    /// <summary>The id of a pair.</summary>
    public static string CreateId(string chosenId, string rejectedId, PreferencePool pool, string metric) =>
        ContentId.Create("pair", chosenId, rejectedId, pool.ToString(), metric);
}
