using System.ComponentModel.DataAnnotations;
using Rlaif.Data.Text;
using Rlaif.Outcomes;
using Rlaif.Preferences;
using Rlaif.Rewards;
using Rlaif.Validation;

namespace Rlaif;

/// <summary>The knobs of the loop, by stage. Candidates, debate and their seed belong to the manager.</summary>
public sealed record LearningOptions
{
    /// <summary>Trading sessions between two decisions on one symbol. Default 5, the default holding period: holding windows do not overlap.</summary>
    [Range(1, 252, ErrorMessage = "EverySessions must be in 1..252 trading sessions.")]
    public int EverySessions { get; init; } = 5;

    /// <summary>Seed of training and of every interval. Default 42.</summary>
    public int Seed { get; init; } = 42;

    /// <summary>Threads; results do not depend on them. Default 0: one per processor. Training uses at most 16 where there are fewer processors.</summary>
    [Range(0, 1024, ErrorMessage = "Threads must be in 0..1024; 0 is one per processor.")]
    public int Threads { get; init; }

    /// <summary>Holding period and costs.</summary>
    public SettlementOptions Settlement { get; init; } = new();

    /// <summary>How settled candidates become pairs.</summary>
    public PreferenceOptions Preferences { get; init; } = new();

    /// <summary>How decisions are split into training, stopping and validation.</summary>
    public PurgedSplitOptions Split { get; init; } = new();

    /// <summary>Size of the network.</summary>
    public RewardModelOptions Model { get; init; } = new();

    /// <summary>How the network is trained; its seed and threads are those above.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How texts become vectors. Default: hashed n-grams, 768 dimensions, no download.</summary>
    public ITextEncoder Encoder { get; init; } = new HashedTextEncoder();

    /// <summary>
    /// Whether LambdaRank and the two control runs are trained beside each model, some seconds for thousands of pairs. Default true; a loop that has to
    /// be quick leaves them to the run whose model is kept.
    /// </summary>
    public bool FullEvidence { get; init; } = true;

    /// <summary>Number of threads to use, at least 1.</summary>
    internal int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    /// <summary>Passes when these knobs and those of every stage are in range.</summary>
    /// <exception cref="RlaifInputException">Lists all that are not, with the range.</exception>
    public void RequireValid() => OptionsValidation.RequireValid(this, Settlement, Preferences, Split, Model, Training);
}
