using System.Globalization;
using System.Text.Json.Serialization;

namespace Rlaif.Decisions;

/// <summary>
/// One moment of one symbol, with everything the agents saw and said: what all candidates of that moment share. Features are frozen
/// here, at the time of the decision, so that nothing learnt later can be computed from later data.
/// </summary>
public sealed record DecisionContext : ILedgerRecord
{
    /// <summary>
    /// Largest magnitude of a feature, 1e100. Training takes sums of squares, which hold up to there; markers of what is missing, such as 1.797e308, lie
    /// beyond.
    /// </summary>
    public const double LargestFeature = 1e100;

    /// <inheritdoc/>
    public static string Kind => "context";

    /// <summary>Hash of run, symbol, as-of and generation.</summary>
    public required string ContextId { get; init; }

    /// <summary>The run (a backtest, a demo, a live session) that made the decision.</summary>
    public required string RunId { get; init; }

    /// <summary>The instrument.</summary>
    public required string Symbol { get; init; }

    /// <summary>The moment of the decision, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The turn of the loop: 0 is the untrained baseline.</summary>
    public required int Generation { get; init; }

    /// <summary>Which agents spoke: <c>rules</c>, or the name of an outside agent.</summary>
    public required string Agents { get; init; }

    /// <summary>Hash of the market snapshot that the agents saw.</summary>
    public required string SnapshotHash { get; init; }

    /// <summary>Market features at <see cref="AsOf"/> by name; null where there was too little history.</summary>
    public required IReadOnlyDictionary<string, double?> Features { get; init; }

    /// <summary>Last price known at <see cref="AsOf"/>, as quoted; for display, never a fill.</summary>
    public required decimal ReferencePrice { get; init; }

    /// <summary>Standard deviation of daily returns expected at <see cref="AsOf"/>, a fraction (0.02 is 2% a day); null when unknown.</summary>
    public required double? DailyVolatility { get; init; }

    /// <summary>Sensitivity to the benchmark estimated at <see cref="AsOf"/>; null when there is no benchmark or too little history.</summary>
    public required double? Beta { get; init; }

    /// <summary>The analysts' reports and how they changed.</summary>
    public required Debate Debate { get; init; }

    /// <summary>The question that every candidate answers, in words: the prompt side of fine-tuning data.</summary>
    public required string Prompt { get; init; }

    /// <summary>Under which conditions language models spoke; null for agents that follow rules.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AgentConditions? Conditions { get; init; }

    /// <summary>The trading day of the decision: the UTC date of <see cref="AsOf"/>.</summary>
    [JsonIgnore]
    public DateOnly Date => DateOnly.FromDateTime(AsOf.UtcDateTime);

    string ILedgerRecord.Id => ContextId;

    string? ILedgerRecord.ParentId => RunId;

    string? ILedgerRecord.Symbol => Symbol;

    DateTimeOffset ILedgerRecord.KnownAt => AsOf;

    /// <summary>Whether a number can be a feature.</summary>
    internal static bool IsFeature(double value) => Math.Abs(value) <= LargestFeature;

    /// <summary>Passes when all features can be used.</summary>
    /// <exception cref="RlaifInputException">One cannot; the message names it.</exception>
    internal void RequireFeatures()
    {
        foreach ((string name, double? value) in Features)
        {
            if (value is { } known)
            {
                RequireFeature(name, known);
            }
        }
    }

    /// <summary>The value of a feature.</summary>
    /// <exception cref="RlaifInputException">It cannot be one.</exception>
    internal double RequireFeature(string name, double value) => IsFeature(value) ? value : throw Beyond(name, value);

    private RlaifInputException Beyond(string name, double value) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Feature {name} of context {ContextId} ({Symbol}, {AsOf:u}) is {value}; a feature must be in -1e100..1e100, or null where it is unknown."
            )
        );

    /// <summary>The id of the context of this run, symbol, moment and generation.</summary>
    public static string CreateId(string runId, string symbol, DateTimeOffset asOf, int generation) =>
        ContentId.Create("ctx", runId, symbol, asOf.UtcTicks.ToString(), generation.ToString());
}
