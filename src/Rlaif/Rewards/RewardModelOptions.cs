using System.ComponentModel.DataAnnotations;
using Rlaif.Data.Text;

namespace Rlaif.Rewards;

/// <summary>The shape of a reward model: the guide's <c>RewardModel(numerical_dim, text_dim, hidden_dims, dropout)</c> with its defaults.</summary>
public sealed record RewardModelOptions
{
    private const int MaxWidth = 16_384;

    /// <summary>
    /// Numerical inputs, 1 to 16,384; default 100. Features beyond it widen the network; inputs beyond the features stay 0, so that
    /// models trained on a few features and on many share one shape.
    /// </summary>
    [Range(1, MaxWidth)]
    public int NumericalDim { get; init; } = 100;

    /// <summary>Length of the text vector, 1 to 16,384; default 768. Must equal the encoder's.</summary>
    [Range(1, MaxWidth)]
    public int TextDim { get; init; } = HashedTextEncoder.DefaultDimensions;

    /// <summary>Widths of the numerical tower, one to eight of 1 to 16,384 each; default 256, 128, 64: ample for some hundred features.</summary>
    [CustomValidation(typeof(RewardModelOptions), nameof(CheckHiddenDims))]
    public IReadOnlyList<int> HiddenDims { get; init; } = [256, 128, 64];

    /// <summary>Fraction of activations left out in each training step, 0 to 0.9; default 0.1. More restrains over-fitting and slows learning.</summary>
    [Range(0.0, 0.9)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>
    /// Most products of two market features that may become inputs, 0 to 256; default 16. Only products that predict the training
    /// outcomes better than chance are taken, so more are rarely used; 0 turns the search off.
    /// </summary>
    [Range(0, 256)]
    public int MaxInteractions { get; init; } = 16;

    /// <summary>
    /// How the members of an ensemble become one reward; default <see cref="RewardRanking.MeanMinusDeviation"/>, because the best of many candidates
    /// by a mean is often one that a single member overrates.
    /// </summary>
    [EnumDataType(typeof(RewardRanking))]
    public RewardRanking Ranking { get; init; } = RewardRanking.MeanMinusDeviation;

    /// <summary>
    /// The k of <c>mean - k * deviation</c>, 0 to 10; default 0.25. More prefers what members agree on: smaller positions, and holds where they disagree
    /// about the side. RewardBench's ensembles take 1; on the planted market that gave away 4% of what the picks were worth, 0.25 about nothing.
    /// </summary>
    [Range(0.0, 10.0)]
    public double DeviationPenalty { get; init; } = 0.25;

    /// <summary>Where the network runs; only <c>cpu</c> (the default): at this size a transfer to a graphics card costs more than the work.</summary>
    [AllowedValues("cpu", ErrorMessage = "The field Device must be \"cpu\": this engine runs on the processor.")]
    public string Device { get; init; } = "cpu";

    /// <summary>Validates <see cref="HiddenDims"/>.</summary>
    public static ValidationResult? CheckHiddenDims(IReadOnlyList<int>? dims, ValidationContext context)
    {
        const int MaxLayers = 8;
        return dims is { Count: >= 1 and <= MaxLayers } && dims.All(d => d is >= 1 and <= MaxWidth)
            ? ValidationResult.Success
            : new ValidationResult($"The field HiddenDims must have 1 to {MaxLayers} widths between 1 and {MaxWidth}.");
    }
}
