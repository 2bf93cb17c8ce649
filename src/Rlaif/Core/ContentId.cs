using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Rlaif.Core;

/// <summary>Makes identifiers that are pure functions of content, so that repeating a stage repeats its ids.</summary>
public static class ContentId
{
    private const int IdBytes = 10;

    /// <summary>
    /// Hashes <paramref name="parts"/> into an id such as <c>ctx_1f0c9a5b22d4e6f70811</c>: the prefix, an underscore and
    /// 80 bits of SHA-256 in lower-case hex. Parts are length-prefixed, so ("ab","c") and ("a","bc") differ.
    /// </summary>
    public static string Create(string prefix, params ReadOnlySpan<string> parts)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        return $"{prefix}_{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdBytes))}";
    }

    /// <summary>The full SHA-256 of a UTF-8 text, in lower-case hex.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
