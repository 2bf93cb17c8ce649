namespace Rlaif.Validation;

/// <summary>
/// The stationary bootstrap (Politis and Romano, 1994): blocks of random, geometrically distributed length, joined end to end on a
/// circle, so that resampled series keep short-run dependence and stay stationary.
/// </summary>
public static class StationaryBootstrap
{
    /// <summary>
    /// The index rule: position i continues the block (previous index + 1, modulo n) when its uniform exceeds
    /// <paramref name="restart"/>, and else takes its own draw.
    /// </summary>
    /// <param name="draws">A uniform index in [0, n) per position.</param>
    /// <param name="uniforms">A uniform number in [0, 1) per position; the first is not used.</param>
    /// <param name="restart">Probability of a new block, 1 / mean block length, in (0, 1].</param>
    public static int[] Indices(ReadOnlySpan<int> draws, ReadOnlySpan<double> uniforms, double restart)
    {
        if (draws.Length != uniforms.Length)
        {
            throw new ArgumentException("There must be one uniform per draw.", nameof(uniforms));
        }

        int[] indices = draws.ToArray();
        for (int i = 1; i < indices.Length; i++)
        {
            if (uniforms[i] > restart)
            {
                indices[i] = (indices[i - 1] + 1) % indices.Length;
            }
        }

        return indices;
    }

    /// <summary>Draws one resample of <paramref name="count"/> positions.</summary>
    /// <param name="count">Length of the series.</param>
    /// <param name="blockLength">Mean block length, at least 1.</param>
    /// <param name="random">Advanced by two draws per position.</param>
    public static int[] Draw(int count, double blockLength, DeterministicRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockLength, 1);
        int[] draws = new int[count];
        double[] uniforms = new double[count];
        for (int i = 0; i < count; i++)
        {
            draws[i] = random.NextInt(count);
            uniforms[i] = random.NextDouble();
        }

        return Indices(draws, uniforms, 1 / blockLength);
    }
}
