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
    /// <exception cref="RlaifInputException">Options are out of range (all of both records are named), or <see cref="RewardModelOptions.TextDim"/> is not the encoder's.</exception>
    public RewardModelTrainer(RewardModelOptions? model, ITextEncoder encoder, TrainingOptions? training = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        _model = model ?? new RewardModelOptions();
        _training = training ?? new TrainingOptions();
        OptionsValidation.RequireValid(_model, _training);
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
    /// <param name="progress">Told after every epoch, and within those over more than 100,000 pairs.</param>
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

        using var team = new WorkTeam(_training.Threads);
        double[] trainWeights = TrainingData.WeightsOf(train, _training.WeightByConfidence, _training.ProcessWeight);
        FeatureBuilder features = FeatureBuilder.Fit(train, trainWeights, _model.MaxInteractions, team);
        TextVectors trainTexts = TextVectors.Encode(train, _encoder, team);
        TextScaler textScaler = trainTexts.FitScaler();
        trainTexts.Scale(textScaler, team);
        TrainingData trainData = TrainingData.Create(train, features, trainTexts, trainWeights, team);
        if (_training.Margins)
        {
            trainData = trainData.With(RewardMargins.Set(train, trainData.Pairs));
        }

        TrainingData? stoppingData = stopping.Pairs.Count > 0 ? Prepare(stopping, features, textScaler, team) : null;
        NetworkArchitecture architecture = Architecture(features.Schema.Columns.Count);

        int parts = TrainingRun.PartsPerEpoch(train.Pairs.Count);
        int total = parts * _training.Epochs * _training.Ensemble;
        IReadOnlyList<(RewardMember Member, MemberReport Report)> members = new EnsembleTraining(
            train,
            trainData,
            stoppingData,
            architecture,
            _model,
            _training
        ).Execute(parts, done => progress?.Report(new ProgressUpdate(Stage, done, total)), cancellationToken);

        TrainingReport report = TrainingSummary.Of(
            [.. members.Select(m => m.Report)],
            train,
            stopping,
            features.Schema.Columns.Count,
            members.Count * architecture.ParameterCount,
            _training
        );
        RewardMember[] networks = [.. members.Select(m => m.Member)];
        var scorer = new EnsembleScorer(networks, _model, team);
        RewardModelMetadata metadata = ModelDescription.Of(
            (train, scorer.Estimate(trainData)),
            (stopping, stoppingData is null ? [] : scorer.Estimate(stoppingData)),
            features,
            _model,
            _training,
            report
        );
        return new TrainedRewardModel(new RewardModel(networks, features, textScaler, _encoder, metadata), report);
    }

    private TrainingData Prepare(PreferenceDataset data, FeatureBuilder features, TextScaler textScaler, WorkTeam team)
    {
        double[] weights = TrainingData.WeightsOf(data, _training.WeightByConfidence);
        TextVectors texts = TextVectors.Encode(data, _encoder, team);
        texts.Scale(textScaler, team);
        return TrainingData.Create(data, features, texts, weights, team);
    }

    private NetworkArchitecture Architecture(int columns) =>
        new()
        {
            NumericalDim = Math.Max(_model.NumericalDim, columns),
            TextDim = _model.TextDim,
            HiddenDims = _model.HiddenDims,
        };
}
