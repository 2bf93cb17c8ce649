using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Rewards;

/// <summary>
/// Lets a trained model learn on from pairs as they become known, without training it anew: one small step for each pair, together with some that were seen
/// before, and never far from the parent. Inputs, scalers, temperature and the members' normalization stay the parent's. Each pair is
/// scored by the weights from before its moment, so <see cref="OnlineUpdate.PriorMargin"/> is a margin on an outcome that was not learnt from; a model
/// that learnt on is a new version that has to be judged like any other. Same seed and pairs in the same order, same model. Not thread-safe.
/// </summary>
/// <remarks>
/// Of the parent's options, objective, label noise, weights by confidence and clipping hold on. Weight decay and centring do not: AdamW steps as far for
/// them alone as for a pair, and what holds the model is <see cref="OnlineTrainingOptions.MaxDrift"/>. Nor does <see cref="TrainingOptions.Margins"/>: the
/// deviations that they are counted in are not kept with a model, so a model trained with margins learns on without them.
/// </remarks>
public sealed class OnlineRewardModelTrainer
{
    private readonly RewardModel _parent;
    private readonly OnlineTrainingOptions _options;
    private readonly DeterministicRandom _random;
    private readonly ReplayBuffer _buffer;
    private readonly (RewardNetwork Network, TrainingStep Step, DriftBound Bound)[] _members;
    private readonly RewardModel _prior;
    private readonly HashSet<string> _pairs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _learntAt = new(StringComparer.Ordinal);
    private readonly int[] _batch;
    private string _dataHash;
    private double _weights;
    private double _drift;
    private DateTimeOffset _knownUntil;

    /// <summary>Begins where <paramref name="parent"/> is; the parent itself never changes.</summary>
    /// <exception cref="RlaifInputException">An option is out of range.</exception>
    public OnlineRewardModelTrainer(RewardModel parent, OnlineTrainingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(parent);
        _parent = parent;
        _options = (options ?? new OnlineTrainingOptions()).Validated();
        _random = new DeterministicRandom(_options.Seed);
        _buffer = new ReplayBuffer(parent, _options.BufferSize, _random.Fork("buffer"));
        _batch = new int[Math.Min(_options.ReplayPairs, _options.BufferSize) + 1];
        _knownUntil = parent.Metadata.KnownUntil;
        _dataHash = parent.Metadata.DataHash;
        TrainingOptions training = parent.Metadata.Training with
        {
            BatchSize = _batch.Length,
            WeightDecay = 0,
            CenteringCoefficient = 0,
        };
        var alone = new WorkTeam(1);
        _members =
        [
            .. parent.Members.Select(m =>
            {
                RewardNetwork network = Copy(m.Network);
                return (
                    network,
                    new TrainingStep(network, _buffer.Data, training, dropout: 0, alone),
                    new DriftBound(network.Parameters, _options.MaxDrift)
                );
            }),
        ];
        _prior = With([.. parent.Members.Select(m => Copy(m.Network))], parent.Metadata);
    }

    /// <summary>Pairs learnt from so far.</summary>
    public int Updates => _pairs.Count;

    /// <summary>Learns from a pair. One whose label is a coin toss (weight 0) teaches nothing and moves nothing.</summary>
    /// <param name="pair">The pair; known later than the parent's data and no earlier than the pairs before it.</param>
    /// <param name="chosen">The candidate that did better.</param>
    /// <param name="rejected">The candidate that did worse.</param>
    /// <returns>What it did.</returns>
    /// <exception cref="RlaifInputException">
    /// The pair is a judge's, became known before one that was learnt from, was learnt from already, or a context's features are not the parent's.
    /// </exception>
    /// <exception cref="ArgumentException">The candidates are not those of the pair.</exception>
    public OnlineUpdate Update(PreferencePair pair, SettledCandidate chosen, SettledCandidate rejected)
    {
        Require(pair, chosen, rejected);
        double parent = Margin(_parent, chosen, rejected);
        if (pair.KnownAt > _knownUntil)
        {
            Freeze();
        }

        double? prior = IsUnseen(pair, chosen) && IsUnseen(pair, rejected) ? Margin(_prior, chosen, rejected) : null;
        double weight = _parent.Metadata.Training.WeightByConfidence ? (2 * pair.Confidence) - 1 : 1;
        _pairs.Add(pair.PairId);
        _dataHash = ContentId.Sha256($"{_dataHash}\n{pair.PairId}");
        _knownUntil = pair.KnownAt;
        _weights += weight;
        bool bounded = weight > 0 && Learn(chosen, rejected, weight * Updates / _weights);
        return new OnlineUpdate(Updates, prior, parent, _drift, bounded);
    }

    /// <summary>
    /// The model as it is now, independent of what follows. Its metadata name the parent and the pairs; <see cref="RewardModelMetadata.KnownUntil"/>
    /// is when the last pair became known, so decisions before that are not evidence for it.
    /// </summary>
    public RewardModel ToModel() =>
        Updates == 0
            ? _parent
            : With(
                [.. _members.Select(m => Copy(m.Network))],
                _parent.Metadata with
                {
                    KnownUntil = _knownUntil,
                    DataHash = _dataHash,
                    Parent = _parent.Fingerprint,
                    OnlinePairs = _parent.Metadata.OnlinePairs + Updates,
                }
            );

    private static RewardNetwork Copy(RewardNetwork network) => new(network.Architecture, [.. network.Parameters]);

    private static double Margin(RewardModel model, SettledCandidate chosen, SettledCandidate rejected)
    {
        double[] rewards = model.ScoreAll([(chosen.Context, chosen.Candidate), (rejected.Context, rejected.Candidate)]);
        return rewards[0] - rewards[1];
    }

    // Pairs of one moment share candidates: none of them is scored by weights that have met another.
    private void Freeze()
    {
        foreach ((RewardMember frozen, RewardNetwork network) in _prior.Members.Zip(_members, (m, n) => (m, n.Network)))
        {
            network.Parameters.CopyTo(frozen.Network.Parameters, 0);
            frozen.Network.PackAll();
        }

        _prior.WeightsChanged();
    }

    // By context, because siblings are outcomes of the same prices. What was decided while the parent still learnt may have siblings among its pairs.
    private bool IsUnseen(PreferencePair pair, SettledCandidate side) =>
        side.Context.AsOf > _parent.Metadata.KnownUntil
        && (!_learntAt.TryGetValue(side.Context.ContextId, out DateTimeOffset at) || at == pair.KnownAt);

    /// <summary>Takes a step with the pair and lets it into the sample.</summary>
    /// <returns>Whether a member was pulled back.</returns>
    private bool Learn(SettledCandidate chosen, SettledCandidate rejected, double weight)
    {
        _learntAt.TryAdd(chosen.Context.ContextId, _knownUntil);
        _learntAt.TryAdd(rejected.Context.ContextId, _knownUntil);
        _buffer.Hold(chosen, rejected, weight);
        bool bounded = Step();
        _buffer.Keep();
        return bounded;
    }

    private bool Step()
    {
        // The same pairs for every member: they differ in what they learnt first.
        int size = 1 + Math.Min(_batch.Length - 1, _buffer.Count);
        _batch[0] = _buffer.Newest;
        DeterministicRandom draw = _random.Fork($"replay/{Updates}");
        for (int i = 1; i < size; i++)
        {
            _batch[i] = draw.NextInt(_buffer.Count);
        }

        _drift = 0;
        bool bounded = false;
        foreach ((RewardNetwork network, TrainingStep step, DriftBound bound) in _members)
        {
            step.Run(_batch.AsSpan(0, size), _options.LearningRate, dropoutKey: 0, CancellationToken.None);
            (double own, bool pulled) = bound.Enforce(network.Parameters);
            if (pulled)
            {
                step.ParametersChanged();
            }

            _drift = Math.Max(_drift, own);
            bounded |= pulled;
        }

        return bounded;
    }

    private RewardModel With(RewardNetwork[] networks, RewardModelMetadata metadata) =>
        new(
            [.. networks.Zip(_parent.Members, (network, member) => member with { Network = network })],
            _parent.Features,
            _parent.TextScaler,
            _parent.Encoder,
            metadata
        );

    private void Require(PreferencePair pair, SettledCandidate chosen, SettledCandidate rejected)
    {
        ArgumentNullException.ThrowIfNull(pair);
        ArgumentNullException.ThrowIfNull(chosen);
        ArgumentNullException.ThrowIfNull(rejected);
        if (pair.ChosenId != chosen.Candidate.CandidateId || pair.RejectedId != rejected.Candidate.CandidateId)
        {
            throw new ArgumentException(
                $"Pair {pair.PairId} compares {pair.ChosenId} and {pair.RejectedId}, not {chosen.Candidate.CandidateId} and {rejected.Candidate.CandidateId}.",
                nameof(pair)
            );
        }

        if (ProcessPreferences.IsProcess(pair))
        {
            throw new RlaifInputException($"Pair {pair.PairId} is a judge's; a model learns on from what the market did alone.");
        }

        // The parent's last pairs became known at that very moment: another one of then may be among them.
        if (pair.KnownAt < _knownUntil || pair.KnownAt == _parent.Metadata.KnownUntil)
        {
            throw new RlaifInputException(
                $"Pair {pair.PairId} became known {pair.KnownAt:u}, not after what the model has learnt from already ({_knownUntil:u}); give pairs in the order in which they became known."
            );
        }

        if (_pairs.Contains(pair.PairId))
        {
            throw new RlaifInputException($"Pair {pair.PairId} was learnt from already.");
        }
    }
}
