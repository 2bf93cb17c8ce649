namespace Rlaif.Data.Text;

/// <summary>Turns a text into a vector. The same text always gives the same vector; implementations are thread-safe.</summary>
public interface ITextEncoder
{
    /// <summary>Name and version; stored in checkpoints, so that a model is never fed another encoder's vectors.</summary>
    string Id { get; }

    /// <summary>Length of the vectors.</summary>
    int Dimensions { get; }

    /// <summary>Writes the vector of <paramref name="text"/>, of unit length (all zeros for a text without tokens).</summary>
    /// <param name="text">Any text.</param>
    /// <param name="destination">Exactly <see cref="Dimensions"/> values.</param>
    void Encode(string text, Span<float> destination);
}
