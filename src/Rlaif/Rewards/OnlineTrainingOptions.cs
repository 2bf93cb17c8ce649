using System.ComponentModel.DataAnnotations;

namespace Rlaif.Rewards;

/// <summary>How a trained model learns on, pair by pair.</summary>
public sealed record OnlineTrainingOptions
{
    /// <summary>Size of AdamW's steps, 1e-8 to 0.1; default 1e-5, a tenth of training's: one pair is one noisy outcome.</summary>
    [Range(1e-8, 0.1)]
    public double LearningRate { get; init; } = 1e-5;

    /// <summary>
    /// Pairs kept to learn from again, 1 to 100,000; default 512. Once full, every pair ever seen is in it with the same probability (Vitter, 1985,
    /// algorithm R), so that the model does not forget the old for the latest.
    /// </summary>
    [Range(1, 100_000)]
    public int BufferSize { get; init; } = 512;

    /// <summary>Kept pairs that are learnt from again with each new one, 0 to 1,024; default 15: batches of 16, as in training.</summary>
    [Range(0, 1024)]
    public int ReplayPairs { get; init; } = 15;

    /// <summary>
    /// How far the parameters may move from the parent's, as a fraction of the parent's norm, 1e-6 to 1; default 0.05. Steps beyond it are pulled back: a
    /// model that has moved further is another model, and has to be trained and judged as one.
    /// </summary>
    [Range(1e-6, 1.0)]
    public double MaxDrift { get; init; } = 0.05;

    /// <summary>Seed of what is kept and replayed; default 42.</summary>
    public int Seed { get; init; } = 42;
}
