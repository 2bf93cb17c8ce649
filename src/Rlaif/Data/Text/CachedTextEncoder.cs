using System.Collections.Concurrent;

namespace Rlaif.Data.Text;

/// <summary>
/// Remembers the vectors of another encoder, in memory, so that a text met again costs a copy. Thread-safe; gives exactly what
/// the other encoder gives, under the same <see cref="Id"/>.
/// </summary>
public sealed class CachedTextEncoder : ITextEncoder
{
    /// <summary>Texts kept when no capacity is asked for: about 60 MB of 768-dimensional vectors.</summary>
    public const int DefaultCapacity = 20_000;

    private readonly ITextEncoder _encoder;
    private readonly int _capacity;
    private readonly ConcurrentDictionary<string, float[]> _vectors = new(StringComparer.Ordinal);

    /// <summary>Puts a memory of <paramref name="capacity"/> texts before <paramref name="encoder"/>; a full memory starts over.</summary>
    public CachedTextEncoder(ITextEncoder encoder, int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _encoder = encoder;
        _capacity = capacity;
    }

    /// <inheritdoc/>
    public string Id => _encoder.Id;

    /// <inheritdoc/>
    public string? Spec => _encoder.Spec;

    /// <inheritdoc/>
    public int Dimensions => _encoder.Dimensions;

    /// <inheritdoc/>
    public void Encode(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!_vectors.TryGetValue(text, out float[]? vector))
        {
            vector = new float[Dimensions];
            _encoder.Encode(text, vector);
            if (_vectors.Count >= _capacity)
            {
                _vectors.Clear();
            }

            _vectors[text] = vector;
        }

        vector.CopyTo(destination);
    }

    /// <inheritdoc/>
    public bool IsTruncated(string text) => _encoder.IsTruncated(text);
}
