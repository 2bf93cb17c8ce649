namespace Rlaif.Data.Text;

/// <summary>Turns a text into a vector. The same text always gives the same vector; implementations are thread-safe.</summary>
public interface ITextEncoder
{
    /// <summary>Name and version; stored in checkpoints, so that a model is never fed another encoder's vectors.</summary>
    string Id { get; }

    /// <summary>How <see cref="TextEncoders.Open"/> makes it again; null for an encoder that only code can make.</summary>
    string? Spec => null;

    /// <summary>Length of the vectors.</summary>
    int Dimensions { get; }

    /// <summary>
    /// Writes the vector of <paramref name="text"/>: of unit length, all zeros for a text without tokens, unless the encoder says otherwise.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="destination">Exactly <see cref="Dimensions"/> values.</param>
    void Encode(string text, Span<float> destination);

    /// <summary>Writes the vectors of many texts, one after the other: the bits that <see cref="Encode"/> gives, sooner.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="destination">Exactly <see cref="Dimensions"/> values per text.</param>
    /// <param name="threads">Threads that may work at once, at least 1.</param>
    /// <param name="progress">Told now and then how many texts are done; from any thread.</param>
    /// <param name="cancellationToken">Stops between two texts.</param>
    void EncodeAll(
        IReadOnlyList<string> texts,
        Memory<float> destination,
        int threads = 1,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, texts.Count, options, i => Encode(texts[i], destination.Span.Slice(i * Dimensions, Dimensions)));
        progress?.Report(texts.Count);
    }

    /// <summary>Whether only the beginning of the text is read, because it has more tokens than the encoder takes.</summary>
    bool IsTruncated(string text) => false;
}
