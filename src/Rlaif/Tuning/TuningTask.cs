namespace Rlaif.Tuning;

/// <summary>What fine-tuning data is for.</summary>
public enum TuningTask
{
    /// <summary>Direct preference optimization: a prompt with a better and a worse answer.</summary>
    Dpo,

    /// <summary>Supervised: a prompt with the best answer.</summary>
    Sft,

    /// <summary>Kahneman-Tversky optimization: a prompt with one answer and whether it was good.</summary>
    Kto,

    /// <summary>A reward model made of a language model: two conversations, the better first, with a margin.</summary>
    Reward,
}
