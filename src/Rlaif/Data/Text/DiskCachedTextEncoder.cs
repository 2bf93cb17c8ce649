using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Rlaif.Data.Text;

/// <summary>
/// Remembers the vectors of another encoder in a file, keyed by SHA-256 of the encoder's id (which has its version) and the text. Several
/// encoders, threads and processes may share the file. Gives exactly what the other encoder gives: every vector is stored with a checksum,
/// one that fails it is made anew, and a file that is damaged is begun again; both are told as warnings.
/// </summary>
public sealed class DiskCachedTextEncoder : ITextEncoder
{
    // What is done is stored at least this often, so that little is lost when a run is stopped.
    private const int TextsPerStep = 512;
    private const int ChecksumBytes = 8;

    private readonly ITextEncoder _encoder;
    private readonly VectorFile _file;
    private readonly Action<string> _warn;
    private readonly Lock _gate = new();
    private long _hits;
    private long _misses;

    /// <summary>Puts a memory in a file before an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="path">The SQLite file; made when it is not there.</param>
    /// <param name="warn">Told when the file is damaged or cannot be used; null to be told nothing.</param>
    public DiskCachedTextEncoder(ITextEncoder encoder, string path, Action<string>? warn = null)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _encoder = encoder;
        _warn = warn ?? (_ => { });
        _file = new VectorFile(path, _warn);
    }

    /// <inheritdoc/>
    public string Id => _encoder.Id;

    /// <inheritdoc/>
    public string? Spec => _encoder.Spec;

    /// <inheritdoc/>
    public int Dimensions => _encoder.Dimensions;

    /// <summary>Texts whose vector was in the file.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Texts that had to be encoded.</summary>
    public long Misses => Interlocked.Read(ref _misses);

    /// <inheritdoc/>
    public void Encode(string text, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(text);
        float[] vector = new float[Dimensions];
        EncodeAll([text], vector);
        vector.CopyTo(destination);
    }

    /// <inheritdoc/>
    public void EncodeAll(
        IReadOnlyList<string> texts,
        Memory<float> destination,
        int threads = 1,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(texts);
        byte[][] keys = [.. texts.Select(KeyOf)];
        int[] missing = Read(keys, destination);
        Interlocked.Add(ref _hits, texts.Count - missing.Length);
        Interlocked.Add(ref _misses, missing.Length);

        // Texts of like length are quicker together.
        int done = texts.Count - missing.Length;
        foreach (int[] step in missing.OrderBy(i => texts[i].Length).Chunk(TextsPerStep))
        {
            float[] vectors = new float[step.Length * Dimensions];
            IProgress<int>? steps = progress is null ? null : new Shifted(progress, done);
            _encoder.EncodeAll([.. step.Select(i => texts[i])], vectors, threads, steps, cancellationToken);
            for (int row = 0; row < step.Length; row++)
            {
                Row(vectors, row).CopyTo(Row(destination, step[row]));
            }

            lock (_gate)
            {
                _file.Write(step.Select((i, row) => (keys[i], Sealed(keys[i], Row(vectors, row).Span))));
            }

            done += step.Length;
        }

        progress?.Report(texts.Count);
    }

    /// <inheritdoc/>
    public bool IsTruncated(string text) => _encoder.IsTruncated(text);

    /// <summary>Copies what is there, and tells which texts are not.</summary>
    private int[] Read(byte[][] keys, Memory<float> destination)
    {
        byte[]?[] found;
        lock (_gate)
        {
            found = _file.Read(keys);
        }

        var missing = new List<int>();
        int damaged = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (found[i] is null || !TryOpen(keys[i], found[i]!, Row(destination, i).Span))
            {
                missing.Add(i);
                damaged += found[i] is null ? 0 : 1;
            }
        }

        if (damaged > 0)
        {
            _warn($"{_file.Path}: {damaged} stored vectors are damaged; they are made anew");
        }

        return [.. missing];
    }

    private Memory<float> Row(Memory<float> vectors, int row) => vectors.Slice(row * Dimensions, Dimensions);

    private byte[] KeyOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"{Id}\n{text}"));

    /// <summary>The vector's bytes, and a checksum over key and vector behind them.</summary>
    private static byte[] Sealed(byte[] key, ReadOnlySpan<float> vector)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(vector);
        return [.. bytes, .. Checksum(key, bytes)];
    }

    private static bool TryOpen(byte[] key, byte[] stored, Span<float> vector)
    {
        Span<byte> destination = MemoryMarshal.AsBytes(vector);
        if (stored.Length != destination.Length + ChecksumBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = stored.AsSpan(0, destination.Length);
        bytes.CopyTo(destination);
        return stored.AsSpan(destination.Length).SequenceEqual(Checksum(key, bytes));
    }

    private static ReadOnlySpan<byte> Checksum(byte[] key, ReadOnlySpan<byte> vector)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(key);
        hash.AppendData(vector);
        return hash.GetHashAndReset().AsSpan(0, ChecksumBytes);
    }

    private sealed class Shifted(IProgress<int> progress, int by) : IProgress<int>
    {
        public void Report(int value) => progress.Report(by + value);
    }
}
