using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Rlaif.Core;

/// <summary>
/// The only source of chance in the library: xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64.
/// Its sequence is fixed by the seed on every platform and runtime. Not thread-safe: <see cref="Fork"/> one per unit of work.
/// </summary>
public sealed class DeterministicRandom
{
    private readonly ulong _seed;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the sequence that belongs to <paramref name="seed"/>; any value is a good seed.</summary>
    public DeterministicRandom(ulong seed)
    {
        _seed = seed;
        ulong state = seed;
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <inheritdoc cref="DeterministicRandom(ulong)"/>
    public DeterministicRandom(int seed)
        : this(unchecked((ulong)seed)) { }

    /// <summary>
    /// An independent generator for a named unit of work. It depends on the seed and the key alone, not on how many numbers
    /// were drawn before, so work may run in any order and on any number of threads.
    /// </summary>
    public DeterministicRandom Fork(string key)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_seed:x16}/{key}"));
        return new DeterministicRandom(BinaryPrimitives.ReadUInt64LittleEndian(hash));
    }

    /// <summary>64 uniform random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>), without modulo bias.</summary>
    public int NextInt(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        ulong range = (ulong)exclusiveMax;
        ulong limit = ulong.MaxValue - (ulong.MaxValue % range);
        ulong bits;
        do
        {
            bits = NextBits();
        } while (bits >= limit);

        return (int)(bits % range);
    }

    /// <summary>A standard normal draw (Box and Muller, 1958).</summary>
    public double NextGaussian()
    {
        double u = 1.0 - NextDouble();
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * NextDouble());
    }

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
