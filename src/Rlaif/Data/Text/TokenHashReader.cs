namespace Rlaif.Data.Text;

/// <summary>
/// Splits a text into lower-cased words and figures and hands out a 64-bit hash of each, without making a string of any.
/// A word is a letter followed by letters, digits and apostrophes inside it; a figure is digits with separators, an optional sign before
/// and an optional percent sign after, and all figures with the same sign and unit are one token.
/// </summary>
internal ref struct TokenHashReader(ReadOnlySpan<char> text)
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;

    /// <summary>Reads the next token's hash; false at the end.</summary>
    public bool TryRead(out ulong hash)
    {
        while (_position < _text.Length)
        {
            char c = _text[_position];
            if (char.IsLetter(c))
            {
                hash = ReadWord();
                return true;
            }

            if (char.IsAsciiDigit(c))
            {
                hash = ReadFigure();
                return true;
            }

            _position++;
        }

        hash = 0;
        return false;
    }

    /// <summary>The hash of two tokens in this order.</summary>
    public static ulong Combine(ulong first, ulong second) =>
        Finish((System.Numerics.BitOperations.RotateLeft(first, 31) * FnvPrime) ^ second);

    private ulong ReadWord()
    {
        ulong hash = FnvOffset;
        while (WordCharacter(_position) is { } c)
        {
            hash = Append(hash, c);
            _position++;
        }

        return Finish(hash);
    }

    private ulong ReadFigure()
    {
        char sign = _position > 0 && IsSign(_position - 1) ? _text[_position - 1] : '+';
        while (_position < _text.Length && IsInsideFigure(_position))
        {
            _position++;
        }

        ulong hash = Append(FnvOffset, '#');
        if (sign == '-')
        {
            hash = Append(hash, sign);
        }

        if (_position < _text.Length && _text[_position] == '%')
        {
            hash = Append(hash, '%');
            _position++;
        }

        return Finish(hash);
    }

    /// <summary>A minus between words or figures ("5-day", "2-3") is a hyphen; after anything else it is a sign.</summary>
    private readonly bool IsSign(int at) => _text[at] == '-' && (at == 0 || !char.IsLetterOrDigit(_text[at - 1]));

    private readonly bool IsInsideFigure(int at) =>
        char.IsAsciiDigit(_text[at])
        || (
            _text[at] is '.' or ','
            && at + 1 < _text.Length
            && char.IsAsciiDigit(_text[at + 1])
            && char.IsAsciiDigit(_text[at - 1])
        );

    /// <summary>The lower-cased character when it belongs to a word; an apostrophe does before a letter, a closing quote does not.</summary>
    private readonly char? WordCharacter(int at)
    {
        if (at >= _text.Length)
        {
            return null;
        }

        char c = _text[at];
        bool apostrophe = (c is '\'' or '\u2019') && at + 1 < _text.Length && char.IsLetter(_text[at + 1]);
        return apostrophe ? '\''
            : char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c)
            : null;
    }

    /// <summary>FNV-1a over the two bytes of a UTF-16 unit, low byte first.</summary>
    private static ulong Append(ulong hash, char c) => (((hash ^ (byte)c) * FnvPrime) ^ (byte)(c >> 8)) * FnvPrime;

    /// <summary>The finalizer of MurmurHash3 (Appleby): every input bit reaches every output bit.</summary>
    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }
}
