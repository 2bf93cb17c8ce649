using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using Rlaif.Rewards;

namespace Rlaif.Cli;

/// <summary>The options of <c>train</c> that say how a network learns. Defaults are read from the library's options, so that no number stands twice.</summary>
internal sealed class TrainingKnobs
{
    private readonly Option<string> _objective = Choice<TrainingObjective>(
        "--objective",
        "What a pair teaches: that one side's reward is higher, or what a chosen and a rejected candidate look like",
        new TrainingOptions().Objective
    );

    private readonly Option<bool> _margins = new("--margins")
    {
        Description = "Ask for wider gaps of rewards where outcomes were clearer",
    };

    private readonly Option<double> _labelSmoothing = PropertyOption.Of<TrainingOptions, double>(
        "--label-smoothing",
        "Probability mass given to the opposite of each label",
        nameof(TrainingOptions.LabelSmoothing),
        "X"
    );

    private readonly Option<double> _flipProbability = PropertyOption.Of<TrainingOptions, double>(
        "--flip-probability",
        "Probability that a label is the wrong way round, for the noise-robust loss; not with --label-smoothing",
        nameof(TrainingOptions.FlipProbability),
        "X"
    );

    private readonly Option<double> _learningRate = PropertyOption.Of<TrainingOptions, double>(
        "--learning-rate",
        "Size of a step",
        nameof(TrainingOptions.LearningRate),
        "X"
    );

    private readonly Option<string> _schedule = Choice<LearningRateSchedule>(
        "--schedule",
        "How the learning rate changes: not, halved when the stopping set stops improving, or down a cosine",
        new TrainingOptions().Schedule
    );

    private readonly Option<double> _warmupFraction = PropertyOption.Of<TrainingOptions, double>(
        "--warmup-fraction",
        "Share of all steps in which the learning rate first rises from 0",
        nameof(TrainingOptions.WarmupFraction),
        "X"
    );

    private readonly Option<double> _weightDecay = PropertyOption.Of<TrainingOptions, double>(
        "--weight-decay",
        "Decoupled weight decay",
        nameof(TrainingOptions.WeightDecay),
        "X"
    );

    private readonly Option<double> _dropout = PropertyOption.Of<RewardModelOptions, double>(
        "--dropout",
        "Share of activations left out in each step",
        nameof(RewardModelOptions.Dropout),
        "X"
    );

    private readonly Option<int> _patience = PropertyOption.Of<TrainingOptions, int>(
        "--patience",
        "Epochs without a better log-loss of the stopping set after which training stops",
        nameof(TrainingOptions.Patience),
        "N"
    );

    private readonly Option<double> _centering = PropertyOption.Of<TrainingOptions, double>(
        "--centering",
        "Weight of the squared sum of a pair's rewards, which holds rewards around 0",
        nameof(TrainingOptions.CenteringCoefficient),
        "X"
    );

    private readonly Option<double> _gradientClip = PropertyOption.Of<TrainingOptions, double>(
        "--gradient-clip",
        "Largest norm of a step's gradient; longer ones are shortened to it",
        nameof(TrainingOptions.GradientClip),
        "X"
    );

    private readonly Option<string> _hiddenDims = new("--hidden-dims")
    {
        Description = "Widths of the numerical tower, one to eight of 1 to 16384 each",
        DefaultValueFactory = _ => string.Join(',', new RewardModelOptions().HiddenDims),
        HelpName = "N,N,...",
    };

    private readonly Option<string> _device = PropertyOption.Of<RewardModelOptions, string>(
        "--device",
        "Where the network runs: only 'cpu'; at this size a transfer to a graphics card costs more than the work",
        nameof(RewardModelOptions.Device),
        "cpu"
    );

    private readonly Option<string> _ranking = Choice<RewardRanking>(
        "--ranking",
        "How the members of the ensemble become one reward",
        new RewardModelOptions().Ranking
    );

    private readonly Option<double> _deviationPenalty = PropertyOption.Of<RewardModelOptions, double>(
        "--deviation-penalty",
        "The k of mean minus k times the members' standard deviation",
        nameof(RewardModelOptions.DeviationPenalty),
        "X"
    );

    public void AddTo(Command command)
    {
        _hiddenDims.Validators.Add(result =>
        {
            if (result is { Implicit: false, Tokens: [{ Value: var text }] } && !result.Errors.Any() && !AreDims(text))
            {
                result.AddError(
                    $"--hidden-dims is {text}; it takes one to eight whole numbers of 1 to 16384 with commas between them, such as 256,128,64."
                );
            }
        });
        foreach (
            Option option in (Option[])
                [
                    _objective,
                    _margins,
                    _labelSmoothing,
                    _flipProbability,
                    _learningRate,
                    _schedule,
                    _warmupFraction,
                    _weightDecay,
                    _dropout,
                    _patience,
                    _centering,
                    _gradientClip,
                    _hiddenDims,
                    _device,
                    _ranking,
                    _deviationPenalty,
                ]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How to train, as far as these options say.</summary>
    /// <exception cref="RlaifInputException">Two of them exclude each other.</exception>
    public TrainingOptions Training(CommandContext context)
    {
        var training = new TrainingOptions
        {
            Objective = Parse<TrainingObjective>(context.Get(_objective)!),
            Margins = context.Get(_margins),
            LabelSmoothing = context.Get(_labelSmoothing),
            FlipProbability = context.Get(_flipProbability),
            LearningRate = context.Get(_learningRate),
            Schedule = Parse<LearningRateSchedule>(context.Get(_schedule)!),
            WarmupFraction = context.Get(_warmupFraction),
            WeightDecay = context.Get(_weightDecay),
            Patience = context.Get(_patience),
            CenteringCoefficient = context.Get(_centering),
            GradientClip = context.Get(_gradientClip),
        };
        if (training is { FlipProbability: not 0, LabelSmoothing: not 0 })
        {
            throw new RlaifInputException("--flip-probability and --label-smoothing exclude each other; set one of them to 0.");
        }

        return training is { Margins: true, Objective: TrainingObjective.Classification }
            ? throw new RlaifInputException("--margins cannot go with --objective classification, which knows no gaps.")
            : training;
    }

    /// <summary>What to train, as far as these options say.</summary>
    public RewardModelOptions Model(CommandContext context) =>
        new()
        {
            HiddenDims = ParseDims(context.Get(_hiddenDims)!),
            Device = context.Get(_device)!,
            Dropout = context.Get(_dropout),
            Ranking = Parse<RewardRanking>(context.Get(_ranking)!),
            DeviationPenalty = context.Get(_deviationPenalty),
        };

    // A width that is no number counts as 0, which no layer may have.
    private static int[] ParseDims(string text) =>
        [
            .. text.Split(',')
                .Select(p => int.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? width : 0),
        ];

    private static bool AreDims(string text)
    {
        var options = new RewardModelOptions { HiddenDims = ParseDims(text) };
        return RewardModelOptions.CheckHiddenDims(options.HiddenDims, new ValidationContext(options)) == ValidationResult.Success;
    }

    private static Option<string> Choice<T>(string name, string description, T standard)
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetValues<T>().Select(WordOf)];
        var option = new Option<string>(name)
        {
            Description = description,
            DefaultValueFactory = _ => WordOf(standard),
            HelpName = string.Join('|', words),
        };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    private static T Parse<T>(string word)
        where T : struct, Enum => Enum.GetValues<T>().Single(v => WordOf(v) == word);

    private static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
