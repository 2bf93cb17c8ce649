using System.Text;

namespace Rlaif.Data.Documents;

/// <summary>Reads lines of bounded length: what is longer is passed over without being held in memory.</summary>
/// <param name="reader">The text.</param>
/// <param name="longest">The most UTF-16 units that a line may have.</param>
internal sealed class LongLines(TextReader reader, int longest)
{
    private const int BufferSize = 1 << 16;

    private readonly char[] _buffer = new char[BufferSize];
    private int _position;
    private int _length;

    /// <summary>Goes to the next line; false at the end. The line is null when it is too long.</summary>
    internal bool TryRead(out string? line)
    {
        var text = new StringBuilder();
        bool isTooLong = false;
        line = null;
        if (!Fill())
        {
            return false;
        }

        bool ended = false;
        while (!ended && Fill())
        {
            ReadOnlySpan<char> rest = _buffer.AsSpan(_position, _length - _position);
            int end = rest.IndexOf('\n');
            ended = end >= 0;
            ReadOnlySpan<char> part = ended ? rest[..end] : rest;
            isTooLong |= text.Length + part.Length > longest;
            text.Append(isTooLong ? default : part);
            _position += part.Length + (ended ? 1 : 0);
        }

        line = isTooLong ? null : text.ToString();
        return true;
    }

    private bool Fill()
    {
        if (_position == _length)
        {
            _position = 0;
            _length = reader.Read(_buffer);
        }

        return _length > 0;
    }
}
