using Rlaif.Decisions;
using Rlaif.Rewards.Features;

namespace Rlaif.Rewards;

/// <summary>
/// Several reward models as one: for example one trained on returns and one on drawdowns. Each model's rewards are taken in standard deviations of its
/// own rewards over its training candidates, because models of different metrics differ in scale, and added up by weight. A single model
/// keeps its own scale. Thread-safe.
/// </summary>
public sealed class RewardBlend
{
    private readonly (RewardModel Model, double Weight)[] _models;

    /// <summary>Blends models.</summary>
    /// <param name="models">At least one model, each with a positive finite weight; the weights are divided by their sum.</param>
    /// <exception cref="RlaifInputException">
    /// There is no model, a weight is not positive, or the models were trained on different market features; the message names the difference.
    /// </exception>
    public RewardBlend(IReadOnlyList<(RewardModel Model, double Weight)> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        if (models.Count == 0)
        {
            throw new RlaifInputException("A blend needs at least one reward model.");
        }

        if (models.FirstOrDefault(m => !(m.Weight > 0 && double.IsFinite(m.Weight))) is { Model: not null } wrong)
        {
            throw new RlaifInputException($"A reward model has weight {wrong.Weight}; weights must be above 0.");
        }

        RequireSameFeatures([.. models.Select(m => m.Model)]);
        double sum = models.Sum(m => m.Weight);
        _models = [.. models.Select(m => (m.Model, m.Weight / sum))];
        MarketFeatureNames =
            _models.Select(m => m.Model).FirstOrDefault(m => !m.Features.Scaler.NamesVary)?.MarketFeatureNames
            ?? [.. _models.SelectMany(m => m.Model.MarketFeatureNames).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>One model alone.</summary>
    public RewardBlend(RewardModel model)
        : this([(model, 1)]) { }

    /// <summary>The models.</summary>
    public IReadOnlyList<RewardModel> Models => [.. _models.Select(m => m.Model)];

    /// <summary>
    /// The market features that a context has to carry, null where unknown, in ordinal order. A model whose training contexts differed in theirs demands
    /// none, so its own count only where no other model does.
    /// </summary>
    public IReadOnlyList<string> MarketFeatureNames { get; }

    /// <summary>The last moment at which anything that a model was fitted to became known, UTC: later decisions are unseen by all of them.</summary>
    public DateTimeOffset KnownUntil => _models.Max(m => m.Model.Metadata.KnownUntil);

    /// <summary>Hash of models and weights: equal for equal blends, and for no others.</summary>
    public string Fingerprint =>
        _models is [var only]
            ? only.Model.Fingerprint
            : ContentId.Create(
                "blend",
                [.. _models.Select(m => FormattableString.Invariant($"{m.Weight:R}/{m.Model.Fingerprint}"))]
            );

    /// <summary>
    /// The rewards of candidates of one context, in their order. <see cref="RewardEstimate.Deviation"/> is the weighted sum of the models'
    /// disagreements: at least what it would be if they erred together.
    /// </summary>
    /// <exception cref="RlaifInputException">The context's features are not those that a model was trained on.</exception>
    public IReadOnlyList<RewardEstimate> Estimate(DecisionContext context, IReadOnlyList<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return Estimate([.. candidates.Select(c => (context, c))]);
    }

    /// <summary>The rewards of candidates of any contexts, in their order.</summary>
    /// <inheritdoc cref="Estimate(DecisionContext, IReadOnlyList{Candidate})" path="/exception"/>
    public IReadOnlyList<RewardEstimate> Estimate(IReadOnlyList<(DecisionContext Context, Candidate Candidate)> candidates)
    {
        if (_models is [var only])
        {
            return only.Model.EstimateAll(candidates);
        }

        var blended = new RewardEstimate[candidates.Count];
        foreach ((RewardModel model, double weight) in _models)
        {
            RewardEstimate[] own = model.EstimateAll(candidates);
            // A model that says the same of all candidates has nothing to add.
            double unit = model.Metadata.RewardDeviation > 0 ? weight / model.Metadata.RewardDeviation : 0;
            for (int i = 0; i < blended.Length; i++)
            {
                blended[i] = new RewardEstimate(
                    blended[i].Reward + (unit * (own[i].Reward - model.Metadata.RewardMean)),
                    blended[i].Mean + (unit * (own[i].Mean - model.Metadata.RewardMean)),
                    blended[i].Deviation + (unit * own[i].Deviation)
                );
            }
        }

        return blended;
    }

    /// <summary>
    /// Whether every model is on ground that it knows: the context no further from its training data, and its members no more at odds about the
    /// candidate, than they were for 99% of what it was stopped on (disagreement) and trained on (distance).
    /// </summary>
    public bool Knows(DecisionContext context, Candidate candidate) =>
        _models.All(m =>
            m.Model.DistanceOf(context) <= m.Model.Metadata.UsualDistance
            && m.Model.EstimateAll([(context, candidate)])[0].Deviation <= m.Model.Metadata.UsualDeviation
        );

    // A model refuses contexts with other names than its own: of two sets of names, every context would be refused by somebody.
    private static void RequireSameFeatures(RewardModel[] models)
    {
        RewardModel[] demanding = [.. models.Where(m => !m.Features.Scaler.NamesVary)];
        foreach (RewardModel other in demanding.Skip(1))
        {
            string[] missing = [.. demanding[0].MarketFeatureNames.Except(other.MarketFeatureNames, StringComparer.Ordinal)];
            string[] unknown = [.. other.MarketFeatureNames.Except(demanding[0].MarketFeatureNames, StringComparer.Ordinal)];
            if (missing.Length + unknown.Length > 0)
            {
                throw new RlaifInputException(
                    $"Reward model {Array.IndexOf(models, other) + 1} of the blend was trained on other market features than model "
                        + $"{Array.IndexOf(models, demanding[0]) + 1} ({FeatureSchema.Describe(missing, unknown)}): no decision can be scored by both."
                );
            }
        }
    }
}
