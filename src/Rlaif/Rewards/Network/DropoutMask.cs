using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Rlaif.Rewards.Network;

/// <summary>
/// Which activations a training step leaves out (inverted dropout: those that stay are scaled by 1/(1-rate)). Whether element i stays is a hash
/// of i and the step's key, so the mask is the same however the elements are split among registers and threads.
/// </summary>
internal readonly struct DropoutMask
{
    // Constants of the integer hash "lowbias32" (Wellons), after spreading the index by the golden ratio.
    private const uint Spread = 0x9E3779B9;
    private const uint FirstFactor = 0x7FEB352D;
    private const uint SecondFactor = 0x846CA68B;

    private readonly ulong _key;
    private readonly uint _threshold;

    /// <summary>The mask of one step.</summary>
    /// <param name="rate">Fraction left out, in [0, 1).</param>
    /// <param name="key">Random bits of the step.</param>
    public DropoutMask(double rate, ulong key)
    {
        _key = key;
        _threshold = (uint)(rate * uint.MaxValue);
        Scale = (float)(1 / (1 - rate));
    }

    /// <summary>Factor on what stays.</summary>
    public float Scale { get; }

    /// <summary>Number of the candidate in row 0 of the workspace, for a step that takes its candidates in several parts.</summary>
    public int FirstRow { get; init; }

    /// <summary>Rectifies and masks in place: max(x, 0) times the scale, or 0 where left out.</summary>
    /// <param name="values">Consecutive elements of a layer's output.</param>
    /// <param name="layer">The layer: each has its own mask.</param>
    /// <param name="first">Number of the first element.</param>
    [MethodImpl(HotLoop.Options)]
    public void Rectify(Span<float> values, int layer, int first)
    {
        uint key = LayerKey(layer);
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (int i = 0; i < vectors.Length; i++)
        {
            uint start = (uint)(first + (i * Vector<float>.Count));
            Vector<uint> hash = Hash(new Vector<uint>(start) + Vector<uint>.Indices, key);
            Vector<int> keep = Vector.AsVectorInt32(Vector.GreaterThanOrEqual(hash, new Vector<uint>(_threshold)));
            Vector<float> rectified = Vector.Max(vectors[i], Vector<float>.Zero) * Scale;
            vectors[i] = Vector.ConditionalSelect(keep, rectified, Vector<float>.Zero);
        }

        for (int i = vectors.Length * Vector<float>.Count; i < values.Length; i++)
        {
            values[i] = Keeps(layer, first + i) ? Math.Max(values[i], 0) * Scale : 0;
        }
    }

    /// <summary>Whether one element stays.</summary>
    public bool Keeps(int layer, int element)
    {
        uint x = ((uint)element * Spread) ^ LayerKey(layer);
        x = (x ^ (x >> 16)) * FirstFactor;
        x = (x ^ (x >> 15)) * SecondFactor;
        return (x ^ (x >> 16)) >= _threshold;
    }

    private static Vector<uint> Hash(Vector<uint> element, uint key)
    {
        Vector<uint> x = (element * Spread) ^ new Vector<uint>(key);
        x = (x ^ (x >>> 16)) * FirstFactor;
        x = (x ^ (x >>> 15)) * SecondFactor;
        return x ^ (x >>> 16);
    }

    private uint LayerKey(int layer) => (uint)(BitOperations.RotateLeft(_key, 7 * layer) >> 16) + ((uint)layer * FirstFactor);
}
