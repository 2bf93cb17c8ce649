using System.CommandLine;
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

    private readonly Option<double> _labelSmoothing = Number(
        "--label-smoothing",
        "Probability mass given to the opposite of each label",
        new TrainingOptions().LabelSmoothing
    );

    private readonly Option<double> _flipProbability = Number(
        "--flip-probability",
        "Probability that a label is the wrong way round, for the noise-robust loss; not with --label-smoothing",
        new TrainingOptions().FlipProbability
    );

    private readonly Option<double> _learningRate = Number(
        "--learning-rate",
        "Size of a step",
        new TrainingOptions().LearningRate
    );

    private readonly Option<string> _schedule = Choice<LearningRateSchedule>(
        "--schedule",
        "How the learning rate changes: not, halved when the stopping set stops improving, or down a cosine",
        new TrainingOptions().Schedule
    );

    private readonly Option<double> _warmupFraction = Number(
        "--warmup-fraction",
        "Share of all steps in which the learning rate first rises from 0",
        new TrainingOptions().WarmupFraction
    );

    private readonly Option<double> _weightDecay = Number(
        "--weight-decay",
        "Decoupled weight decay",
        new TrainingOptions().WeightDecay
    );

    private readonly Option<double> _dropout = Number(
        "--dropout",
        "Share of activations left out in each step",
        new RewardModelOptions().Dropout
    );

    private readonly Option<int> _patience = new("--patience")
    {
        Description = "Epochs without a better log-loss of the stopping set after which training stops",
        DefaultValueFactory = _ => new TrainingOptions().Patience,
        HelpName = "N",
    };

    private readonly Option<string> _ranking = Choice<RewardRanking>(
        "--ranking",
        "How the members of the ensemble become one reward",
        new RewardModelOptions().Ranking
    );

    private readonly Option<double> _deviationPenalty = Number(
        "--deviation-penalty",
        "The k of mean minus k times the members' standard deviation",
        new RewardModelOptions().DeviationPenalty
    );

    public void AddTo(Command command)
    {
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
                    _ranking,
                    _deviationPenalty,
                ]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How to train, as far as these options say.</summary>
    public TrainingOptions Training(CommandContext context) =>
        new()
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
        };

    /// <summary>What to train, as far as these options say.</summary>
    public RewardModelOptions Model(CommandContext context) =>
        new()
        {
            Dropout = context.Get(_dropout),
            Ranking = Parse<RewardRanking>(context.Get(_ranking)!),
            DeviationPenalty = context.Get(_deviationPenalty),
        };

    private static Option<double> Number(string name, string description, double standard) =>
        new(name)
        {
            Description = description,
            DefaultValueFactory = _ => standard,
            HelpName = "X",
        };

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
