using Rlaif.Data.Text;

namespace Rlaif.Rewards.Checkpoints;

/// <summary>Stands for the encoder of a model that is only looked at: its files may be large, or gone.</summary>
internal sealed class ClosedTextEncoder(CheckpointHeader header) : ITextEncoder
{
    public string Id => header.Encoder;

    public string? Spec => header.EncoderSpec;

    public int Dimensions => header.Architecture.TextDim;

    public void Encode(string text, Span<float> destination) =>
        throw new InvalidOperationException(
            $"Text encoder {Id} was not opened: the model was read to be looked at, not to score."
        );
}
