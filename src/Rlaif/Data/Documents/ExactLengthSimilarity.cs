using Lucene.Net.Search.Similarities;

namespace Rlaif.Data.Documents;

/// <summary>
/// BM25 (Robertson and Zaragoza, 2009; k1 = 1.2, b = 0.75) that stores the length of a passage as it is. Lucene rounds lengths to a
/// few steps because documents may be of any size; a passage fits into the byte, and longer ones count as 255 words.
/// </summary>
internal sealed class ExactLengthSimilarity : BM25Similarity
{
    /// <summary>The length from a stored norm.</summary>
    internal static int Length(long norm) => (int)(norm & byte.MaxValue);

    /// <inheritdoc/>
    protected override byte EncodeNormValue(float boost, int fieldLength) => (byte)Math.Min(fieldLength, byte.MaxValue);

    /// <inheritdoc/>
    protected override float DecodeNormValue(byte b) => b;
}
