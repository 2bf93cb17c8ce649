using System.Globalization;
using System.Text;

namespace Rlaif.Decisions.Llm.Roles;

/// <summary>
/// Reads the words out of a JSON reply while it is still growing: the strings of a few properties, unescaped, one paragraph each. It never
/// fails; from text that is no such reply it reads what looks like one, or nothing.
/// </summary>
internal sealed class PartialReply
{
    private const int UnicodeDigits = 4;

    private static readonly HashSet<string> Shown = new(StringComparer.Ordinal)
    {
        "reasoning",
        "analysis",
        "statement",
        "main_risk",
    };

    private readonly StringBuilder _words = new();
    private readonly StringBuilder _name = new();
    private int _position;
    private int _depth;
    private int _unicode;
    private int _digitsLeft;
    private bool _inString;
    private bool _isName;
    private bool _escaped;
    private bool _expectsName;

    /// <summary>The words so far; each call gets the whole text so far.</summary>
    internal string Read(string textSoFar)
    {
        for (; _position < textSoFar.Length; _position++)
        {
            char c = textSoFar[_position];
            if (_inString)
            {
                InString(c);
            }
            else
            {
                Structure(c);
            }
        }

        return _words.ToString().Trim();
    }

    private void Structure(char c)
    {
        switch (c)
        {
            case '{' or '[':
                _depth++;
                _expectsName = c == '{';
                break;
            case '}' or ']':
                _depth = Math.Max(_depth - 1, 0);
                break;
            case ',':
                _expectsName = _depth == 1;
                break;
            case ':':
                _expectsName = false;
                break;
            case '"' when _depth > 0:
                Begin();
                break;
            default:
                break;
        }
    }

    private void Begin()
    {
        _inString = true;
        _isName = _expectsName && _depth == 1;
        if (_isName)
        {
            _name.Clear();
        }
        else if (IsShown && _words.Length > 0)
        {
            _words.Append('\n');
        }
    }

    private void InString(char c)
    {
        if (_digitsLeft > 0)
        {
            bool isHex = int.TryParse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int digit);
            _unicode = (_unicode << UnicodeDigits) | (isHex ? digit : 0);
            if (--_digitsLeft == 0)
            {
                Append((char)_unicode);
            }
        }
        else if (_escaped)
        {
            _escaped = false;
            Unescape(c);
        }
        else if (c == '\\')
        {
            _escaped = true;
        }
        else if (c == '"')
        {
            _inString = false;
        }
        else
        {
            Append(c);
        }
    }

    private void Unescape(char c)
    {
        if (c == 'u')
        {
            (_unicode, _digitsLeft) = (0, UnicodeDigits);
            return;
        }

        Append(c is 'n' or 'r' or 't' or 'b' or 'f' ? ' ' : c);
    }

    private bool IsShown => _depth is 1 or 2 && Shown.Contains(_name.ToString());

    private void Append(char c)
    {
        if (_isName)
        {
            _name.Append(c);
        }
        else if (IsShown)
        {
            _words.Append(c);
        }
    }
}
