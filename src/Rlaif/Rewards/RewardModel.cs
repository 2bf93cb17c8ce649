using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Rlaif.Data.Text;
using Rlaif.Decisions;
using Rlaif.Rewards.Checkpoints;
using Rlaif.Rewards.Features;
using Rlaif.Rewards.Network;
using Rlaif.Rewards.Onnx;
using Rlaif.Rewards.Training;

namespace Rlaif.Rewards;

/// <summary>
/// A trained scorer of candidates: the higher the reward, the better the outcome that candidates like this had. Rewards have no unit and
/// are defined up to a constant, so only differences mean something. One network, or an ensemble of them that share their inputs: where its members
/// disagree, nobody knows. Thread-safe; a candidate's reward has the same bits whether it is scored alone or among others.
/// </summary>
public sealed class RewardModel
{
    private readonly EnsembleRule _rule;
    private readonly TextProjections _projections;
    private readonly MemberScorer _scorer;

    internal RewardModel(
        IReadOnlyList<RewardMember> members,
        FeatureBuilder features,
        TextScaler textScaler,
        ITextEncoder encoder,
        RewardModelMetadata metadata
    )
    {
        Members = members;
        Features = features;
        TextScaler = textScaler;
        Encoder = encoder;
        Metadata = metadata;
        _rule = new EnsembleRule(members, metadata.Model);
        _projections = new TextProjections(members, encoder, textScaler);
        _scorer = new MemberScorer(members, features, _projections);
    }

    /// <summary>The numerical inputs, by name.</summary>
    public FeatureSchema Schema => Features.Schema;

    /// <summary>The market features that a context has to carry to be scored (null where unknown), in ordinal order.</summary>
    public IReadOnlyList<string> MarketFeatureNames => Features.MarketNames;

    /// <summary>The shape of the network.</summary>
    public NetworkArchitecture Architecture => Members[0].Network.Architecture;

    /// <summary>Networks in the ensemble; 1 for a single one.</summary>
    public int MemberCount => Members.Count;

    /// <summary>The encoder of the candidates' texts.</summary>
    public ITextEncoder Encoder { get; }

    /// <summary>Where the model comes from.</summary>
    public RewardModelMetadata Metadata { get; }

    /// <summary>Hash of parameters, inputs, encoder and options: equal for equal models, and for no others.</summary>
    public string Fingerprint =>
        ContentId.Create(
            "model",
            string.Join('/', Members.Select(m => Convert.ToHexStringLower(Hash(m.Network.Parameters)))),
            Schema.Version,
            Encoder.Id,
            JsonSerializer.Serialize(Metadata, RlaifJson.Compact)
        );

    internal IReadOnlyList<RewardMember> Members { get; }

    internal FeatureBuilder Features { get; }

    internal TextScaler TextScaler { get; }

    /// <summary>Reads a model that <see cref="SaveAsync"/> wrote; it scores bit for bit like the one that was saved.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="encoder">The encoder it was trained with; null to open it where it was then (<see cref="TextEncoders.Reopen"/>).</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">The file is not a complete reward model, or was trained with another encoder.</exception>
    public static Task<RewardModel> LoadAsync(
        string path,
        ITextEncoder? encoder = null,
        CancellationToken cancellationToken = default
    ) => RewardModelFile.LoadAsync(path, spec => encoder ?? TextEncoders.Reopen(spec), cancellationToken);

    /// <summary>Reads a model, and has its encoder opened by the caller.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="openEncoder">Makes the encoder of a spec (<see cref="ITextEncoder.Spec"/>), or of an id where the encoder had none.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    /// <exception cref="RlaifInputException">
    /// The file is not a complete reward model, or its encoder cannot be opened or is another; the message names both.
    /// </exception>
    public static Task<RewardModel> LoadAsync(
        string path,
        Func<string, ITextEncoder> openEncoder,
        CancellationToken cancellationToken = default
    ) => RewardModelFile.LoadAsync(path, openEncoder, cancellationToken);

    /// <summary>What a model reads of a candidate: its analysis, then its reasoning, a line each.</summary>
    public static string TextOf(Candidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return TextVectors.TextOf(candidate);
    }

    /// <summary>Writes everything needed to score again into one safetensors file; a file that was there is replaced in one step.</summary>
    public Task SaveAsync(string path, CancellationToken cancellationToken = default) =>
        SaveWithNotesAsync(path, new Dictionary<string, string>(), cancellationToken);

    /// <summary>The same, with texts for whoever reads the file without its registry.</summary>
    internal Task SaveWithNotesAsync(
        string path,
        IReadOnlyDictionary<string, string> notes,
        CancellationToken cancellationToken
    ) => RewardModelFile.SaveAsync(this, path, notes, cancellationToken);

    /// <summary>
    /// Writes the whole scorer as an ONNX model (operator set 17), for other runtimes: inputs <c>market</c>, <c>candidate</c> and <c>text</c>
    /// as they are known, one row per candidate; outputs <c>reward</c>, <c>mean</c> and <c>deviation</c> as <see cref="EstimateAll"/> gives
    /// them. The metadata holds the names of the columns. A file that was there is replaced in one step.
    /// </summary>
    public Task ExportOnnxAsync(string path, CancellationToken cancellationToken = default)
    {
        byte[] bytes = OnnxExport.Create(this);
        return RewardModelFile.ReplaceAsync(path, stream => stream.WriteAsync(bytes, cancellationToken).AsTask());
    }

    /// <summary>The reward of one candidate.</summary>
    /// <exception cref="RlaifInputException">The context's features are not those that the model was trained on; the message names the difference.</exception>
    public double Score(DecisionContext context, Candidate candidate) => ScoreAll([(context, candidate)])[0];

    /// <summary>The rewards of candidates of one context, in their order.</summary>
    /// <inheritdoc cref="Score" path="/exception"/>
    public double[] ScoreAll(DecisionContext context, IReadOnlyList<Candidate> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        return ScoreAll([.. candidates.Select(c => (context, c))]);
    }

    /// <summary>The rewards of candidates of any contexts, in their order.</summary>
    /// <inheritdoc cref="Score" path="/exception"/>
    public double[] ScoreAll(IReadOnlyList<(DecisionContext Context, Candidate Candidate)> candidates) =>
        Array.ConvertAll(EstimateAll(candidates), e => e.Reward);

    /// <summary>The rewards of candidates of any contexts, and how far the members agree on them, in their order.</summary>
    /// <inheritdoc cref="Score" path="/exception"/>
    public RewardEstimate[] EstimateAll(IReadOnlyList<(DecisionContext Context, Candidate Candidate)> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        double[] scores = _scorer.ScoreAll(candidates);
        var estimates = new RewardEstimate[candidates.Count];
        for (int i = 0; i < estimates.Length; i++)
        {
            estimates[i] = _rule.Combine(scores.AsSpan(i * Members.Count, Members.Count));
        }

        int broken = Array.FindIndex(estimates, e => !double.IsFinite(e.Reward));
        return broken < 0
            ? estimates
            : throw new InvalidOperationException(
                $"The reward of candidate {candidates[broken].Candidate.CandidateId} is {estimates[broken].Reward}: the model is unusable."
            );
    }

    /// <summary>To be called by who changes the networks' weights: what was worked out from them is forgotten.</summary>
    internal void WeightsChanged() => _projections.Clear();

    /// <summary>The members' scores of candidates on the scale of rewards, by candidate and member: how they would rank alone.</summary>
    internal double[][] MemberScores(IReadOnlyList<(DecisionContext Context, Candidate Candidate)> candidates)
    {
        double[] raw = _scorer.ScoreAll(candidates);
        return [.. Enumerable.Range(0, candidates.Count).Select(i => _rule.Align(raw.AsSpan(i * Members.Count, Members.Count)))];
    }

    /// <summary>
    /// How far a context is from the training data: the root mean square of its market features in standard deviations of the training contexts,
    /// clipped at 5; about 1 for an ordinary one. <see cref="RewardModelMetadata.UsualDistance"/> tells what is usual.
    /// </summary>
    public double DistanceOf(DecisionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Features.DistanceOf(context);
    }

    /// <summary>The probability that the candidate with the first reward does better than that with the second.</summary>
    public double ProbabilityOfBetter(double reward, double other) =>
        BradleyTerryLoss.Sigmoid((reward - other) / Metadata.Temperature);

    /// <summary>The networks alone: the reward of inputs that are scaled already.</summary>
    /// <param name="numerical">As many values as <see cref="Schema"/> has columns, or as the network has inputs.</param>
    /// <param name="text">As many values as the encoder has dimensions.</param>
    public double Forward(ReadOnlySpan<float> numerical, ReadOnlySpan<float> text)
    {
        ArgumentShape.RequireLength(text.Length, Architecture.TextDim, nameof(text));
        if (numerical.Length != Schema.Columns.Count)
        {
            ArgumentShape.RequireLength(numerical.Length, Architecture.NumericalDim, nameof(numerical));
        }

        return _rule.Combine(_scorer.Score(numerical, text)).Reward;
    }

    private static byte[] Hash(float[] parameters) => SHA256.HashData(MemoryMarshal.AsBytes(parameters.AsSpan()));
}
