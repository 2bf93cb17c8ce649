using Rlaif.Data.Text;
using Rlaif.Preferences;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Training;

namespace Rlaif.Rewards;

/// <summary>
/// Learns a <see cref="RewardModel"/> from preference pairs: Bradley-Terry loss weighted by the pairs' confidence, AdamW, dropout, clipped
/// gradients, early stopping on a later set and the best epoch's parameters in the end. Everything is fitted on the training side alone.
/// </summary>
public sealed class RewardModelTrainer
{
    private const string Stage = "train";

    private readonly RewardModelOptions _model;
    private readonly TrainingOptions _training;
    private readonly ITextEncoder _encoder;

    /// <summary>Creates a trainer; null options are the defaults.</summary>
    /// <exception cref="RlaifInputException">An option is out of range, or <see cref="RewardModelOptions.TextDim"/> is not the encoder's.</exception>
    public RewardModelTrainer(RewardModelOptions? model, ITextEncoder encoder, TrainingOptions? training = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        _model = (model ?? new RewardModelOptions()).Validated();
        _training = (training ?? new TrainingOptions()).Validated();
        _encoder = encoder;
        if (_model.TextDim != encoder.Dimensions)
        {
            throw new RlaifInputException(
                $"TextDim is {_model.TextDim}, but encoder {encoder.Id} makes vectors of {encoder.Dimensions}; set TextDim to {encoder.Dimensions}."
            );
        }
    }

    /// <summary>Trains a model.</summary>
    /// <param name="train">Pairs to learn from.</param>
    /// <param name="stopping">
    /// Later pairs that decide when to stop; not the pairs on which the model is judged in the end. Empty: nothing stops training before
    /// the last epoch, so give it few.
    /// </param>
    /// <param name="progress">Told after every epoch.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="RlaifInputException">
    /// A candidate or context is on both sides, a training candidate was decided or still held when the stopping set begins, or the stopping
    /// set holds a judge's preferences.
    /// </exception>
    /// <exception cref="NotEnoughDataException">A side has no pairs, or none whose label is more than a coin toss.</exception>
    public TrainedRewardModel Train(
        PreferenceDataset train,
        PreferenceDataset stopping,
        IProgress<ProgressUpdate>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(stopping);
        SplitGuard.RequireSeparate(train, stopping);

        var team = new WorkTeam(_training.Threads);
        double[] trainWeights = TrainingData.WeightsOf(train, _training.WeightByConfidence, _training.ProcessWeight);
        FeatureBuilder features = FeatureBuilder.Fit(train, trainWeights, _model.MaxInteractions);
        TextVectors trainTexts = TextVectors.Encode(train, _encoder, team);
        TextScaler textScaler = trainTexts.FitScaler();
        trainTexts.Scale(textScaler);
        TrainingData trainData = TrainingData.Create(train, features, trainTexts, trainWeights);
        TrainingData? stoppingData = stopping.Pairs.Count > 0 ? Prepare(stopping, features, textScaler, team) : null;

        var random = new DeterministicRandom(_training.Seed);
        RewardNetwork network = RewardNetwork.Create(Architecture(features.Schema.Columns.Count), random.Fork("weights"));
        var run = new TrainingRun(network, trainData, stoppingData, _training, _model.Dropout, team, random);
        (IReadOnlyList<EpochReport> history, int best, StopReason reason) = run.Execute(
            epoch => progress?.Report(new ProgressUpdate(Stage, epoch, _training.Epochs)),
            cancellationToken
        );

        TrainingReport report = Report(train, stopping, features, network) with
        {
            History = history,
            BestEpoch = best,
            StopReason = reason,
        };
        double[] rewards = new BatchScorer(network, team).Score(trainData);
        RewardModelMetadata metadata = Describe(train, stopping, report, rewards);
        return new TrainedRewardModel(new RewardModel(network, features, textScaler, _encoder, metadata), report);
    }

    private TrainingData Prepare(PreferenceDataset data, FeatureBuilder features, TextScaler textScaler, WorkTeam team)
    {
        double[] weights = TrainingData.WeightsOf(data, _training.WeightByConfidence);
        TextVectors texts = TextVectors.Encode(data, _encoder, team);
        texts.Scale(textScaler);
        return TrainingData.Create(data, features, texts, weights);
    }

    private NetworkArchitecture Architecture(int columns) =>
        new()
        {
            NumericalDim = Math.Max(_model.NumericalDim, columns),
            TextDim = _model.TextDim,
            HiddenDims = _model.HiddenDims,
        };

    private TrainingReport Report(
        PreferenceDataset train,
        PreferenceDataset stopping,
        FeatureBuilder features,
        RewardNetwork network
    ) =>
        new()
        {
            History = [],
            BestEpoch = 0,
            StopReason = StopReason.EpochsDone,
            TrainingPairs = train.Pairs.Count,
            ProcessPairs = train.Pairs.Count(ProcessPreferences.IsProcess),
            TrainingCandidates = train.Candidates.Count,
            TrainingContexts = train.Candidates.DistinctBy(c => c.Context.ContextId, StringComparer.Ordinal).Count(),
            StoppingPairs = stopping.Pairs.Count,
            StoppingCandidates = stopping.Candidates.Count,
            Features = features.Schema.Columns.Count,
            Parameters = network.Parameters.Length,
            Options = _training with { Threads = 0 },
        };

    private RewardModelMetadata Describe(
        PreferenceDataset train,
        PreferenceDataset stopping,
        TrainingReport report,
        double[] rewards
    )
    {
        double mean = rewards.Average();
        return new RewardModelMetadata
        {
            LibraryVersion = typeof(RewardModelTrainer).Assembly.GetName().Version?.ToString() ?? "unknown",
            DataHash = ContentId.Sha256(string.Join('\n', train.Pairs.Concat(stopping.Pairs).Select(p => p.PairId))),
            KnownUntil = train.Pairs.Concat(stopping.Pairs).Max(p => p.KnownAt),
            Model = _model,
            // The model does not depend on the number of threads, and neither may its description.
            Training = _training with
            {
                Threads = 0,
            },
            BestEpoch = report.BestEpoch,
            ValidationLoss = report.Best.ValidationLoss,
            ValidationAccuracy = report.Best.ValidationAccuracy,
            RewardMean = mean,
            RewardDeviation = Math.Sqrt(rewards.Average(r => (r - mean) * (r - mean))),
        };
    }
}
