using System.Buffers.Binary;
using System.IO.Compression;

namespace Rlaif.Data;

/// <summary>
/// The content of a gzip file, which notices when the file is cut off: the runtime's own stream ends there as if all were well. The
/// last four bytes of a whole file are the length of its content (of its last part, when several were joined).
/// </summary>
internal sealed class GzipContent : Stream
{
    private readonly Stream _file;
    private readonly GZipStream _zip;
    private long _length;

    internal GzipContent(Stream file)
    {
        _file = file;
        _zip = new GZipStream(file, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int read = _zip.Read(buffer);
        _length += read;
        if (read == 0 && buffer.Length > 0 && _length < StatedLength())
        {
            throw new InvalidDataException("the compressed data is cut off");
        }

        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _zip.Dispose();
        }

        base.Dispose(disposing);
    }

    private uint StatedLength()
    {
        Span<byte> trailer = stackalloc byte[sizeof(uint)];
        if (_file.Length < trailer.Length)
        {
            return 0;
        }

        long position = _file.Position;
        _file.Position = _file.Length - trailer.Length;
        _file.ReadExactly(trailer);
        _file.Position = position;
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }
}
