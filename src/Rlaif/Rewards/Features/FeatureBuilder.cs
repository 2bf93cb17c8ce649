using Rlaif.Decisions;
using Rlaif.Preferences;
using Rlaif.Rewards.Network;

namespace Rlaif.Rewards.Features;

/// <summary>
/// Turns a candidate and its context into the numerical inputs of the reward model. Columns, in order: the market features
/// (standardized, clipped to +-5 standard deviations, a missing value 0), an indicator <c>NAME_missing</c> for each feature that training ever
/// lacked, the candidate's own features, and <c>exposure_x_NAME</c>, the candidate's signed exposure times each market feature,
/// and <c>exposure_x_NAME_x_NAME</c> for the products of two features that training found to matter.
/// The interactions carry the ranking: all candidates of one context share their market features, so a market feature alone can
/// never tell them apart; only its product with what the candidate does about it can.
/// </summary>
public sealed class FeatureBuilder
{
    /// <summary>Standardized values are clipped to this many standard deviations, so that one wild input cannot decide a score.</summary>
    public const double ClipDeviations = 5.0;

    private readonly FeatureScaler _scaler;
    private readonly HashSet<string> _known;
    private readonly string[] _marketNames;
    private readonly double[] _marketMeans;
    private readonly double[] _marketDeviations;
    private readonly string[] _otherNames;
    private readonly (int First, int Second)[] _products;

    /// <summary>Restores a builder from what was fitted.</summary>
    public FeatureBuilder(FeatureScaler scaler)
    {
        ArgumentNullException.ThrowIfNull(scaler);
        _scaler = scaler;
        _known = [.. scaler.MarketNames, .. scaler.ConstantNames, .. scaler.MissingNames];
        Schema = new FeatureSchema([
            .. scaler.MarketNames.Select(n => new FeatureColumn(n, "sd")),
            .. scaler.MissingNames.Select(n => new FeatureColumn($"{n}_missing", "flag")),
            .. CandidateFeatures.Columns,
            .. scaler.MarketNames.Select(n => new FeatureColumn($"exposure_x_{n}", "sd")),
            .. scaler.Interactions.Select(i => new FeatureColumn($"exposure_x_{i.First}_x_{i.Second}", "sd")),
        ]);
        _marketNames = [.. scaler.MarketNames];
        _marketMeans = scaler.MarketMeans;
        _marketDeviations = scaler.MarketDeviations;
        _otherNames = [.. _known.Except(_marketNames, StringComparer.Ordinal)];
        _products =
        [
            .. scaler.Interactions.Select(i => (Array.IndexOf(_marketNames, i.First), Array.IndexOf(_marketNames, i.Second))),
        ];
    }

    /// <summary>The columns that <see cref="Build"/> writes.</summary>
    public FeatureSchema Schema { get; }

    /// <summary>The market features that a context has to carry (null where unknown), in ordinal order.</summary>
    public IReadOnlyList<string> MarketNames => [.. _known.Order(StringComparer.Ordinal)];

    /// <summary>What was fitted.</summary>
    public FeatureScaler Scaler => _scaler;

    /// <summary>
    /// The column of the candidate's exposure, which multiplies its scaled text vector. For the same reason as the interactions: the candidates of one
    /// context quote the same evidence, and what it is worth to each depends on the position it takes. A hold's becomes zero. On the planted market
    /// this raises the accuracy from 89% to 93% of what is attainable.
    /// </summary>
    internal int ExposureColumn => OwnColumn + CandidateFeatures.Exposure;

    /// <summary>The first column that candidates of one context do not share.</summary>
    private int OwnColumn => _marketNames.Length + _scaler.MissingNames.Count;

    /// <summary>Fits names and scales on training candidates; nothing later may be among them.</summary>
    /// <param name="training">Training candidates and their pairs.</param>
    /// <param name="weights">Weight of each pair.</param>
    /// <param name="maxInteractions">Most products of two market features to look for; 0 for none.</param>
    /// <param name="team">Who computes; the result is the same for any number of threads.</param>
    internal static FeatureBuilder Fit(
        PreferenceDataset training,
        IReadOnlyList<double> weights,
        int maxInteractions,
        WorkTeam team
    )
    {
        FeatureScaler scaler = FeatureFitting.Fit(training.Candidates, team);
        var plain = new FeatureBuilder(scaler);
        return maxInteractions == 0
            ? plain
            : new FeatureBuilder(
                scaler with
                {
                    Interactions = InteractionFitting.Fit(plain, training, weights, maxInteractions, team),
                }
            );
    }

    /// <summary>Writes the inputs of one candidate.</summary>
    /// <param name="context">The context, whose features are used as recorded.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="destination">Exactly as many values as <see cref="Schema"/> has columns.</param>
    /// <exception cref="RlaifInputException">The context carries other feature names than training did, or a value that is not finite or beyond <see cref="DecisionContext.LargestFeature"/>.</exception>
    public void Build(DecisionContext context, Candidate candidate, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentShape.RequireLength(destination.Length, Schema.Columns.Count, nameof(destination));
        int carried = WriteMarket(context, destination[.._marketNames.Length]);
        RequireKnownNames(context, carried);
        WriteMissing(context, destination[_marketNames.Length..OwnColumn]);
        WriteOwn(candidate, destination);
    }

    /// <summary>Writes the inputs of one more candidate of a context.</summary>
    /// <param name="sibling">The row of another candidate of the same context.</param>
    /// <param name="candidate">The candidate.</param>
    /// <param name="destination">As in <see cref="Build"/>.</param>
    internal void BuildSibling(ReadOnlySpan<float> sibling, Candidate candidate, Span<float> destination)
    {
        sibling[..OwnColumn].CopyTo(destination);
        WriteOwn(candidate, destination);
    }

    /// <summary>
    /// How far a context is from the training data: the root mean square of its standardized market features, a missing one counted as 0.
    /// About 1 for an ordinary training context; 0 without features.
    /// </summary>
    internal double DistanceOf(DecisionContext context)
    {
        Span<float> values = stackalloc float[_scaler.MarketNames.Count];
        WriteMarket(context, values);
        double squares = 0;
        foreach (float value in values)
        {
            squares += (double)value * value;
        }

        return values.IsEmpty ? 0 : Math.Sqrt(squares / values.Length);
    }

    /// <summary>Writes the standardized market features of a context alone, in the order of the scaler's names.</summary>
    /// <returns>How many of them the context carries, known or not.</returns>
    internal int WriteMarket(DecisionContext context, Span<float> destination)
    {
        int carried = 0;
        for (int i = 0; i < destination.Length; i++)
        {
            if (context.Features.TryGetValue(_marketNames[i], out double? value))
            {
                carried++;
            }

            destination[i] = value is null
                ? 0
                : Clip((context.RequireFeature(_marketNames[i], value.Value) - _marketMeans[i]) / _marketDeviations[i]);
        }

        return carried;
    }

    /// <summary>The value of a feature; null when it is missing.</summary>
    /// <exception cref="RlaifInputException">It is not finite, or beyond <see cref="DecisionContext.LargestFeature"/>.</exception>
    internal static double? Read(DecisionContext context, string name)
    {
        double? value = context.Features.GetValueOrDefault(name);
        return value is null ? null : context.RequireFeature(name, value.Value);
    }

    /// <summary>Whether a context carries the names that training did.</summary>
    internal bool CanRead(DecisionContext context) =>
        _scaler.NamesVary || (context.Features.Count == _known.Count && context.Features.Keys.All(_known.Contains));

    private static float Clip(double value) => (float)Math.Clamp(value, -ClipDeviations, ClipDeviations);

    private void WriteOwn(Candidate candidate, Span<float> destination)
    {
        WriteCandidate(candidate, destination.Slice(OwnColumn, CandidateFeatures.Count));
        WriteInteractions(
            destination[ExposureColumn],
            destination[.._marketNames.Length],
            destination[(OwnColumn + CandidateFeatures.Count)..]
        );
    }

    private void WriteInteractions(float exposure, ReadOnlySpan<float> market, Span<float> destination)
    {
        for (int i = 0; i < market.Length; i++)
        {
            destination[i] = exposure * market[i];
        }

        for (int i = 0; i < _products.Length; i++)
        {
            FeatureInteraction interaction = _scaler.Interactions[i];
            float product = market[_products[i].First] * market[_products[i].Second];
            destination[market.Length + i] = exposure * Clip((product - interaction.Mean) / interaction.Deviation);
        }
    }

    private void WriteMissing(DecisionContext context, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = context.Features.GetValueOrDefault(_scaler.MissingNames[i]) is null ? 1 : 0;
        }
    }

    private void WriteCandidate(Candidate candidate, Span<float> destination)
    {
        Span<double> raw = stackalloc double[CandidateFeatures.Count];
        CandidateFeatures.Write(candidate, raw);
        for (int i = 0; i < raw.Length; i++)
        {
            destination[i] = Clip((raw[i] - _scaler.CandidateMeans[i]) / _scaler.CandidateDeviations[i]);
        }
    }

    private void RequireKnownNames(DecisionContext context, int carriedMarketNames)
    {
        if (_scaler.NamesVary)
        {
            return;
        }

        int carried = carriedMarketNames;
        foreach (string name in _otherNames)
        {
            carried += context.Features.ContainsKey(name) ? 1 : 0;
        }

        if (carried == _known.Count && context.Features.Count == _known.Count)
        {
            return;
        }

        string[] missing = [.. _known.Where(n => !context.Features.ContainsKey(n)).Order(StringComparer.Ordinal)];
        string[] unknown = [.. context.Features.Keys.Where(n => !_known.Contains(n)).Order(StringComparer.Ordinal)];
        throw new RlaifInputException(
            $"The features of context {context.ContextId} are not those that the reward model was trained on (schema {Schema.Version}): "
                + $"{FeatureSchema.Describe(missing, unknown)}."
        );
    }
}
