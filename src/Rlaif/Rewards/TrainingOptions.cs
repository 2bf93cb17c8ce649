using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Rlaif.Preferences;

namespace Rlaif.Rewards;

/// <summary>
/// How a reward model is trained: the guide's <c>RewardModelTrainer.train</c> with its defaults. With fewer than some thousand contexts and
/// noisy outcomes, <c>LearningRate = 3e-4, BatchSize = 64, Epochs = 20, Patience = 5</c> together with a
/// <see cref="RewardModelOptions.Dropout"/> of 0.4 learn more (94% instead of 88% of the attainable accuracy on planted preferences) in less time.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Networks to train, 1 to 64; default 5 (four or five suffice: Coste et al., ICLR 2024). Each has a seed of its own and learns from a bootstrap
    /// of the decision dates, so that where they disagree nobody knows. A single one learns from all dates.
    /// </summary>
    [Range(1, 64)]
    public int Ensemble { get; init; } = 5;

    /// <summary>What a pair teaches; default <see cref="TrainingObjective.BradleyTerry"/>, whose rewards need no calibration to be compared.</summary>
    [EnumDataType(typeof(TrainingObjective))]
    public TrainingObjective Objective { get; init; }

    /// <summary>Size of AdamW's steps, 1e-7 to 1; default 1e-4, TRL's for reward models. Higher is faster until the loss starts to jump.</summary>
    [Range(1e-7, 1.0)]
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Most passes over the pairs, 1 to 10,000; default 10. The best one is kept, so more cost time, not quality.</summary>
    [Range(1, 10_000)]
    public int Epochs { get; init; } = 10;

    /// <summary>
    /// Pairs per step, 0 to 65,536; default 16. Larger batches are faster per pair and take fewer steps. 0 takes all pairs in one step per epoch, which costs
    /// what their decisions cost, however many pairs they form.
    /// </summary>
    [Range(0, 65_536)]
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// Decoupled weight decay, 0 to 100; default 10. AdamW's usual 0.01 is meant for far more data than weights; here hundreds of decisions meet
    /// 200,000 weights, and without decay training has learnt them by heart after an epoch or two.
    /// </summary>
    [Range(0.0, 100.0)]
    public double WeightDecay { get; init; } = 10;

    /// <summary>
    /// Largest norm of a step's gradient, 1e-6 to 1e6; default 1, the usual one. Longer gradients are shortened to it, so that a few strange
    /// pairs cannot throw the network off.
    /// </summary>
    [Range(1e-6, 1e6)]
    public double GradientClip { get; init; } = 1.0;

    /// <summary>
    /// Epochs without a better validation log-loss after which training stops, 1 to 10,000; default 3, one more than
    /// <see cref="LearningRateSchedule.Plateau"/> waits, so that a halved rate gets its chance. Log-loss, because the accuracy of some hundred
    /// pairs moves in lumps.
    /// </summary>
    [Range(1, 10_000)]
    public int Patience { get; init; } = 3;

    /// <summary>Weight of (sum of a pair's rewards) squared, 0 to 10; default 0.01 (arXiv 2312.09244, eq. 2): holds rewards around 0.</summary>
    [Range(0.0, 10.0)]
    public double CenteringCoefficient { get; init; } = 0.01;

    /// <summary>
    /// Probability mass given to the opposite of each label, 0 to 0.49; default 0, because confidence already weighs the pairs. It holds gaps
    /// down, and with them the confidence of the model.
    /// </summary>
    [Range(0.0, 0.49)]
    public double LabelSmoothing { get; init; }

    /// <summary>
    /// Probability that a label is the wrong way round, 0 to 0.49; default 0. Above 0 the loss is the noise-robust one, whose mean over such flips is
    /// the loss of the right labels (TRL's <c>robust</c>); 0.1 is typical. Not together with <see cref="LabelSmoothing"/>, which answers the same
    /// doubt in the opposite way: it pulls gaps together where this one pushes them apart.
    /// </summary>
    [Range(0.0, 0.49)]
    [CustomValidation(typeof(TrainingOptions), nameof(CheckFlipProbability))]
    public double FlipProbability { get; init; }

    /// <summary>
    /// Whether a clear outcome asks for a wider gap of rewards; default false, because confidence already lets clear pairs count more. If true, a pair
    /// has to win by 0, 1/3, 2/3 or 1 in units of the reward, as its outcome margin exceeds none, one, two or all of 0.32, 0.67 and 1.15 of the
    /// training pairs' standard deviations (quartiles, were outcomes normal; the steps of Llama 2, Touvron et al., 2023, table 27).
    /// <see cref="TrainingObjective.BradleyTerry"/> only.
    /// </summary>
    [CustomValidation(typeof(TrainingOptions), nameof(CheckMargins))]
    public bool Margins { get; init; }

    /// <summary>
    /// Whether a pair counts 2p - 1, where p is the probability that its label is right; default true. A label that is a coin toss then counts nothing.
    /// </summary>
    public bool WeightByConfidence { get; init; } = true;

    /// <summary>
    /// Share of the loss that comes from a judge's preferences (<see cref="ProcessPreferences"/>), 0 to 1; the market's pairs make up the rest.
    /// Default 0: they take no part. It holds for learning alone: when to stop, and every figure, is by the market's pairs.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "{0} must be from {1} to {2}.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double ProcessWeight { get; init; }

    /// <summary>How the learning rate changes; default <see cref="LearningRateSchedule.Plateau"/>, which needs no idea of how long training will be.</summary>
    [EnumDataType(typeof(LearningRateSchedule))]
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Plateau;

    /// <summary>
    /// Share of all steps (<see cref="Epochs"/> times those of an epoch) in which the learning rate first rises from 0 in equal steps, 0 to 0.9;
    /// default 0: at the default rate the first steps, bounded by <see cref="GradientClip"/>, do no harm. 0.1 is usual for higher rates.
    /// </summary>
    [Range(0.0, 0.9)]
    public double WarmupFraction { get; init; }

    /// <summary>Seed of initial weights, order of pairs and dropout; default 42. The same seed and data give the same model, bit for bit.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Threads, 0 to 1,024; default 0, one per processor. The model does not depend on it. More than there are processors are of no use; of those, at most 16 are used.</summary>
    [Range(0, 1024)]
    public int Threads { get; init; }

    /// <summary>Validates <see cref="FlipProbability"/>.</summary>
    public static ValidationResult? CheckFlipProbability(double probability, ValidationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return probability != 0 && ((TrainingOptions)context.ObjectInstance).LabelSmoothing != 0
            ? new ValidationResult("The fields FlipProbability and LabelSmoothing exclude each other; set one of them to 0.")
            : ValidationResult.Success;
    }

    /// <summary>Validates <see cref="Margins"/>.</summary>
    public static ValidationResult? CheckMargins(bool margins, ValidationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return margins && ((TrainingOptions)context.ObjectInstance).Objective == TrainingObjective.Classification
            ? new ValidationResult("The field Margins must be false with the objective Classification, which knows no gaps.")
            : ValidationResult.Success;
    }

    /// <summary>Pairs per step of a training on this many.</summary>
    internal int PairsPerStep(int pairs) => BatchSize == 0 ? pairs : Math.Min(BatchSize, pairs);
}
