using System.ComponentModel.DataAnnotations;
using Rlaif.Preferences;

namespace Rlaif.Tuning;

/// <summary>What goes into fine-tuning data and how it is written.</summary>
public sealed record TuningOptions
{
    /// <summary>Folder of files whose path is not given. Default <c>data/rlaif/finetuning</c>.</summary>
    [Required(ErrorMessage = "OutputDirectory must not be empty.")]
    public string OutputDirectory { get; init; } = Path.Combine("data", "rlaif", "finetuning");

    /// <summary>File layout. Default <see cref="TuningFormat.Trl"/>.</summary>
    [EnumDataType(typeof(TuningFormat))]
    public TuningFormat Format { get; init; } = TuningFormat.Trl;

    /// <summary>The score that supervised and KTO data select by. Default <see cref="ComparisonMetric.VolScaled"/>.</summary>
    [Required]
    public ComparisonMetric Metric { get; init; } = ComparisonMetric.VolScaled;

    /// <summary>Smallest confidence of a pair for DPO and reward data, in [0, 1]. Default 0.5: all.</summary>
    [Range(0.0, 1.0, ErrorMessage = "MinConfidence must be in 0..1.")]
    public double MinConfidence { get; init; } = 0.5;

    /// <summary>
    /// How clearly a candidate must differ from holding to be used in supervised and KTO data, in the unit of the metric's margins.
    /// Null, the default, takes <see cref="ComparisonMetric.DefaultMinMargin"/>.
    /// </summary>
    [Range(0.0, double.MaxValue, ErrorMessage = "MinMargin must be 0 or more.")]
    public double? MinMargin { get; init; }

    /// <summary>Most rows: the surest pairs, or the clearest outcomes. Null, the default, takes all.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "MaxRows must be at least 1.")]
    public int? MaxRows { get; init; }
}
