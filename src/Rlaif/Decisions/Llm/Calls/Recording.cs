using System.Collections.Concurrent;
using System.Text.Json;
using Rlaif.Data;

namespace Rlaif.Decisions.Llm.Calls;

/// <summary>
/// Replies of language models in a file that can be shared: UTF-8 JSON lines, one call each, only ever appended to. It holds no prompt, no
/// key and no header. Each reply is on the disk before it is used, and what a kill left of a last line is dropped. Safe to use from several
/// threads; one process may write a file at a time, any number may read it meanwhile.
/// </summary>
public sealed class Recording : IDisposable
{
    private const byte LineFeed = (byte)'\n';

    // Header and trailer (RFC 1952).
    private const int ShortestGzip = 18;

    private readonly ConcurrentDictionary<string, RecordedCall> _calls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _subjects = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private FileStream? _lockFile;
    private FileStream? _file;

    private Recording(string path) => FilePath = path;

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Calls in it.</summary>
    public int Count => _calls.Count;

    private bool IsCompressed => FilePath.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a recording to read it; a name that ends in <c>.gz</c> is decompressed.</summary>
    /// <exception cref="RlaifInputException">There is no such file, or a line of it is damaged.</exception>
    public static Task<Recording> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(new Recording(path), writable: false, cancellationToken);

    /// <summary>Opens a recording to read it and to add to it, creating file and folder when needed.</summary>
    /// <exception cref="RlaifInputException">Another process writes it, it is compressed, or a line of it is damaged.</exception>
    public static Task<Recording> AppendAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(new Recording(path), writable: true, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _lockFile?.Dispose();
    }

    /// <summary>The reply of a call; null when it is not recorded.</summary>
    internal RecordedCall? Find(string fingerprint) => _calls.GetValueOrDefault(fingerprint);

    /// <summary>Whether anything is recorded for a subject.</summary>
    internal bool HasSubject(string subject) => _subjects.ContainsKey(subject);

    /// <summary>Adds a reply; it is on the disk when this returns. A call that is there already stays as it is.</summary>
    /// <exception cref="RlaifInputException">It cannot be written; the file is as it was.</exception>
    internal void Add(RecordedCall call)
    {
        byte[] line = call.ToLine();
        lock (_writing)
        {
            FileStream file = _file ?? throw new InvalidOperationException("This recording was opened to be read.");
            if (_calls.ContainsKey(call.Fingerprint))
            {
                return;
            }

            long end = file.Length;
            try
            {
                file.Position = end;
                file.Write(line);
                file.Flush(flushToDisk: true);
            }
            catch (IOException e)
            {
                file.SetLength(end);
                throw new RlaifInputException($"Cannot write the recording '{FilePath}': {e.Message}", e);
            }

            Keep(call);
        }
    }

    private static async Task<Recording> OpenAsync(Recording recording, bool writable, CancellationToken cancellationToken)
    {
        try
        {
            if (writable)
            {
                recording.OpenFile();
            }

            recording.Load(await recording.ReadAsync(cancellationToken));
            return recording;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            recording.Dispose();
            throw new RlaifInputException($"Cannot open the recording '{recording.FilePath}': {e.Message}", e);
        }
        catch
        {
            recording.Dispose();
            throw;
        }
    }

    private void OpenFile()
    {
        if (IsCompressed)
        {
            throw new RlaifInputException(
                $"The recording '{FilePath}' is compressed: it can be replayed, not added to. Decompress it first, or give another file."
            );
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(FilePath))!);
        try
        {
            // A file of its own, because a lock on the recording would keep readers out. It stays: whoever deletes it races whoever opens it.
            _lockFile = new FileStream(FilePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new RlaifInputException(
                $"Cannot record into '{FilePath}': {e.Message}"
                    + Environment.NewLine
                    + "One run at a time can record into a file: wait for the other, or give this one a file of its own.",
                e
            );
        }

        _file = new FileStream(FilePath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(FilePath))
        {
            throw new RlaifInputException($"There is no recording '{FilePath}'. Make one with --llm record.");
        }

        await using var file = new FileStream(FilePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (IsCompressed && file.Length < ShortestGzip)
        {
            throw new InvalidDataException("the compressed data is cut off");
        }

        await using Stream content = IsCompressed ? new GzipContent(file) : file;
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private void Load(ReadOnlyMemory<byte> content)
    {
        int start = 0;
        for (int number = 1; start < content.Length; number++)
        {
            int length = content.Span[start..].IndexOf(LineFeed);
            if (length < 0)
            {
                LoadLast(content.Span[start..], start);
                return;
            }

            ReadOnlySpan<byte> line = content.Span.Slice(start, length);
            start += length + 1;
            try
            {
                if (!line.Trim(" \t\r"u8).IsEmpty)
                {
                    Keep(RecordedCall.Parse(line));
                }
            }
            catch (JsonException e)
            {
                throw new RlaifInputException($"{FilePath}, line {number} is no recorded call: {e.Message}", e);
            }
        }
    }

    // Without its line feed a last line was cut by a kill, or an editor did not end it. What is whole was paid for and stays.
    private void LoadLast(ReadOnlySpan<byte> line, int start)
    {
        try
        {
            Keep(RecordedCall.Parse(line));
            if (_file is { } file)
            {
                file.Position = file.Length;
                file.WriteByte(LineFeed);
            }
        }
        catch (JsonException) when (!IsCompressed)
        {
            _file?.SetLength(start);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("the compressed data is cut off", e);
        }
    }

    private void Keep(RecordedCall call)
    {
        _calls.TryAdd(call.Fingerprint, call);
        _subjects.TryAdd(call.Subject, true);
    }
}
