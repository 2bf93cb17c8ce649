namespace Rlaif.Data;

/// <summary>
/// Hands a file to the CSV parser such that every line is one record: a quote that a line leaves open is turned into an apostrophe,
/// because no bar spans lines and an open quote would swallow the rest of the file. Row numbers are therefore line numbers.
/// </summary>
internal sealed class LineReader(TextReader inner) : TextReader
{
    private string _line = string.Empty;
    private int _position;
    private bool _ended;
    private Exception? _broken;

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (_broken is { } broken)
        {
            throw broken;
        }

        int written = 0;
        while (written < buffer.Length && (_position < _line.Length || NextLine()))
        {
            int length = Math.Min(buffer.Length - written, _line.Length - _position);
            _line.AsSpan(_position, length).CopyTo(buffer[written..]);
            written += length;
            _position += length;
        }

        // What was read before the file broke off comes first, its error with the next call.
        return written > 0 || _broken is null ? written : throw _broken;
    }

    public override int Peek() => _position < _line.Length || NextLine() ? _line[_position] : -1;

    public override int Read() => Peek() < 0 ? -1 : _line[_position++];

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool NextLine()
    {
        if (_ended || ReadLine(inner) is not { } line)
        {
            _ended = true;
            return false;
        }

        int quotes = line.AsSpan().Count('"');
        _line = (quotes % 2 == 0 ? line : line.Replace('"', '\'')) + "\n";
        _position = 0;
        return true;
    }

    private string? ReadLine(TextReader reader)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            _broken = e;
            return null;
        }
    }
}
