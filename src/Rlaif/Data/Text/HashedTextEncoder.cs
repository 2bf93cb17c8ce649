using System.Buffers;
using System.Numerics.Tensors;

namespace Rlaif.Data.Text;

/// <summary>
/// Bag of words and word pairs by signed feature hashing (Weinberger et al., ICML 2009): no download, no vocabulary to fit, the
/// same vector on every platform. Each distinct n-gram adds 1 + ln(count), with a sign taken from its hash, to one of the
/// dimensions; the sum is scaled to unit length. Figures become one <c>#</c> token (sign and percent kept), so that
/// "up 3.1%" and "up 4.7%" are the same words. Thread-safe.
/// </summary>
public sealed class HashedTextEncoder : ITextEncoder
{
    /// <summary>Dimensions when none are asked for: the guide's <c>text_dim</c>.</summary>
    public const int DefaultDimensions = 768;

    /// <summary>What every <see cref="Id"/> of this encoder starts with; the dimensions follow.</summary>
    public const string IdPrefix = "hashed-ngram-v1/";

    /// <summary>Most dimensions.</summary>
    public const int MaxDimensions = 1 << 20;

    /// <summary>What a <see cref="Spec"/> is, or starts with when dimensions follow.</summary>
    public const string SpecName = "hashed";

    private const int NGramsPerToken = 2;

    /// <summary>Creates the encoder.</summary>
    /// <param name="dimensions">Length of the vectors, 1 to 1,048,576; more means fewer collisions. Default 768.</param>
    public HashedTextEncoder(int dimensions = DefaultDimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        Dimensions = dimensions;
        Id = $"{IdPrefix}{dimensions}";
        Spec = $"{SpecName}:{dimensions}";
    }

    /// <inheritdoc/>
    public string Id { get; }

    /// <inheritdoc/>
    public string Spec { get; }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <inheritdoc/>
    public void Encode(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (destination.Length != Dimensions)
        {
            throw new ArgumentException($"It has {destination.Length} values instead of {Dimensions}.", nameof(destination));
        }

        destination.Clear();

        // A token and its separator take two characters, so this many slots keep the table at most half full.
        int slots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(NGramsPerToken * (text.Length + 1)));
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(slots);
        int[] counts = ArrayPool<int>.Shared.Rent(slots);
        Array.Clear(counts, 0, slots);
        CountNGrams(text, keys.AsSpan(0, slots), counts.AsSpan(0, slots));
        Accumulate(keys.AsSpan(0, slots), counts.AsSpan(0, slots), destination);
        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<int>.Shared.Return(counts);

        Normalize(destination);
    }

    /// <summary>Sums one by one in double precision: a vectorized sum would depend on the width of the machine's registers.</summary>
    private static void Normalize(Span<float> vector)
    {
        double squares = 0;
        foreach (float value in vector)
        {
            squares += (double)value * value;
        }

        if (squares > 0)
        {
            TensorPrimitives.Divide(vector, (float)Math.Sqrt(squares), vector);
        }
    }

    private static void CountNGrams(string text, Span<ulong> keys, Span<int> counts)
    {
        var tokens = new TokenHashReader(text);
        ulong previous = 0;
        bool first = true;
        while (tokens.TryRead(out ulong token))
        {
            Count(token, keys, counts);
            if (!first)
            {
                Count(TokenHashReader.Combine(previous, token), keys, counts);
            }

            previous = token;
            first = false;
        }
    }

    private static void Count(ulong key, Span<ulong> keys, Span<int> counts)
    {
        int mask = keys.Length - 1;
        int slot = (int)key & mask;
        while (counts[slot] > 0 && keys[slot] != key)
        {
            slot = (slot + 1) & mask;
        }

        keys[slot] = key;
        counts[slot]++;
    }

    private static void Accumulate(ReadOnlySpan<ulong> keys, ReadOnlySpan<int> counts, Span<float> destination)
    {
        for (int slot = 0; slot < counts.Length; slot++)
        {
            if (counts[slot] > 0)
            {
                // The high bits choose the dimension, the lowest bit the sign.
                int dimension = (int)Math.BigMul(keys[slot], (ulong)destination.Length, out _);
                float value = (float)(1 + Math.Log(counts[slot]));
                destination[dimension] += (keys[slot] & 1) == 0 ? value : -value;
            }
        }
    }
}
